"""Builds that many tests share: made once, however many workers there are."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.own_tables import (
    bare_tables,
    ml_100k_sample,
    tables_with_few,
    write_csv,
    write_ml_100k,
)

PROJECT = Path(__file__).resolve().parent.parent
SIGNING_KEY = "a key for the tests only"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one process at a time goes on."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def environment_of(home: Path, source: str) -> dict[str, str]:
    """The environment of a Plateia that lives in `home`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PLATEIA_", "AWS_", "MOVIELENS_", "DBT_"))
    }
    return kept | {
        "MOVIELENS_SOURCE": source,
        "PLATEIA_HOME": str(home),
        "PLATEIA_SIGNING_KEY": SIGNING_KEY,
    }


def run_plateia(
    environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """`python -m models_ml <arguments>` in the project's folder."""
    return subprocess.run(
        [sys.executable, "-m", "models_ml", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def shared_build(
    factory: pytest.TempPathFactory, name: str, source: str
) -> Path:
    """The PLATEIA_HOME of a whole build, shared by all workers of the run."""
    base = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent
    home = base / f"home-{name}"
    with locked(base / f"{name}.lock"):
        if not (home / "built").exists():
            done = run_plateia(environment_of(home, source), "build")
            assert done.returncode == 0, done.stdout + done.stderr
            (home / "built").touch()
    return home


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole build from generated data; treat it as read-only."""
    return shared_build(tmp_path_factory, "sample", "sample")


@pytest.fixture(scope="session")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole build from own tables; treat it as read-only."""
    source = tmp_path_factory.mktemp("own") / "source"
    write_csv(source, tables_with_few())
    return shared_build(tmp_path_factory, "own", str(source))


@pytest.fixture(scope="session")
def bare_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole build from tables of ids and stars alone; read-only."""
    source = tmp_path_factory.mktemp("bare") / "source"
    write_csv(source, bare_tables())
    return shared_build(tmp_path_factory, "bare", str(source))


@pytest.fixture(scope="session")
def ml_100k_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole build from few files in MovieLens 100K's form; read-only."""
    archive = tmp_path_factory.mktemp("ml-100k") / "ml-100k.zip"
    write_ml_100k(archive, ml_100k_sample())
    return shared_build(tmp_path_factory, "ml-100k", str(archive))


@pytest.fixture(scope="session")
def real_source() -> str:
    """The real MovieLens 1M; tests that need it are skipped without."""
    source = os.environ.get("MOVIELENS_SOURCE", "")
    path = (PROJECT / source).resolve()
    if not source or not path.exists():
        pytest.skip("MOVIELENS_SOURCE names no file of the real data")
    return str(path)


@pytest.fixture(scope="session")
def real_home(
    tmp_path_factory: pytest.TempPathFactory, real_source: str
) -> Path:
    """A whole build from the real MovieLens 1M; treat it as read-only."""
    return shared_build(tmp_path_factory, "real", real_source)
