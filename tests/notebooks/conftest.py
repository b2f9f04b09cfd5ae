"""A build whose models were evaluated too: the notebooks read its runs."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import environment_of, locked, run_plateia


@pytest.fixture(scope="session")
def evaluated_home(
    sample_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The sample's build with all its runs, shared by all workers."""
    home = sample_home.with_name("home-evaluated")
    with locked(sample_home.with_name("evaluated.lock")):
        if not (home / "evaluated").exists():
            shutil.copytree(sample_home, home, dirs_exist_ok=True)
            done = run_plateia(environment_of(home, "sample"), "evaluate")
            assert done.returncode == 0, done.stdout + done.stderr
            (home / "evaluated").touch()
    return home
