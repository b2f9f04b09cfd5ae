"""Stores of every kind, and something to publish in them."""

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from models_ml.film.fit import fit_audience_predictor
from models_ml.person.fit import fit_person_predictor
from models_ml.release.folder import FolderStore
from models_ml.release.payload import dump_payload
from models_ml.release.store import Store, open_store
from tests.api.tiny import tiny_dataset, write_serving
from tests.conftest import locked
from tests.models_ml.release import s3_servers
from tests.models_ml.release.s3_servers import BUCKETS, S3Server

KEY = b"a key for the tests of releases"
ZIP_PREFIXES = {"021": "New England", "941": "Pacific"}


def write_trained(folder: Path, seed: int) -> Path:
    """What `train` leaves, for a small dataset."""
    dataset = tiny_dataset(seed=seed)
    person = fit_person_predictor(dataset).to_state()
    film = fit_audience_predictor(dataset).to_state()
    folder.mkdir()
    (folder / "model.pkl").write_bytes(
        dump_payload(person, film, ZIP_PREFIXES)
    )
    write_serving(dataset, folder / "serving.duckdb")
    training = {
        "data_digest": dataset.digest,
        "data_generated": True,
        "metrics": {"person": {"log_loss": 0.91}},
        "libraries": {"numpy": "2.4.6"},
        "seconds": 1.5,
    }
    (folder / "training.json").write_text(json.dumps(training))
    return folder


@pytest.fixture(scope="session")
def two_trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two different folders of `train`; not to be changed."""
    base = tmp_path_factory.mktemp("trained")
    return write_trained(base / "one", 7), write_trained(base / "two", 8)


@pytest.fixture
def trained(two_trained: tuple[Path, Path], tmp_path: Path) -> Path:
    """A folder of `train` that a test may change."""
    return Path(shutil.copytree(two_trained[0], tmp_path / "trained"))


@pytest.fixture
def other_trained(two_trained: tuple[Path, Path]) -> Path:
    """Another folder of `train`; not to be changed."""
    return two_trained[1]


@pytest.fixture(scope="session")
def ministack(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[S3Server]:
    """A running ministack, in an environment that later runs use again."""
    cache = pytestconfig.cache
    folder = (
        cache.mkdir("ministack")
        if cache
        else tmp_path_factory.mktemp("ministack-environment")
    )
    with locked(folder / "lock"):
        python = s3_servers.ministack_python(folder)
    with s3_servers.ministack(
        python, tmp_path_factory.mktemp("ministack")
    ) as server:
        yield server


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A running moto."""
    with s3_servers.moto(tmp_path_factory.mktemp("moto")) as server:
        yield server


@pytest.fixture
def clean_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """No AWS settings but those a test makes."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)


@pytest.fixture(params=["ministack", "moto"])
def server(
    request: pytest.FixtureRequest,
    clean_aws: None,
    monkeypatch: pytest.MonkeyPatch,
) -> S3Server:
    """Each S3 server, with its settings in the environment."""
    server: S3Server = request.getfixturevalue(request.param)
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    return server


@pytest.fixture
def bucket(server: S3Server) -> str:
    """A new bucket of the server."""
    name = BUCKETS + uuid.uuid4().hex
    server.client().create_bucket(Bucket=name)
    return name


@pytest.fixture(params=["folder", "ministack", "moto"])
def store(
    request: pytest.FixtureRequest,
    clean_aws: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Store:
    """Each kind of store, empty."""
    if request.param == "folder":
        return FolderStore(tmp_path / "store")
    server: S3Server = request.getfixturevalue(request.param)
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    name = BUCKETS + uuid.uuid4().hex
    server.client().create_bucket(Bucket=name)
    return open_store(f"s3://{name}/some/prefix")


@pytest.fixture
def folder_store(tmp_path: Path) -> FolderStore:
    """A store whose files a test may tamper with."""
    return FolderStore(tmp_path / "store")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where fetched releases go."""
    return tmp_path / "cache"
