"""Publishing moves the pointer last, never overwrites, and can be repeated."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from models_ml.release.folder import FolderStore
from models_ml.release.keys import SigningKey
from models_ml.release.load import load_current
from models_ml.release.payload import (
    PayloadError,
    dump_payload,
    load_payload,
)
from models_ml.release.pointer import read_pointer
from models_ml.release.publish import Published, PublishError, publish
from models_ml.release.store import Store
from tests.models_ml.release.conftest import KEY, KEY_TEXT, KEYS
from tests.models_ml.tiny_trained import changed


def test_what_was_published_is_loaded(
    trained: Path, store: Store, cache: Path
) -> None:
    done = publish(trained, store, KEY)
    assert done == Published(done.version, is_new=True, replaced=None)
    release = load_current(store, cache, KEYS)
    assert release.version == done.version
    assert release.manifest.metrics == {"person": {"log_loss": 0.91}}
    assert release.manifest.data_generated
    assert release.zip_prefixes["941"] == "Pacific"
    assert (
        release.serving.read_bytes()
        == (trained / "serving.duckdb").read_bytes()
    )


def test_the_same_content_again_changes_nothing(
    trained: Path, store: Store
) -> None:
    first = publish(trained, store, KEY)
    pointer = store.read("current.json", 1000)
    again = publish(trained, store, KEY)
    assert again == Published(first.version, False, first.version)
    assert store.read("current.json", 1000) == pointer


def test_other_content_becomes_current_and_the_old_one_stays(
    trained: Path, other_trained: Path, store: Store, cache: Path
) -> None:
    first = publish(trained, store, KEY)
    second = publish(other_trained, store, KEY)
    assert second.version != first.version
    assert second.replaced == first.version
    assert load_current(store, cache, KEYS).version == second.version
    back = publish(trained, store, KEY)
    assert back == Published(first.version, False, second.version)
    assert load_current(store, cache, KEYS).version == first.version


def test_the_version_follows_from_the_content(
    trained: Path, store: Store, tmp_path: Path
) -> None:
    version = publish(trained, store, KEY).version
    elsewhere = FolderStore(tmp_path / "elsewhere")
    assert publish(trained, elsewhere, KEY).version == version
    training = json.loads((trained / "training.json").read_text())
    training["metrics"]["person"]["log_loss"] = 0.92
    (trained / "training.json").write_text(json.dumps(training))
    assert publish(trained, elsewhere, KEY).version != version


def test_another_key_makes_another_release(
    trained: Path, store: Store
) -> None:
    one = publish(trained, store, KEY)
    other = publish(trained, store, SigningKey.generate())
    assert other.version != one.version


class Waiting:
    """A store whose pointer moves once all publishers got that far."""

    def __init__(self, store: Store, barrier: Barrier) -> None:
        self._store = store
        self._barrier = barrier

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def replace(self, key: str, content: bytes, tag: str | None) -> bool:
        self._barrier.wait(30)
        return self._store.replace(key, content, tag)


def test_of_two_publishers_at_once_one_wins_and_the_other_is_told(
    trained: Path, other_trained: Path, store: Store, cache: Path
) -> None:
    waiting = Waiting(store, Barrier(2))

    def attempt(folder: Path) -> Published | PublishError:
        try:
            return publish(folder, waiting, KEY)
        except PublishError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(attempt, [trained, other_trained]))
    won = [done for done in ended if isinstance(done, Published)]
    lost = [done for done in ended if isinstance(done, PublishError)]
    assert len(won) == 1
    assert "another publisher moved current.json" in str(lost[0])
    assert load_current(store, cache, KEYS).version == won[0].version


def test_of_many_publishers_at_once_exactly_one_wins_and_is_whole(
    trained: Path, store: Store, cache: Path, tmp_path: Path
) -> None:
    folders = [
        changed(trained, tmp_path / f"trained-{k}", log_loss=0.5 + k / 100)
        for k in range(16)
    ]
    waiting = Waiting(store, Barrier(16))

    def attempt(folder: Path) -> Published | PublishError:
        try:
            return publish(folder, waiting, KEY)
        except PublishError as error:
            return error

    with ThreadPoolExecutor(16) as pool:
        ended = list(pool.map(attempt, folders))
    won = [done for done in ended if isinstance(done, Published)]
    assert len(won) == 1
    assert load_current(store, cache, KEYS).version == won[0].version


KILLED = """
import os, signal, sys
from pathlib import Path
from models_ml.release.keys import SigningKey
from models_ml.release.publish import publish
from models_ml.release.open_store import open_store

