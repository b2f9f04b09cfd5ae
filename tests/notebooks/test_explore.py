"""Every ready query runs, and the prompt opens on the warehouse."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from notebooks.explore import Query, bare_sql, find_cli, read_queries
from tests.conftest import PROJECT, environment_of

QUERIES = read_queries()
#: No line of the sample is rejected.
MAY_BE_EMPTY = {17}


def test_queries_are_numbered_in_order() -> None:
    assert [query.number for query in QUERIES] == list(
        range(1, len(QUERIES) + 1)
    )
    assert len(QUERIES) >= 12


def test_every_sql_block_of_the_page_is_a_query() -> None:
    page = (PROJECT / "docs" / "explore.md").read_text("utf-8")
    assert page.count("```sql") == len(QUERIES)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.question)
def test_query_runs_on_the_sample(query: Query, sample_home: Path) -> None:
    with duckdb.connect(
        sample_home / "warehouse.duckdb", read_only=True
    ) as con:
        con.execute(f"set variable home = '{sample_home}'")
        rows = con.sql(query.sql).fetchall()
    assert rows or query.number in MAY_BE_EMPTY


def test_ipython_answers_ready_queries_and_sql(sample_home: Path) -> None:
    done = explore(sample_home, "%ask 2\n%sql select 40 + 2 as answer\n%ask\n")
    assert "select\n    rating_class" in done.stdout
    assert "42" in done.stdout
    assert QUERIES[-1].question in done.stdout
    assert done.returncode == 0, done.stderr


def test_a_bare_query_is_sql(sample_home: Path) -> None:
    done = explore(sample_home, "select 40 + 2 as answer\nprint(6 * 7 * 2)\n")
    assert "answer" in done.stdout
    assert "84" in done.stdout
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("typed", "is_sql"),
    [
        ("select 1", True),
        ("SELECT title\nfrom marts.dim_movies", True),
        ("from marts.dim_users limit 3;", True),
        ("with a as (select 1) from a", True),
        ("describe marts.dim_users", True),
        ("from pathlib import Path", False),
        ("with open(path) as file:\n    file.read()", False),
        ("select = 3", False),
        ("show(con)", False),
        ("selected", False),
    ],
)
def test_python_stays_python(typed: str, is_sql: bool) -> None:
    lines = typed.splitlines(keepends=True)
    assert (bare_sql(lines) != lines) == is_sql


def test_the_prompt_cannot_write(sample_home: Path) -> None:
    done = explore(sample_home, "%sql create table marts.mine as select 1\n")
    assert "read-only mode" in done.stdout + done.stderr


def test_says_what_to_do_without_a_warehouse(tmp_path: Path) -> None:
    done = explore(tmp_path, "")
    assert done.returncode == 1
    assert "make build" in done.stderr


@pytest.mark.parametrize(("status", "is_used"), [(0, True), (1, False)])
def test_cli_is_used_only_if_it_reads_the_warehouse(
    status: int,
    is_used: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cli = tmp_path / "duckdb"
    cli.write_text(f"#!/bin/sh\nexit {status}\n")
    cli.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    path = find_cli(tmp_path / "warehouse.duckdb")
    assert path == (str(cli) if is_used else None)


def explore(home: Path, typed: str) -> subprocess.CompletedProcess[str]:
    environment = environment_of(home, "sample")
    # Without any command line of DuckDB.
    environment["PATH"] = str(Path(sys.executable).parent)
    environment["IPYTHONDIR"] = str(home / "ipython")
    return subprocess.run(
        [sys.executable, "-m", "notebooks.explore"],
        cwd=PROJECT,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
