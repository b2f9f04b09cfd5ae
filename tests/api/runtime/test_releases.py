"""Releases change under requests; a bad one never serves."""

import contextlib
import datetime
import errno
import gc
import shutil
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from api.middleware.metrics import Metrics
from api.runtime import releases
from api.runtime.releases import Releases
from models_ml.release.open_store import open_store
from models_ml.release.pointer import move_pointer, read_pointer
from models_ml.release.signing import signing_key, verify_keys
from models_ml.release.store import StoreError
from models_ml.release.trust import Trusted
from models_ml.settings import Settings
from tests.api.conftest import publish_tiny, settings_of


@pytest.fixture
def own(tmp_path: Path, trained: Path) -> Settings:
    """Settings of a store of this test's own, with a release."""
    settings = settings_of(tmp_path / "home", tmp_path / "store")
    publish_tiny(settings, trained)
    return settings


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def readiness(client: TestClient[Litestar]) -> Any:
    return client.get("/readyz").json()


def serving_release(client: TestClient[Litestar]) -> str:
    """The release, once one serves: on a busy machine it may take a while."""
    wait_until(lambda: readiness(client)["ready"])
    return readiness(client)["release"]


def _serves(client: TestClient[Litestar], version: str) -> bool:
    return bool(readiness(client)["release"] == version)


def metric(client: TestClient[Litestar], line: str) -> float:
    for sample in client.get("/metrics").text.splitlines():
        if sample.startswith(line):
            return float(sample.rsplit(" ", 1)[1])
    return 0.0


def damaged_version(settings: Settings, version: str) -> str:
    """Point the store at a copy of a release with one byte changed."""
    store = Path(settings.store)
    name = "0" * len(version)
    folder = store / "releases" / name
    shutil.copytree(store / "releases" / version, folder)
    model = folder / "model.pkl"
    model.chmod(0o600)
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)
    point_at(settings, name)
    return name


def point_at(settings: Settings, version: str, expiry_days: int = 30) -> None:
    """Sign a pointer to a release, whatever it is."""
    store = open_store(settings.store)
    before = read_pointer(store, verify_keys(settings))
    key = signing_key(settings)
    assert move_pointer(store, before, version, key, expiry_days)


def test_without_a_release_it_is_alive_and_not_ready(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, tmp_path / "store")
    with TestClient(create_app(settings)) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        response = client.get("/readyz")
        assert response.status_code == 503
        refused = response.json()["refused"]
        assert refused["code"] == "empty_store"
        assert "no release was published" in refused["reason"]
        response = client.post("/recommendations", json={})
        assert response.status_code == 503
        assert response.headers["retry-after"]
        assert "no release was published" in response.json()["detail"]


def test_the_first_release_serves_without_a_restart(
    tmp_path: Path, trained: Path
) -> None:
    settings = settings_of(tmp_path, tmp_path / "store")
    with TestClient(create_app(settings)) as client:
        version = publish_tiny(settings, trained)
        wait_until(lambda: readiness(client)["release"] == version)
        told = readiness(client)
        polled = datetime.datetime.fromisoformat(told.pop("last_look"))
        age = datetime.datetime.now(datetime.UTC) - polled
        assert age < datetime.timedelta(seconds=20)
        assert told == {"ready": True, "release": version, "refused": None}


def test_changes_under_load_without_a_dropped_or_mixed_answer(
    own: Settings, trained: Path, other_trained: Path
) -> None:
    digests = {publish_tiny(own, trained): "tiny-7"}
    with TestClient(create_app(own)) as client:
        stop = threading.Event()
        wrong: list[str] = []
        seen: set[str] = set()

        def ask(seed: int) -> None:
            k = 0
            while not stop.is_set():
                k += 1
                body = {"limit": 1 + (seed * 37 + k) % 100}
                response = client.post("/recommendations", json=body)
                if response.status_code != 200:
                    wrong.append(response.text)
                    return
                answer = response.json()
                version = response.headers["x-plateia-release"]
                seen.add(version)
                films = 120 if digests[version] == "tiny-7" else 90
                if (answer["release"], answer["n_candidates"]) != (
                    version,
                    films,
                ):
                    wrong.append(f"{version}: {answer['n_candidates']} films")

        serving_release(client)
        threads = [threading.Thread(target=ask, args=(k,)) for k in range(3)]
        versions = list(digests)
        digests[publish_preview(other_trained, own)] = "tiny-8"
        for thread in threads:
            thread.start()
        for folder in (other_trained, trained, other_trained):
            version = publish_tiny(own, folder)
            versions.append(version)
            wait_until(partial(_serves, client, version))
        stop.set()
        for thread in threads:
            thread.join()
        assert not wrong
        assert seen == set(versions) == set(digests)


def publish_preview(trained: Path, settings: Settings) -> str:
    """The version that `trained` will have, without moving the pointer."""
    elsewhere = Path(settings.store).with_name("preview")
    return publish_tiny(settings_of(settings.home, elsewhere), trained)


def test_a_bad_release_is_refused_and_told_while_the_old_one_serves(
    own: Settings, trained: Path, other_trained: Path
) -> None:
    with TestClient(create_app(own)) as client:
        good = serving_release(client)
        bad = damaged_version(own, good)
        wait_until(lambda: readiness(client)["refused"])
        told = readiness(client)
        assert told["ready"] is True
        assert told["release"] == good
        assert told["refused"]["version"] == bad
        assert told["refused"]["code"] == "release"
        assert client.get("/readyz").status_code == 200
        response = client.post("/recommendations", json={})
        assert response.json()["release"] == good
        name = 'plateia_refused_releases_total{cause="release"}'
        time.sleep(0.2)  # several looks: the same refusal counts once
        assert metric(client, name) == 1
        newer = publish_tiny(own, other_trained)
        wait_until(lambda: readiness(client)["release"] == newer)
        assert readiness(client)["refused"] is None
        assert (
            metric(client, f'plateia_release_info{{version="{newer}"}}') == 1
        )
        assert metric(client, f'plateia_release_info{{version="{good}"}}') == 0


