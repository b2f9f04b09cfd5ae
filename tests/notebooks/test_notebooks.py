"""The notebooks run, and the committed ones show what their code gives."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from nbformat import NotebookNode

from api.pages.colours import page_colours
from models_ml.source.movielens_levels import MOVIELENS_1M
from notebooks import style
from notebooks.portuguese import in_portuguese
from notebooks.run import (
    METADATA,
    NotebookFailed,
    code_digest,
    execute,
    output_texts,
    problems_of,
    read_cells,
    sources,
)
from tests.conftest import PROJECT, environment_of

MAX_BYTES = 400_000
SOURCES = sources()


def committed(source: Path) -> NotebookNode:
    return nbformat.read(source.with_suffix(".ipynb"), as_version=4)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
class TestCommitted:
    def test_cells_are_those_of_the_source(self, source: Path) -> None:
        shown = read_cells(source.with_suffix(".ipynb"))
        assert shown == read_cells(source), "run python -m notebooks.run"

    def test_outputs_are_not_older_than_the_code(self, source: Path) -> None:
        recorded = committed(source).metadata[METADATA]["code_digest"]
        assert recorded == code_digest(read_cells(source)), (
            "run `python -m notebooks.run --update` on the real data"
        )

    def test_outputs_come_from_the_real_data(self, source: Path) -> None:
        assert committed(source).metadata[METADATA]["data_generated"] is False

    def test_every_code_cell_ran_in_order(self, source: Path) -> None:
        counts = [
            cell.execution_count
            for cell in committed(source).cells
            if cell.cell_type == "code"
        ]
        assert counts == list(range(1, len(counts) + 1))

    def test_shows_no_warning_and_no_local_path(self, source: Path) -> None:
        assert problems_of(committed(source)) == []

    def test_is_small(self, source: Path) -> None:
        assert source.with_suffix(".ipynb").stat().st_size < MAX_BYTES

    def test_lists_no_ratings_of_a_person(self, source: Path) -> None:
        for text in output_texts(committed(source)):
            assert "user_id" not in text

    def test_opens_with_an_english_summary(self, source: Path) -> None:
        first = committed(source).cells[0]
        assert first.cell_type == "markdown"
        assert "English summary:" in first.source

    def test_opens_with_what_was_found(self, source: Path) -> None:
        first = next(
            cell
            for cell in committed(source).cells
            if cell.cell_type == "code"
        )
        shown = "".join(output_texts(nbformat.v4.new_notebook(cells=[first])))
        assert shown.count("\n> - ") >= 3

    def test_code_is_folded(self, source: Path) -> None:
        assert all(
            cell.metadata["jupyter"]["source_hidden"]
            for cell in committed(source).cells
            if cell.cell_type == "code"
        )

    def test_tables_call_levels_as_the_page_does(self, source: Path) -> None:
        english = {
            level.name
            for level in MOVIELENS_1M.levels
            if level.name != level.name_pt
        }
        cells = re.findall(
            "<t[dh]>(.*?)</t[dh]>", "".join(output_texts(committed(source)))
        )
        assert not english & set(cells)

    def test_no_number_of_the_summary_is_typed(self, source: Path) -> None:
        tree = ast.parse(source.read_text("utf-8"))
        said = [call for call in ast.walk(tree) if is_added(call)]
        assert len(said) >= 3
        for call in said:
            typed = "".join(typed_parts(call))
            assert not re.search(r"(?<!\w)\d", typed), typed


def is_added(node: ast.AST) -> bool:
    """Whether it is a call of `summary.add`."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == (
        "summary.add"
    )


def typed_parts(call: ast.AST) -> Iterator[str]:
    """The words of a sentence that no value fills in."""
    for child in ast.iter_child_nodes(call):
        if isinstance(child, ast.FormattedValue):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        yield from typed_parts(child)


def test_a_typed_number_is_seen() -> None:
    [call] = [
        node
        for node in ast.walk(ast.parse("summary.add(f'{n} de 10' + 'ou 7')"))
        if is_added(node)
    ]
    assert "".join(typed_parts(call)) == " de 10ou 7"


