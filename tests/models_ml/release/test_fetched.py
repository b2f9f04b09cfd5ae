"""The releases in a reader's cache."""

from pathlib import Path

from models_ml.release.fetched import fetched_manifests
from models_ml.release.folder import FolderStore
from models_ml.release.keys import SigningKey, VerifyKeys
from models_ml.release.load import load_current
from models_ml.release.publish import publish
from tests.models_ml.release.conftest import KEY, KEYS


def test_what_was_fetched_is_told_newest_first(
    trained: Path,
    other_trained: Path,
    folder_store: FolderStore,
    tmp_path: Path,
) -> None:
    cache = tmp_path / "cache"
    assert fetched_manifests(cache, KEYS) == ()
    fetched = []
    for folder in (trained, other_trained):
        publish(folder, folder_store, KEY, force_smaller=True)
        fetched.append(load_current(folder_store, cache, KEYS).manifest)
    fetched.sort(key=lambda each: (each.created, each.version), reverse=True)
    assert fetched_manifests(cache, KEYS) == tuple(fetched)


def test_what_no_trusted_key_signed_is_left_out(
    trained: Path, folder_store: FolderStore, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    publish(trained, folder_store, KEY)
    version = load_current(folder_store, cache, KEYS).version
    (cache / "not-a-release").mkdir()
    other = VerifyKeys.of(SigningKey.generate())
    assert fetched_manifests(cache, other) == ()
    manifest = cache / version / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"created", b"creates"))
    assert fetched_manifests(cache, KEYS) == ()
    manifest.unlink()
    assert fetched_manifests(cache, KEYS) == ()