def test_an_expired_pointer_is_told_while_the_release_serves(
    own: Settings,
) -> None:
    with TestClient(create_app(own)) as client:
        good = serving_release(client)
        point_at(own, good, expiry_days=-1)
        wait_until(lambda: readiness(client)["refused"])
        told = readiness(client)
        assert told["release"] == good
        assert told["refused"]["code"] == "pointer"
        assert "expired" in told["refused"]["reason"]


def test_a_signed_release_whose_tables_lack_something_is_refused(
    own: Settings,
    trained: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    broken = shutil.copytree(trained, tmp_path / "broken")
    with duckdb.connect(str(broken / "serving.duckdb")) as connection:
        connection.execute("update profiles set gender = 'X'")
    with TestClient(create_app(own)) as client:
        good = serving_release(client)
        publish_tiny(own, broken)
        wait_until(lambda: readiness(client)["refused"])
        assert readiness(client)["refused"]["code"] == "release"
        assert "nobody knows" in capfd.readouterr().err
        assert readiness(client)["release"] == good


def test_models_and_tables_of_different_films_are_refused(
    own: Settings,
    trained: Path,
    other_trained: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    mixed = shutil.copytree(trained, tmp_path / "mixed")
    shutil.copy(other_trained / "serving.duckdb", mixed)
    with TestClient(create_app(own)) as client:
        serving_release(client)
        publish_tiny(own, mixed)
        wait_until(lambda: readiness(client)["refused"])
        assert readiness(client)["refused"]["code"] == "release"
        assert "different films" in capfd.readouterr().err


def test_a_store_out_of_reach_is_told_and_the_release_serves(
    own: Settings,
) -> None:
    with TestClient(create_app(own)) as client:
        serving_release(client)
        Path(own.store, "current.json").unlink()
        wait_until(lambda: readiness(client)["refused"])
        assert readiness(client)["ready"] is True
        assert readiness(client)["refused"]["version"] is None
        assert readiness(client)["refused"]["code"] == "empty_store"


def test_a_restart_without_the_store_serves_the_last_good(
    own: Settings,
) -> None:
    with TestClient(create_app(own)) as client:
        good = serving_release(client)
    damaged_version(own, good)
    with TestClient(create_app(own)) as client:
        wait_until(lambda: readiness(client)["ready"])
        assert readiness(client)["release"] == good
        wait_until(lambda: readiness(client)["refused"])


class Hanging:
    """A store that answers nothing until it is let go."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.answers = threading.Event()
        self.seconds: list[float] = []

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        self.seconds.append(seconds)
        yield

    def read(self, key: str, max_bytes: int) -> object:
        del max_bytes
        self.answers.wait(60)
        raise StoreError(f"{key} did not come")


def test_a_start_does_not_wait_for_a_store_that_hangs(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TestClient(create_app(own)) as client:
        good = serving_release(client)
    store = Hanging(open_store(own.store).location)
    monkeypatch.setattr(releases, "open_store", lambda _: store)
    with TestClient(create_app(own)) as client:
        # The store has not answered, and will not before this is over.
        told = readiness(client)
        assert told["release"] == good
        assert told["last_look"] is None
        assert client.post("/recommendations", json={}).status_code == 200
        store.answers.set()
        wait_until(lambda: readiness(client)["refused"])
        assert readiness(client)["refused"]["code"] == "store"
        assert readiness(client)["release"] == good
    # All of a poll is under one deadline.
    assert set(store.seconds) == {own.look_seconds}


def test_a_disk_that_cannot_be_written_keeps_nobody_from_serving(
    own: Settings, other_trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Releases.from_settings(own, Metrics())
    watched.poll()
    newer = publish_tiny(own, other_trained)

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Trusted, "_write", full)
    watched.poll()
    assert watched.current is not None
    assert watched.current.version == newer
    assert watched.refusal is None


def test_a_release_that_fails_unforeseen_is_refused_and_tried_again(
    own: Settings, other_trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Releases.from_settings(own, Metrics())
    watched.poll()
    good = watched.current
    newer = publish_tiny(own, other_trained)
    tried = []

    def fail(release: object) -> None:
        tried.append(release)
        raise MemoryError("no room")

    with monkeypatch.context() as patched:
        patched.setattr(releases, "open_release", fail)
        for _ in range(3):
            watched.poll()
        assert watched.current is good
        assert watched.refusal is not None
        assert watched.refusal.version == newer
        assert watched.refusal.code == "release"
        assert len(tried) == 1
    monkeypatch.setattr(releases, "RETRY_SECONDS", 0)
    watched.poll()
    assert watched.current is not None
    assert watched.current.version == newer
    assert watched.refusal is None


def test_an_old_release_is_let_go(own: Settings, other_trained: Path) -> None:
    watched = Releases.from_settings(own, Metrics())
    watched.poll()
    held = watched.current
    assert held is not None
    old = weakref.ref(held)
    publish_tiny(own, other_trained)
    watched.poll()
    assert watched.current is not held
    # Whoever still answers from the old one can.
    assert held.catalogue.search("film", 2)
    gc.disable()
    try:
        del held
        assert old() is None
    finally:
        gc.enable()
