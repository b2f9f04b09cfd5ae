"""The rules of docs/architecture.md, held by reading every import."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parent.parent

#: The parts of models_ml that scoring needs; the API may use no others.
SCORING = (
    "models_ml.batch",
    "models_ml.data_kind",
    "models_ml.errors",
    "models_ml.film.known_films",
    "models_ml.film.predictor",
    "models_ml.film.support",
    "models_ml.film.title_words",
    "models_ml.new_films.predictor",
    "models_ml.notices",
    "models_ml.person.predictor",
    "models_ml.person.questions",
    "models_ml.person.ranking",
    "models_ml.profile",
    "models_ml.release",
    "models_ml.scale",
    "models_ml.settings",
    "models_ml.titles",
    "models_ml.vocabulary",
    "models_ml.words",
)

#: The stages of models_ml, lowest first: a module imports from its own stage
#: and from those above it in this list, never from those below.
FLOORS = (
    (
        *("allocator", "arrays", "atomic", "data_kind"),
        *("errors", "log", "notices", "sql"),
    ),
    ("scale",),
    ("vocabulary",),
    ("lock", "words"),
    ("settings", "titles"),
    ("profile",),
    ("source",),
    ("warehouse",),
    ("metrics",),
    ("person", "film"),
    ("new_films",),
    ("evaluation",),
    ("experiments",),
    ("release",),
    ("training",),
    ("report",),
    ("batch",),
    ("pipeline",),
    ("__main__",),
)
#: The same for the API.
API_FLOORS = (
    ("schemas", "decoding"),
    ("service",),
    ("middleware",),
    ("runtime",),
    ("problems",),
    ("openapi", "routes", "pages"),
    ("app", "server"),
    ("__main__",),
)


def modules(package: str) -> list[Path]:
    return sorted((PROJECT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Full names of the modules, or names in modules, that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the whole module name"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", modules("models_ml"), ids=str)
def test_models_ml_never_imports_the_api(path: Any) -> None:
    assert not {n for n in imported(path) if n.split(".")[0] == "api"}


def test_names_of_arrays_have_one_home() -> None:
    named = [
        path.name
        for path in modules("models_ml")
        if re.search(r"^\w+Array = NDArray", path.read_text("utf-8"), re.M)
    ]
    assert named == ["arrays.py"]


@pytest.mark.parametrize("path", modules("api"), ids=str)
def test_the_api_imports_only_what_scoring_needs(path: Any) -> None:
    others = {
        name
        for name in imported(path)
        if name.split(".")[0] == "models_ml" and not name.startswith(SCORING)
    }
    assert not others


def stage_of(name: str) -> str:
    """The folder or module directly below the package."""
    return [*name.split("."), "__init__"][1]


@pytest.mark.parametrize(
    ("package", "floors"), [("models_ml", FLOORS), ("api", API_FLOORS)]
)
def test_no_import_runs_back_up(package: str, floors: Any) -> None:
    floor = {name: n for n, names in enumerate(floors) for name in names}
    wrong = []
    for path in modules(package):
        own = path.relative_to(PROJECT / package).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        for name in imported(path):
            if name.split(".")[0] != package:
                continue
            other = stage_of(name)
            if floor[other] > floor[own] or (
                floor[other] == floor[own] and other != own
            ):
                wrong.append(f"{own} imports {other}: {path.name}, {name}")
    assert not wrong


@pytest.mark.parametrize("package", ["models_ml", "api"])
def test_no_modules_import_each_other_in_a_circle(package: str) -> None:
    paths = {
        ".".join(path.relative_to(PROJECT).with_suffix("").parts): path
        for path in modules(package)
    }
    graph = {
        name: {
            other
            for imported_name in imported(path)
            for other in (imported_name, imported_name.rpartition(".")[0])
            if other in paths and other != name
        }
        for name, path in paths.items()
    }
    order = TopologicalSorter(graph)
    order.prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("path", modules("models_ml"), ids=str)
def test_only_settings_reads_the_environment(path: Any) -> None:
    if path.name != "settings.py":
        assert not {n for n in imported(path) if n == "os.environ"}
        assert "os.environ" not in path.read_text("utf-8")


def test_the_serving_path_leaves_the_training_libraries_unloaded() -> None:
    heavy = ["pandas", "sklearn", "lightgbm", "dbt"]
    code = (
        "import sys, api.app\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
