"""The store's releases are listed, and the oldest removed."""

import time
from pathlib import Path

import pytest

from models_ml.release import inventory
from models_ml.release.folder import FolderStore
from models_ml.release.inventory import PruneError, list_releases, prune
from models_ml.release.load import load_current
from models_ml.release.manifest import TRAINING_RECORD
from models_ml.release.publish import publish, rollback
from models_ml.release.store import Store
from tests.models_ml.release.conftest import KEY, KEYS


def published(trained: Path, store: Store, n: int) -> list[str]:
    """Versions of `n` releases, the oldest first."""
    record = trained / TRAINING_RECORD
    text = record.read_text()
    versions = []
    for k in range(n):
        record.write_text(text.replace("0.91", f"0.8{k}"))
        versions.append(publish(trained, store, KEY).version)
        _tick()
    return versions


def _tick() -> None:
    """Times of releases have seconds."""
    end = int(time.time()) + 1
    while time.time() < end:
        time.sleep(0.01)


def test_the_newest_is_listed_first_and_the_current_one_marked(
    trained: Path, store: Store
) -> None:
    versions = published(trained, store, 2)
    listed = list_releases(store, KEYS)
    assert [each.version for each in listed] == versions[::-1]
    assert [each.is_current for each in listed] == [True, False]
    files = sum(
        (trained / name).stat().st_size
        for name in ("model.pkl", "serving.duckdb")
    )
    assert files < listed[0].size < files + 100_000
    line = listed[0].line()
    assert line.startswith(f"* {versions[1]}")
    assert "generated data" in line


def test_the_newest_stay_and_the_current_one(
    trained: Path, store: Store, cache: Path
) -> None:
    versions = published(trained, store, 4)
    rollback(versions[0], store, KEY, cache=cache)
    assert prune(store, KEYS, keep=1) == [versions[2], versions[1]]
    left = {each.version for each in list_releases(store, KEYS)}
    assert left == {versions[0], versions[3]}
    assert load_current(store, cache, KEYS).version == versions[0]
    assert prune(store, KEYS, keep=1) == []


def test_what_a_dead_publisher_left_goes_a_day_later(
    trained: Path, folder_store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(trained, folder_store, KEY)
    half = folder_store.folder / "releases" / ("0" * 20)
    half.mkdir()
    (half / "model.pkl").write_bytes(b"half")
    assert prune(folder_store, KEYS, keep=1) == []
    assert "it has no manifest" in list_releases(folder_store, KEYS)[1].line()
    monkeypatch.setattr(inventory, "ABANDONED", -1)
    assert prune(folder_store, KEYS, keep=1) == ["0" * 20]
    assert not half.exists()


def test_without_a_pointer_nothing_is_removed(
    trained: Path, folder_store: FolderStore
) -> None:
    publish(trained, folder_store, KEY)
    (folder_store.folder / "current.json").write_bytes(b"\xff")
    with pytest.raises(PruneError, match="none is removed"):
        prune(folder_store, KEYS, keep=1)
    assert len(list_releases(folder_store, KEYS)) == 1


def test_the_manifest_goes_first(
    trained: Path, folder_store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(trained, folder_store, 2)
    removed: list[str] = []
    monkeypatch.setattr(folder_store, "remove", removed.append)
    prune(folder_store, KEYS, keep=1)
    names = [key.split("/")[-1] for key in removed]
    assert names == ["manifest.json", "model.pkl", "serving.duckdb"]


def test_files_that_are_no_releases_are_left_alone(
    trained: Path, folder_store: FolderStore
) -> None:
    publish(trained, folder_store, KEY)
    notes = folder_store.folder / "releases" / "notes"
    notes.mkdir()
    (notes / "readme.txt").write_text("mine")
    assert len(list_releases(folder_store, KEYS)) == 1