class Dying:
    def __init__(self, store, left):
        self.store, self.left = store, left
    def __getattr__(self, name):
        if name in ("put_new", "replace"):
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)
            self.left -= 1
        return getattr(self.store, name)

folder, store, key, left = sys.argv[1:]
dying = Dying(open_store(store), int(left))
publish(Path(folder), dying, SigningKey.from_text(key))
"""


@pytest.mark.parametrize("store", ["folder", "ministack"], indirect=True)
@pytest.mark.parametrize("n_writes", range(4))
def test_a_publisher_killed_on_the_way_leaves_the_old_release_serving(
    n_writes: int,
    trained: Path,
    other_trained: Path,
    store: Store,
    cache: Path,
) -> None:
    old = publish(trained, store, KEY)
    killed = subprocess.run(
        [
            *(sys.executable, "-c", KILLED, other_trained, store.location),
            *(KEY_TEXT, str(n_writes)),
        ],
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert killed.returncode == -signal.SIGKILL
    assert load_current(store, cache, KEYS).version == old.version
    done = publish(other_trained, store, KEY)
    assert done.replaced == old.version
    assert load_current(store, cache, KEYS).version == done.version


@pytest.mark.parametrize("name", ["model.pkl", "serving.duckdb"])
def test_other_content_under_the_name_is_told(
    name: str, trained: Path, store: Store, tmp_path: Path
) -> None:
    version = publish(trained, FolderStore(tmp_path / "x"), KEY).version
    content = (trained / name).read_bytes()[:-1]
    sha256 = hashlib.sha256(content).hexdigest()
    store.put_new(f"releases/{version}/{name}", content, sha256)
    with pytest.raises(PublishError, match=f"holds another .*{name}"):
        publish(trained, store, KEY)
    assert read_pointer(store, KEYS).tag is None


def test_another_manifest_under_the_name_is_told(
    trained: Path, store: Store, tmp_path: Path
) -> None:
    version = publish(trained, FolderStore(tmp_path / "x"), KEY).version
    sha256 = hashlib.sha256(b"{}").hexdigest()
    store.put_new(f"releases/{version}/manifest.json", b"{}", sha256)
    with pytest.raises(PublishError, match=r"holds another .*manifest\.json"):
        publish(trained, store, KEY)


@pytest.mark.parametrize(
    "name", ["model.pkl", "serving.duckdb", "training.json"]
)
def test_a_folder_that_lacks_a_file_is_refused(
    name: str, trained: Path, folder_store: FolderStore
) -> None:
    (trained / name).unlink()
    with pytest.raises(PublishError, match=f"has no {name}.* train makes it"):
        publish(trained, folder_store, KEY)
    assert not folder_store.folder.exists()


def test_a_model_of_other_code_is_refused(
    trained: Path, folder_store: FolderStore
) -> None:
    model = trained / "model.pkl"
    payload = load_payload(model.read_bytes())
    model.write_bytes(dump_payload({"old": 1}, payload["film"], {}, {}))
    with pytest.raises(PayloadError, match="train again"):
        publish(trained, folder_store, KEY)
    assert not folder_store.folder.exists()


def test_a_training_record_without_its_fields_is_refused(
    trained: Path, folder_store: FolderStore
) -> None:
    (trained / "training.json").write_text('{"metrics": {}}')
    with pytest.raises(PublishError, match="missing required field"):
        publish(trained, folder_store, KEY)


@pytest.mark.parametrize(
    "content", [b"", b"not a pointer", b"\xff", b'{"version": "\xff"}']
)
def test_a_pointer_that_names_nothing_can_be_replaced(
    content: bytes, trained: Path, store: Store, cache: Path
) -> None:
    store.replace("current.json", content, None)
    done = publish(trained, store, KEY)
    assert load_current(store, cache, KEYS).version == done.version
