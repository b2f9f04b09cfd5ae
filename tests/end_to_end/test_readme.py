"""The READMEs do what they say."""

import json
import os
import re
import sys
from pathlib import Path

import msgspec
import pytest

from api import schemas
from tests.conftest import PROJECT, environment_of
from tests.end_to_end.readme import (
    OTHERS,
    PAGES,
    answer,
    asking,
    examples,
    whole_answer,
    whole_file,
)
from tests.end_to_end.serving import serving

#: Run by hand and by CI, not from within a test.
WHOLE = ("make run", "make test")


#: What the whole answers in `docs/examples` are.
ANSWERS = {
    "recommendations": schemas.Recommendations,
    "audiences": schemas.Audiences,
    "tastes": schemas.Tastes,
    "similar-movies": schemas.SimilarMovies,
    "overlapping-movies": schemas.OverlappingMovies,
    "releases": schemas.Releases,
}


def commands_of(page: str) -> list[tuple[str, str | None]]:
    commands = []
    for example in examples((PROJECT / page).read_text("utf-8")):
        for command in example.commands:
            last = command is example.commands[-1]
            commands.append((command, example.json if last else None))
    return commands


def alike(shown: object, real: object, where: str = "answer") -> None:
    """Equal in all that is shown, but for the release's name and last digits.

    Of an object some keys may be shown, of a list its first items.
    """
    if isinstance(shown, dict):
        assert isinstance(real, dict)
        assert shown.keys() <= real.keys(), where
        for key in shown.keys() - {"release"}:
            alike(shown[key], real[key], f"{where}.{key}")
    elif isinstance(shown, list):
        assert isinstance(real, list)
        assert len(shown) <= len(real), where
        for number, (one, other) in enumerate(zip(shown, real, strict=False)):
            alike(one, other, f"{where}[{number}]")
    elif isinstance(shown, float):
        assert real == pytest.approx(shown, rel=2e-3, abs=2e-4), where
    else:
        assert shown == real, where


def environment(home: Path, source: str) -> dict[str, str]:
    folder = str(Path(sys.executable).parent)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return environment_of(home, source) | {"PATH": path}


def test_the_whole_commands_are_targets_of_the_makefile() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    for page in PAGES:
        text = (PROJECT / page).read_text("utf-8")
        for target in re.findall(r"`make ([a-z-]+)`", text):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_both_pages_show_the_same_commands_and_answers() -> None:
    english, portuguese = (commands_of(page) for page in PAGES)
    assert english == portuguese


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        text = (PROJECT / page).read_text("utf-8")
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            if not link.startswith("http"):
                assert (PROJECT / link).exists(), link


@pytest.mark.parametrize(("name", "answer_type"), ANSWERS.items())
def test_whole_answers_have_the_fields_of_the_api_and_no_others(
    name: str, answer_type: type[msgspec.Struct]
) -> None:
    """`python -m tests.end_to_end.readme` writes them again."""
    written = (PROJECT / f"docs/examples/{name}.json").read_bytes()
    whole = msgspec.json.decode(written, type=answer_type)
    again = msgspec.json.decode(msgspec.json.encode(whole))
    assert again == msgspec.json.decode(written)


def test_every_whole_answer_is_compared_with_the_api() -> None:
    files = (PROJECT / "docs/examples").glob("*.json")
    assert {file.stem for file in files} == ANSWERS.keys()


@pytest.mark.real_data
@pytest.mark.xdist_group("real")
def test_every_command_runs_and_every_answer_is_the_real_one(
    real_home: Path, real_source: str, tmp_path: Path
) -> None:
    shell = environment(real_home, real_source)
    with serving(shell) as address:
        for command, shown in commands_of(PAGES[0]):
            if command in WHOLE:
                continue
            moved = command.replace("var/", f"{tmp_path}/")
            done = answer(moved, address, shell)
            assert done.returncode == 0, f"{command}\n{done.stderr}"
            if shown is not None:
                real = json.loads(done.stdout)
                alike(json.loads(shown), real)
                whole = json.loads(whole_answer(command).read_text("utf-8"))
                assert whole.keys() == real.keys()
                alike(whole, real)
        # Which releases a server holds is not of this release alone.
        for name in OTHERS.keys() - {"releases"}:
            done = answer(asking(OTHERS[name]), address, shell)
            whole = json.loads(whole_file(name).read_text("utf-8"))
            alike(whole, json.loads(done.stdout))
