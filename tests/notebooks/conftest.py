"""A build whose models were evaluated too: the notebooks read its runs."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import environment_of, locked, run_plateia


@pytest.fixture(scope="session")
def evaluated_home(sample_home: Path) -> Path:
    """The sample's build with all its runs, shared by all workers."""
    return _evaluated(sample_home)


@pytest.fixture(scope="session")
def evaluated_own_home(own_home: Path) -> Path:
    """The same of the build from own tables."""
    return _evaluated(own_home)


@pytest.fixture(scope="session")
def evaluated_ml_100k_home(ml_100k_home: Path) -> Path:
    """The same of the build from few files in MovieLens 100K's form."""
    return _evaluated(ml_100k_home)


def _evaluated(built: Path) -> Path:
    home = built.with_name(f"{built.name}-evaluated")
    with locked(built.with_name(f"{home.name}.lock")):
        if not (home / "evaluated").exists():
            shutil.copytree(built, home, dirs_exist_ok=True)
            done = run_plateia(environment_of(home, "sample"), "evaluate")
            assert done.returncode == 0, done.stdout + done.stderr
            (home / "evaluated").touch()
    return home
