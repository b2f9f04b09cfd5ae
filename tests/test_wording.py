"""The field's words: those that were given up do not come back."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml

PROJECT: Final = Path(__file__).parents[1]

#: Refused everywhere, and what is said in their place.
WORDS: Final = {
    "amiss": "wrong",
    "the brief(?:'s)?": "the assignment",
    "mend|mended|mending": "fix",
    "dealt|dealt out anew": "permuted",
    "kept answers?|answers? (?:that )?(?:are|is|was) (?:not )?kept": "cached",
    "generosity|generous|generosidade": "leniency",
    "(?:drawn|pulled) to(?:wards)?": "shrunk towards",
    "worth of pull|pull of [0-9]+": "prior strength",
    "tilts?|tilted": "selection effect",
    "usual(?! suspects)|usual_like_rate": "baseline",
    "unexplained_offset": "residual",
    "opinions?|opini(?:ão|ões)": "class (of a rating), preference model",
    "under way": "in flight, without a restart",
}
#: The files that WORDS is held in.
TEXTS: Final = ("*.py", "*.sql", "*.yml", "*.md", "*.po", "*.html")
#: Refused as variables: a variable says what it holds.
NAMES: Final = {"found", "given"}


def _tracked(*patterns: str) -> list[str]:
    """The tracked files that patterns name, from the project's folder."""
    names = subprocess.run(
        ["git", "ls-files", "--", *patterns],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    if not names:
        pytest.skip("no git checkout to list files of")
    return names


def _lines(*patterns: str) -> list[tuple[str, str]]:
    """Where a line stands, and the line, of the tracked files."""
    return [
        (f"{name}:{number}", line)
        for name in _tracked(*patterns)
        if name != "tests/test_wording.py"
        for number, line in enumerate(
            (PROJECT / name).read_text("utf-8").splitlines(), 1
        )
    ]


@pytest.mark.parametrize(("word", "instead"), WORDS.items())
def test_words_that_were_given_up_are_not_used(
    word: str, instead: str
) -> None:
    pattern = re.compile(rf"(?<![a-z])(?:{word})(?![a-z])", re.IGNORECASE)
    uses = [where for where, line in _lines(*TEXTS) if pattern.search(line)]
    assert uses == [], f"say {instead!r}"


def _variables(module: Path) -> Iterator[tuple[int, str]]:
    """Line and name of each variable, parameter and field of a module."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg


def test_variables_are_named_for_what_they_hold() -> None:
    uses = [
        f"{name}:{line}"
        for name in _tracked("*.py")
        for line, variable in _variables(PROJECT / name)
        if variable in NAMES
    ]
    assert uses == []


#: Classes of rows; the API's schemas keep the words that they have.
_ROWS: Final = ("models_ml/source/", "models_ml/warehouse/")


def test_rows_are_users_and_movies_and_what_is_asked_of_person_and_film() -> (
    None
):
    """The rule of docs/architecture.md, "Layout"."""
    wrong = []
    for name in _tracked("models_ml/*.py", "api/*.py"):
        words = r"Film|Pe(?:rson|ople)"
        if not name.startswith(_ROWS):
            words = r"Movie|User"
        tree = ast.parse((PROJECT / name).read_text("utf-8"))
        wrong += [
            f"{name}: {node.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and name != "api/schemas.py"
            and re.search(words, node.name)
        ]
    assert not wrong


def test_columns_have_the_words_of_the_warehouse() -> None:
    wrong = []
    for name in _tracked("dbt_project/models/*.yml"):
        described = yaml.safe_load((PROJECT / name).read_text("utf-8"))
        wrong += [
            f"{model['name']}.{column['name']}"
            for model in described.get("models", [])
            for column in model.get("columns", [])
            if re.search("film|person|people", column["name"])
        ]
    assert not wrong
