"""Every kind of store keeps the same promises."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models_ml.release.folder import FolderStore
from models_ml.release.open_store import open_store
from models_ml.release.store import NotInStore, Store, StoreError, TooLarge


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_what_was_put_is_fetched(store: Store, tmp_path: Path) -> None:
    content = bytes(range(256)) * 20_000
    source = tmp_path / "source"
    source.write_bytes(content)
    assert store.put_new("releases/a/model.pkl", source, sha256(content))
    copy = tmp_path / "copy"
    store.fetch("releases/a/model.pkl", copy, len(content))
    assert copy.read_bytes() == content


def test_an_object_is_never_overwritten(store: Store) -> None:
    assert store.put_new("k", b"first", sha256(b"first"))
    assert not store.put_new("k", b"second", sha256(b"second"))
    assert store.read("k", 100).content == b"first"


def test_of_many_writers_one_wins(store: Store) -> None:
    contents = [f"writer {k}".encode() * 1000 for k in range(8)]
    with ThreadPoolExecutor(8) as pool:
        won = list(
            pool.map(lambda c: store.put_new("k", c, sha256(c)), contents)
        )
    assert sum(won) == 1
    assert store.read("k", 10**6).content == contents[won.index(True)]


def test_what_is_not_there(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotInStore, match="nothing/here"):
        store.read("nothing/here", 10)
    with pytest.raises(NotInStore, match="nothing/here"):
        store.fetch("nothing/here", tmp_path / "copy", 10)


def test_the_size_is_capped(store: Store, tmp_path: Path) -> None:
    store.put_new("k", b"x" * 11, sha256(b"x" * 11))
    assert store.read("k", 11).content == b"x" * 11
    with pytest.raises(TooLarge):
        store.read("k", 10)
    with pytest.raises(TooLarge):
        store.fetch("k", tmp_path / "copy", 10)


def test_an_object_is_replaced_only_in_the_state_that_was_read(
    store: Store,
) -> None:
    assert store.replace("p", b"one", None)
    assert not store.replace("p", b"other", None)
    first = store.read("p", 10)
    assert store.replace("p", b"two", first.tag)
    assert not store.replace("p", b"three", first.tag)
    assert store.read("p", 10).content == b"two"


def test_nothing_is_replaced_where_nothing_is(store: Store) -> None:
    store.replace("p", b"one", None)
    tag = store.read("p", 10).tag
    assert not store.replace("q", b"one more", tag)
    with pytest.raises(NotInStore):
        store.read("q", 10)


def test_of_many_replacements_one_wins(store: Store) -> None:
    store.replace("p", b"start", None)
    tag = store.read("p", 100).tag
    contents = [f"version {k}".encode() for k in range(8)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda c: store.replace("p", c, tag), contents))
    assert sum(won) == 1
    assert store.read("p", 100).content == contents[won.index(True)]


def test_a_file_that_changes_while_it_is_copied_is_not_stored(
    folder_store: FolderStore, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"changed")
    with pytest.raises(StoreError, match="changed while it was copied"):
        folder_store.put_new("releases/k", source, sha256(b"as declared"))
    assert list((folder_store.folder / "releases").iterdir()) == []


def test_a_folder_leaves_no_other_files(folder_store: FolderStore) -> None:
    folder_store.put_new("releases/k", b"1", sha256(b"1"))
    folder_store.put_new("releases/k", b"2", sha256(b"2"))
    names = [p.name for p in (folder_store.folder / "releases").iterdir()]
    assert names == ["k"]


def other_kinds_of_files(path: Path) -> dict[str, Path]:
    """Files that have no end, never begin, or are somebody else's."""
    path.mkdir()
    (path / "zero").symlink_to("/dev/zero")
    (path / "link").symlink_to(__file__)
    (path / "folder").mkdir()
    os.mkfifo(path / "pipe")
    return {each.name: each for each in path.iterdir()}


@pytest.mark.parametrize("name", ["zero", "link", "folder", "pipe"])
def test_what_is_no_regular_file_is_not_read(
    name: str, folder_store: FolderStore, tmp_path: Path
) -> None:
    other_kinds_of_files(folder_store.folder)
    with pytest.raises(StoreError, match=name):
        folder_store.read(name, 10)
    with pytest.raises(StoreError, match=name):
        folder_store.fetch(name, tmp_path / "copy", 10)
    with pytest.raises(StoreError, match=name):
        folder_store.replace(name, b"new", None)


def test_what_a_killed_writer_left_is_removed(
    folder_store: FolderStore,
) -> None:
    folder = folder_store.folder / "releases" / "a"
    folder.mkdir(parents=True)
    (folder / ".model.pkl.part").write_bytes(b"half")
    folder_store.put_new("releases/b/model.pkl", b"1", sha256(b"1"))
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = FolderStore(tmp_path / "file" / "store")
    with pytest.raises(StoreError, match=str(tmp_path / "file")):
        store.put_new("k", b"1", sha256(b"1"))


@pytest.mark.parametrize("location", ["gs://b/p", "s3://", "http://host/x"])
def test_a_location_that_is_no_store_is_refused(location: str) -> None:
    with pytest.raises(StoreError, match="PLATEIA_STORE is"):
        open_store(location)
