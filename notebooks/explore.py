"""`python -m notebooks.explore`: the warehouse at a prompt, read-only.

DuckDB's own command line is preferred. Where there is none that can read the
file, IPython, which the notebooks bring along, takes its place: editing,
history and completion come with it.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
from IPython import start_ipython
from IPython.core.error import UsageError
from IPython.core.getipython import get_ipython
from traitlets.config import Config

from models_ml.settings import PROJECT, load_settings
from notebooks.warehouse import connect, naming_home

PAGE: Final = PROJECT / "docs" / "explore.md"
_QUERY: Final = re.compile(
    r"^## (?P<number>\d+)\. (?P<question>.+?)\n.*?```sql\n(?P<sql>.*?)```",
    re.MULTILINE | re.DOTALL,
)
#: What SQL begins with and a line of Python does not.
_BARE_SQL: Final = re.compile(
    r"(?:select|describe|summarize|show|explain)\s+[^\s=(.]"
    r"|with\s+\w+\s+as\s+\("
    r"|from\s+(?!.*\bimport\b)\w",
    re.IGNORECASE,
)
_MAX_ROWS: Final = 100
_BANNER: Final = """\
The warehouse is open, read-only, as `con`.
  select …         run a query (%%sql for one of many lines)
  %ask             the ready queries of docs/explore.md; %ask 5 runs the fifth
"""


@dataclass(frozen=True)
class Query:
    """A ready query of the page."""

    number: int
    question: str
    sql: str


def read_queries(page: Path = PAGE) -> list[Query]:
    """The queries of the page, in its order."""
    return [
        Query(int(match["number"]), match["question"], match["sql"].strip())
        for match in _QUERY.finditer(page.read_text("utf-8"))
    ]


def find_cli(warehouse: Path) -> str | None:
    """DuckDB's command line, if there is one that can read the warehouse."""
    path = shutil.which("duckdb")
    if path is None:
        return None
    tried = subprocess.run(
        [path, "-readonly", str(warehouse), "select 1"],
        capture_output=True,
        check=False,
    )
    return path if tried.returncode == 0 else None


def _open_cli(cli: str, warehouse: Path, home: Path) -> None:
    named = naming_home(home)
    arguments = [cli, "-readonly", str(warehouse), "-cmd", named]
    os.execv(cli, arguments)  # noqa: S606 - the user's own duckdb


def _open_ipython() -> None:
    con = connect()
    config = Config()
    config.InteractiveShellApp.exec_lines = [
        "from notebooks.explore import add_commands; add_commands(con)"
    ]
    config.TerminalInteractiveShell.banner1 = _BANNER
    start_ipython(argv=[], config=config, user_ns={"con": con})


def add_commands(con: duckdb.DuckDBPyConnection) -> None:
    """Add `%sql`, `%ask` and bare queries to the running IPython."""
    shell: Any = get_ipython()

    def sql(line: str, cell: str = "") -> None:
        _show(con, f"{line}\n{cell}")

    def ask(line: str) -> None:
        queries = {str(query.number): query for query in read_queries()}
        if line.strip() not in queries:
            for query in queries.values():
                print(f"{query.number:3}  {query.question}")
            return
        query = queries[line.strip()]
        print(f"{query.question}\n\n{query.sql}\n")
        _show(con, query.sql)

    shell.input_transformers_cleanup.append(bare_sql)
    shell.register_magic_function(sql, "line_cell", "sql")
    shell.register_magic_function(ask, "line", "ask")


def bare_sql(lines: list[str]) -> list[str]:
    """Python for what was typed: a query becomes a call of `%sql`."""
    text = "".join(lines).strip()
    if not _BARE_SQL.match(text):
        return lines
    return [f"get_ipython().run_line_magic('sql', {text!r})\n"]


def _show(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    try:
        relation = con.sql(sql)
        if relation is not None:
            width = shutil.get_terminal_size().columns
            relation.show(max_rows=_MAX_ROWS, max_width=width)
    except duckdb.Error as error:
        # Only what DuckDB says, without the way that led there.
        raise UsageError(str(error)) from None


def main() -> int:
    """Open the warehouse of PLATEIA_HOME."""
    settings = load_settings()
    if not settings.warehouse.is_file():
        print(
            f"no warehouse at {settings.warehouse}: run `make build` first",
            file=sys.stderr,
        )
        return 1
    cli = find_cli(settings.warehouse)
    if cli is not None:
        _open_cli(cli, settings.warehouse, settings.home)
    _open_ipython()
    return 0


if __name__ == "__main__":
    sys.exit(main())
