"""`python -m notebooks.run`: execute the notebooks on the warehouse.

The sources are the `.py` files (jupytext, percent format). Each becomes a
`.ipynb` with its outputs in `$PLATEIA_HOME/notebooks`; with `--update`, the
committed one beside its source, for which only the real data will do.
"""

import argparse
import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config

from models_ml.data_kind import DataKind
from models_ml.settings import PROJECT, load_settings
from notebooks.warehouse import data_kind

FOLDER: Final = PROJECT / "notebooks"
#: What the notebooks import from here; their outputs depend on it too.
MODULES: Final = (
    "bucket.py",
    "examples.py",
    "portuguese.py",
    "service.py",
    "style.py",
    "warehouse.py",
)
#: Under which of a notebook's metadata the runner keeps its own.
METADATA: Final = "plateia"
_SECONDS: Final = 300
#: Notebooks that cannot do without ages; without women and men as well.
_OF_AGE: Final = ("00_enunciado", "01_dados")
_OF_GENDER_AND_AGE: Final = ("03_gostos", "05_modelo_filme", "07_api")
#: Data that the notebooks can be run on and were not written about.
_OTHER_DATA: Final = {
    DataKind.ML_100K: "MovieLens 100K",
    DataKind.OWN_TABLES: "tabelas próprias",
}
_PATH_OF_A_MACHINE: Final = re.compile(
    r"(?<![\w.])/(?:home|root|tmp|usr|var|work|opt|Users|private)/"
)


class NotebookFailed(RuntimeError):  # noqa: N818 - named as in models_ml
    """A notebook ran, but what it shows cannot be kept."""


def sources() -> list[Path]:
    """The notebooks' sources in order of their numbers."""
    return sorted(FOLDER.glob("[0-9][0-9]_*.py"))


def read_cells(path: Path) -> list[tuple[str, str]]:
    """Kind and text of each cell of a `.py` or an `.ipynb`."""
    return [
        (cell.cell_type, cell.source) for cell in jupytext.read(path).cells
    ]


def code_digest(cells: list[tuple[str, str]]) -> str:
    """SHA-256 over the code cells and the modules they import."""
    parts = [text for kind, text in cells if kind == "code"]
    parts += [(FOLDER / name).read_text("utf-8") for name in MODULES]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def execute(source: Path, target: Path) -> None:
    """Run `source` in a fresh kernel and write `target` with its outputs.

    The kernel reads the warehouse that PLATEIA_HOME names. Raises nbclient's
    CellExecutionError when a cell fails, and NotebookFailed when the outputs
    hold a warning or a path of this machine.
    """
    notebook = jupytext.read(source)
    digest = code_digest(read_cells(source))
    # Ids are drawn at random when read; fixed ones keep the diffs small.
    for place, cell in enumerate(notebook.cells):
        cell.id = f"cell-{place}"
        if cell.cell_type == "code":
            # What a cell shows comes first; its code unfolds on a click.
            cell.metadata["jupyter"] = {"source_hidden": True}
    with tempfile.TemporaryDirectory(prefix="plateia-") as own:
        _run(notebook, own)
    if problems := problems_of(notebook):
        raise NotebookFailed(f"{source.name} shows {problems[0]}")
    kind = data_kind(load_settings())
    is_generated = kind is DataKind.GENERATED
    if kind in _OTHER_DATA:
        notebook.cells.insert(0, _of_other_data(kind))
    notebook.metadata = {
        "jupytext": {"formats": "ipynb,py:percent"},
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        METADATA: {"code_digest": digest, "data_generated": is_generated},
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)


def _of_other_data(kind: DataKind) -> NotebookNode:
    """What a reader must know of numbers that the prose is not about."""
    return nbformat.v4.new_markdown_cell(
        f"> ⚠️ **Outros dados: {_OTHER_DATA[kind]}.** As tabelas, as figuras "
        "e as conclusões são desses dados. O texto entre elas foi "
        "escrito sobre o MovieLens 1M.",
        id="other-data",
    )


