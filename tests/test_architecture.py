"""The rules of docs/architecture.md, held by reading every import."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

#: The parts of models_ml that scoring needs; the API may use no others.
SCORING = (
    "models_ml.batch",
    "models_ml.film.predictor",
    "models_ml.person.predictor",
    "models_ml.profile",
    "models_ml.release",
    "models_ml.settings",
    "models_ml.vocabulary",
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
def test_models_ml_never_imports_the_api(path):
    assert not {n for n in imported(path) if n.split(".")[0] == "api"}


@pytest.mark.parametrize("path", modules("api"), ids=str)
def test_the_api_imports_only_what_scoring_needs(path):
    others = {
        name
        for name in imported(path)
        if name.split(".")[0] == "models_ml" and not name.startswith(SCORING)
    }
    assert not others


@pytest.mark.parametrize("path", modules("models_ml"), ids=str)
def test_only_settings_reads_the_environment(path):
    if path.name != "settings.py":
        assert not {n for n in imported(path) if n == "os.environ"}
        assert "os.environ" not in path.read_text("utf-8")


def test_the_serving_path_leaves_the_training_libraries_unloaded():
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
