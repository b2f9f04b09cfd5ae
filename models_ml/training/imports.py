"""Which modules of this project decide what a module computes."""

import ast
from pathlib import Path
from typing import Final

from models_ml.settings import PROJECT

_PACKAGE: Final = "models_ml"


def imported_modules(start: Path) -> list[Path]:
    """`start` and every module of the package that it imports, at any depth.

    Read from the sources, so that no module need be loaded: imports inside
    functions count too. In order of their paths.
    """
    modules: set[Path] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in modules:
            continue
        modules.add(path)
        for name in _imported_names(path):
            waiting += _files_of(name)
    return sorted(modules)


def _imported_names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] == _PACKAGE}


def _files_of(name: str) -> list[Path]:
    """The package and module files along a dotted name.

    The last part may be a name inside a module.
    """
    parts = name.split(".")
    candidates = []
    for end in range(1, len(parts) + 1):
        place = PROJECT.joinpath(*parts[:end])
        candidates += [place / "__init__.py", place.with_suffix(".py")]
    return [path for path in candidates if path.is_file()]
