"""Stores of every kind, and something to publish in them."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from models_ml.release.folder import FolderStore
from models_ml.release.keys import SigningKey, VerifyKeys
from models_ml.release.open_store import open_store
from models_ml.release.store import Store
from tests.environments import locked_python
from tests.models_ml.release import s3_servers
from tests.models_ml.release.s3_servers import BUCKETS, S3Server
from tests.models_ml.tiny_trained import changed, tiny_trained

KEY_TEXT = "a key for the tests of releases"
KEY = SigningKey.from_text(KEY_TEXT)
KEYS = VerifyKeys.of(KEY)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of `train`; not to be changed."""
    return tiny_trained(tmp_path_factory)


@pytest.fixture
def trained(tiny: Path, tmp_path: Path) -> Path:
    """A folder of `train` that a test may change."""
    return Path(shutil.copytree(tiny, tmp_path / "trained"))


@pytest.fixture
def other_trained(tiny: Path, tmp_path: Path) -> Path:
    """A folder of `train` that makes another release."""
    return changed(tiny, tmp_path / "other-trained")


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
    python = locked_python(s3_servers.LOCK, folder)
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


def shown(folder: Path) -> list[str]:
    """Names of a folder's files but the locks, which stay."""
    names = (path.name for path in folder.iterdir())
    return sorted(name for name in names if not name.endswith(".lock"))
