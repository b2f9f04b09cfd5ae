"""What can be set, asked or run stands in the docs, and nothing else."""

import re
import sys
from pathlib import Path

import pytest

from api.app import create_app
from models_ml.__main__ import make_parser
from models_ml.settings import load_settings

PROJECT = Path(__file__).resolve().parent.parent
PAGES = (
    *sorted(PROJECT.glob("*.md")),
    *sorted((PROJECT / "docs").glob("*.md")),
    PROJECT / "docs" / "video" / "roteiro.md",
)
#: Read by dbt's profiles, tools and tests, not by the settings.
OTHER_VARIABLES = {
    "PLATEIA_MEMORY",
    "PLATEIA_SCREENSHOTS",
    "PLATEIA_SPARK",
    "PLATEIA_VOICE",
}
#: Fetched by pages, asked for by nobody.
PARTS_OF_PAGES = (
    "/assets/",
    "/schema/docs.css",
    "/schema/try.js",
    "/schema/{path",
)
DOCS = "\n".join(page.read_text("utf-8") for page in PAGES)


def settings() -> list[str]:
    """Names of the environment variables that the settings read."""
    asked: list[str] = []

    class Recording(dict[str, str]):
        def get(self, key, default=None):  # type: ignore[no-untyped-def]
            asked.append(key)
            return default

    load_settings(Recording())
    return sorted(set(asked))


def routes(tmp_path: Path) -> list[str]:
    app = create_app(load_settings({"PLATEIA_HOME": str(tmp_path)}))
    return sorted(
        path
        for route in app.routes
        if (path := str(route.path)) and not path.startswith(PARTS_OF_PAGES)
    )


def make_targets() -> list[str]:
    text = (PROJECT / "Makefile").read_text("utf-8")
    return re.findall(r"^([a-z-]+):.*##", text, re.MULTILINE)


def commands() -> list[str]:
    (action,) = (
        action
        for action in make_parser()._actions
        if action.__class__.__name__ == "_SubParsersAction"
    )
    return sorted(action.choices or ())


@pytest.mark.parametrize("name", settings())
def test_every_setting_stands_in_the_docs(name: str) -> None:
    assert f"`{name}`" in DOCS


@pytest.mark.parametrize("target", make_targets())
def test_every_make_target_stands_in_the_docs(target: str) -> None:
    assert re.search(rf"\bmake {target}\b", DOCS)


@pytest.mark.parametrize("name", commands())
def test_every_command_stands_in_the_docs(name: str) -> None:
    assert re.search(rf"models_ml [^\n]*\b{name}\b|`{name}`", DOCS)


def test_every_route_stands_in_the_docs(tmp_path: Path) -> None:
    missing = [
        path
        for path in routes(tmp_path)
        if re.sub(r"\{(\w+):\w+\}", r"{\1}", path) not in DOCS
    ]
    assert not missing


pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@pages
def test_pages_name_settings_commands_and_targets_that_exist(
    page: Path,
) -> None:
    text = page.read_text("utf-8")
    named = set(re.findall(r"\bPLATEIA_[A-Z_]+\b", text))
    assert named <= {*settings(), *OTHER_VARIABLES}
    asked = re.findall(r"python -m models_ml ([a-z][a-z-]*)", text)
    assert set(asked) <= set(commands())
    rules = re.findall(
        r"^([a-z-]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE
    )
    assert set(re.findall(r"`make ([a-z-]+)`", text)) <= set(rules)


@pages
def test_pages_name_routes_that_exist(page: Path, tmp_path: Path) -> None:
    known = {
        re.sub(r"\{(\w+):\w+\}", r"{\1}", path) for path in routes(tmp_path)
    }
    named = re.findall(r"`(?:GET|POST) (/[^`?\s]*)", page.read_text("utf-8"))
    assert {path.replace("{id}", "{movie_id}") for path in named} <= known


@pages
def test_programs_of_the_environment_are_installed_or_said_how(
    page: Path,
) -> None:
    text = page.read_text("utf-8")
    for program in re.findall(r"\.venv/bin/([\w-]+)", text):
        is_there = (Path(sys.executable).parent / program).exists()
        assert is_there or f"pip install {program}" in text, program


@pages
def test_pages_name_files_that_exist(page: Path) -> None:
    folders = "api|benchmarks|dbt_project|docs|models_ml|notebooks|tests|tools"
    named = re.findall(
        rf"`((?:{folders})/[\w./-]+)[`:]", page.read_text("utf-8")
    )
    assert [name for name in named if not (PROJECT / name).exists()] == []


@pages
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if link.startswith("http"):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors_of(target.read_text("utf-8")), link


def anchors_of(text: str) -> set[str]:
    """What GitHub names a page's headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in headings
    }