def _run(notebook: NotebookNode, own: str) -> None:
    """Fill in the outputs; `own` is a folder for the kernel's files."""
    # Sockets in a folder of ours: nobody else can reach the kernel.
    sockets = {"transport": "ipc", "ip": f"{own}/kernel"}
    client = NotebookClient(
        notebook,
        timeout=_SECONDS,
        kernel_name="python3",
        record_timing=False,
        config=Config({"KernelManager": sockets}),
        resources={"metadata": {"path": str(FOLDER)}},
    )
    # No setting or history of the person who runs this enters.
    client.execute(env=os.environ | {"IPYTHONDIR": own})


def problems_of(notebook: NotebookNode) -> list[str]:
    """What the outputs show that they should not: warnings, local paths."""
    problems = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                problems.append(f"a warning: {output.text}")
            if output.output_type == "error":
                problems.append(f"an error: {output.ename}")
    for text in output_texts(notebook):
        if path := _PATH_OF_A_MACHINE.search(text):
            near = text[max(path.start() - 60, 0) : path.end() + 60]
            problems.append(f"a path of a machine: {near}")
    return problems


def output_texts(notebook: NotebookNode) -> Iterator[str]:
    """All that the cells of a notebook show, but for pictures."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield str(output.get("text", ""))
            for kind, value in output.get("data", {}).items():
                if kind.startswith("text/"):
                    yield str(value)


def main() -> int:
    """Run the notebooks that the command line names, or all of them."""
    options = _parse_arguments()
    settings = load_settings()
    if not settings.warehouse.is_file():
        print(
            f"no warehouse at {settings.warehouse}: run `make build` first",
            file=sys.stderr,
        )
        return 1
    if options.update and data_kind(load_settings()) is not DataKind.ML_1M:
        print(
            "the committed notebooks show the real MovieLens 1M; the "
            f"warehouse in {settings.home} does not come from it",
            file=sys.stderr,
        )
        return 1
    folder = options.output or settings.home / "notebooks"
    folder = FOLDER if options.update else folder
    left_out = _left_out(settings.warehouse)
    for source in _chosen(options.names):
        if source.stem in left_out:
            why = left_out[source.stem]
            print(f"{source.name}: left out, since the data do not tell {why}")
            continue
        target = folder / f"{source.stem}.ipynb"
        execute(source, target)
        print(f"{source.name} -> {target}", flush=True)
    return 0


def _left_out(warehouse: Path) -> dict[str, str]:
    """Notebooks that the data are too little for, and what they lack."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        row = connection.execute(
            """
            select
                count(*) filter (dimension = 'gender' and name in ('F', 'M')),
                count(*) filter (
                    dimension = 'age_group' and lowest is not null
                )
            from marts.dim_levels
            where n > 0
            """
        ).fetchone()
    n_genders, n_ages = row or (0, 0)
    left_out: dict[str, str] = {}
    if not n_ages:
        left_out |= dict.fromkeys(_OF_AGE, "ages")
    if not n_ages or n_genders < 2:
        lacking = "women, men and ages"
        left_out |= dict.fromkeys(_OF_GENDER_AND_AGE, lacking)
    return left_out


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m notebooks.run", description="execute the notebooks"
    )
    parser.add_argument("names", nargs="*", help="such as 01_dados; all")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help="where they go (default: $PLATEIA_HOME/notebooks)",
    )
    where.add_argument(
        "--update",
        action="store_true",
        help="write the committed notebooks (real data only)",
    )
    return parser.parse_args()


def _chosen(names: list[str]) -> list[Path]:
    by_name = {path.stem: path for path in sources()}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise SystemExit(
            f"no notebook {unknown[0]!r}: there are {', '.join(by_name)}"
        )
    return [by_name[name] for name in names or by_name]


if __name__ == "__main__":
    sys.exit(main())