def test_tables_are_shown_in_portuguese(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLATEIA_HOME", str(sample_home))
    shown = in_portuguese(
        pd.DataFrame(
            {
                "dimension": ["gender", "occupation"],
                "level": ["F", "writer"],
                "genre": ["Children's", "War"],
                "is_target": [True, False],
            }
        )
    )
    assert shown.to_dict("list") == {
        "dimensão": ["gênero", "ocupação"],
        "grupo": ["Mulheres", "escritor(a)"],
        "gênero do filme": ["Infantil", "Guerra"],
        "público-alvo": ["sim", "não"],
    }


def test_above_the_baseline_has_the_colour_that_the_page_gives_it() -> None:
    page = page_colours()
    last = max(name for name in page if name.startswith("over-"))
    assert to_hex(style.LESS_TO_MORE(1.0)) == page[last]
    assert (
        to_hex(style.LESS_TO_MORE(0.0)) == page[last.replace("over", "under")]
    )
    assert style.CLASS_COLOURS[-1] == page["loved"]


def test_numbers_are_consecutive() -> None:
    numbers = [int(source.name[:2]) for source in SOURCES]
    assert numbers == list(range(len(SOURCES)))
    assert SOURCES


def test_digest_changes_with_code_and_not_with_prose() -> None:
    cells = [("markdown", "a"), ("code", "1")]
    digest = code_digest(cells)
    assert code_digest([("markdown", "b"), ("code", "1")]) == digest
    assert code_digest([("markdown", "a"), ("code", "2")]) != digest


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("print('/home/somebody/data')", "a path of a machine"),
        ("import warnings; warnings.warn('old')", "a warning"),
    ],
)
def test_outputs_that_cannot_be_kept_are_refused(
    code: str, problem: str, tmp_path: Path
) -> None:
    source = tmp_path / "01_nada.py"
    source.write_text(f"# %%\n{code}\n")
    target = tmp_path / "01_nada.ipynb"
    with pytest.raises(NotebookFailed, match=problem):
        execute(source, target)
    assert not target.exists()


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_runs_on_the_sample(
    source: Path, evaluated_home: Path, tmp_path: Path
) -> None:
    ran = run_on(evaluated_home, source.stem, tmp_path)
    assert ran.metadata[METADATA]["data_generated"] is True
    assert any("Dados gerados" in text for text in output_texts(ran))


#: What each notebook says of own tables with a planted effect of nationality,
#: scores from 0 to 10, and other occupations and genres than MovieLens'.
ON_OWN_TABLES = {
    "00_enunciado": ["Mulheres, 29 anos, Brasil", "nacionalidade foi usada"],
    "01_dados": ["0 recusadas, 0 sem explicação", "ratings.csv"],
    "02_classes": ["0.5"],  # half a star: a score of 1
    "03_gostos": [
        "A nacionalidade está nos dados",
        "as mais firmes: Brasil: *Kung fu* d =",
        "nenhuma diferença passa pelo controle",
    ],
    "04_modelo_pessoa": ["o publicado é `factorisation`"],
    "05_modelo_filme": ["não se prevê destes dados"],
    "06_poucas_notas": ["vezes tudo o que o seu perfil"],
    "07_api": ["as mesmas contagens", "a parte de mulheres passa de"],
}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_runs_on_own_tables(
    source: Path, evaluated_own_home: Path, tmp_path: Path
) -> None:
    ran = run_on(evaluated_own_home, source.stem, tmp_path)
    assert "Outros dados: tabelas próprias" in ran.cells[0].source
    shown = "".join(output_texts(ran))
    assert not re.search(r"\bnan\b", shown)
    for text in ON_OWN_TABLES[source.stem]:
        assert text in shown


#: What is concluded where too few people have a level, or nothing is seen.
OF_FEW_PEOPLE = {
    "03_gostos": "não se vê nestes dados",
    "04_modelo_pessoa": "o modelo é melhor que a média do filme em",
    "06_poucas_notas": "muito mais que tudo o que o seu perfil",
}


@pytest.mark.parametrize("name", OF_FEW_PEOPLE)
def test_concludes_nothing_that_few_people_do_not_show(
    name: str, evaluated_ml_100k_home: Path, tmp_path: Path
) -> None:
    ran = run_on(evaluated_ml_100k_home, name, tmp_path)
    assert "Outros dados: MovieLens 100K" in ran.cells[0].source
    assert OF_FEW_PEOPLE[name] in "".join(output_texts(ran))


@pytest.mark.parametrize("home", ["sample_home", "own_home"])
def test_committed_notebooks_are_written_from_movielens_1m_alone(
    home: str, request: pytest.FixtureRequest
) -> None:
    done = run_notebooks(request.getfixturevalue(home), "--update")
    assert done.returncode == 1
    assert "real MovieLens 1M" in done.stderr


def test_says_what_to_do_without_a_warehouse(tmp_path: Path) -> None:
    done = run_notebooks(tmp_path)
    assert done.returncode == 1
    assert "make build" in done.stderr


def test_unknown_name_is_refused(sample_home: Path) -> None:
    done = run_notebooks(sample_home, "99_nada")
    assert done.returncode == 1
    assert "01_dados" in done.stderr


def test_what_compares_people_that_the_data_do_not_tell_is_left_out(
    bare_home: Path, tmp_path: Path
) -> None:
    """Aloud: nobody's gender and age is known there."""
    names = ("00_enunciado", "03_gostos", "07_api")
    done = run_notebooks(bare_home, "--output", str(tmp_path), *names)
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    for name, line in zip(names, told, strict=True):
        assert line.startswith(f"{name}.py: left out, since the data do not")
        assert line.endswith("ages")
    assert list(tmp_path.iterdir()) == []


def run_on(home: Path, name: str, folder: Path) -> NotebookNode:
    """The notebook `name` after it ran on `home`, with its outputs."""
    done = run_notebooks(home, "--output", str(folder), name)
    assert done.returncode == 0, done.stdout + done.stderr
    return jupytext.read(folder / f"{name}.ipynb")


def run_notebooks(
    home: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "notebooks.run", *arguments],
        cwd=PROJECT,
        env=environment_of(home, "sample"),
        capture_output=True,
        text=True,
        check=False,
    )
