"""What can be set, asked or run stands in the docs: they cannot lag."""

import re
from pathlib import Path

import pytest

from api.app import create_app
from models_ml.__main__ import make_parser
from models_ml.settings import load_settings

PROJECT = Path(__file__).resolve().parent.parent
PAGES = (
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    *sorted((PROJECT / "docs").glob("*.md")),
)
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
