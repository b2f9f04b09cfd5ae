"""Fetching a release, verifying it, and turning it into predictors.

The order matters: nothing is parsed by anything that damage could crash or
lead astray before its bytes are known to be those that were signed.
"""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from models_ml.film.predictor import AudiencePredictor
from models_ml.lock import exclusive
from models_ml.new_films.predictor import NewFilmPredictor
from models_ml.person.predictor import PersonPredictor
from models_ml.profile.parse import ZipPrefixes
from models_ml.release.golden import GoldenMismatch, check_film, check_person
from models_ml.release.keys import VerifyKeys
from models_ml.release.manifest import (
    FILES,
    MANIFEST,
    MANIFEST_CAP,
    MODEL,
    SERVING,
    Manifest,
    ReleaseRefused,
    file_record,
    key_of,
    read_manifest,
    record_of,
)
from models_ml.release.payload import PayloadError, load_payload
from models_ml.release.pointer import current_pointer
from models_ml.release.predictors import predictors_of
from models_ml.release.serving_file import (
    ServingError,
    serving_movie_ids,
    serving_rows,
)
from models_ml.release.store import NotInStore, Store, TooLarge
from models_ml.release.trust import Trusted

#: Bytes of a file; no release comes near it.
FILE_CAP: Final = 4 << 30
_LOCK: Final = ".lock"
_ARRIVING: Final = ".arriving"
_DISCARDED: Final = ".discarded"


@dataclass(frozen=True)
class Release:
    """A release that was verified and is ready to answer."""

    version: str
    manifest: Manifest
    person: PersonPredictor
    film: AudiencePredictor
    new_films: NewFilmPredictor
    zip_prefixes: ZipPrefixes
    serving: Path
    """serving.duckdb in the cache; never changed nor replaced."""


def load_current(store: Store, cache: Path, keys: VerifyKeys) -> Release:
    """The release that the store's pointer names, verified and accepted.

    Raises ReleaseRefused if it may not serve, NotInStore if nothing was
    published yet, StoreError if the store fails.
    """
    trusted = Trusted(store, cache)
    pointer = current_pointer(store, keys, trusted.lowest(keys))
    release = load_release(store, pointer.version, cache, keys)
    trusted.accept(pointer)
    return release


def load_release(
    store: Store, version: str, cache: Path, keys: VerifyKeys
) -> Release:
    """A release by name, from the cache if it is there and whole.

    Raises as `load_current` does.
    """
    folder = cache / version
    if folder.is_dir():
        # The cache may be damaged and the store not: then ask the store.
        with suppress(ReleaseRefused):
            return _loaded(folder, keys)
    _fetch(store, version, cache, keys)
    return _loaded(folder, keys)


def load_last_good(
    store: Store, cache: Path, keys: VerifyKeys
) -> Release | None:
    """The store's release that was last accepted here; None if none was.

    A start serves it without asking the store, which may fail or hang.
    Raises ReleaseRefused if the cached copy is damaged.
    """
    version = Trusted(store, cache).last_good
    if version is None or not (cache / version).is_dir():
        return None
    return _loaded(cache / version, keys)


def _fetch(store: Store, version: str, cache: Path, keys: VerifyKeys) -> None:
    """Copy a release to the cache, each file checked as it arrives.

    One process at a time: the others find the release there afterwards.
    """
    with exclusive(cache / _LOCK):
        if _is_whole(cache / version, keys):
            return
        arriving = cache / _ARRIVING
        # Of a process that was killed.
        shutil.rmtree(arriving, ignore_errors=True)
        arriving.mkdir()
        try:
            _receive(store, version, arriving, keys)
            _take_place(arriving, cache / version)
        finally:
            shutil.rmtree(arriving, ignore_errors=True)


def _is_whole(folder: Path, keys: VerifyKeys) -> bool:
    """Whether the files in the cache are those of the manifest there."""
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = read_manifest(content, folder.name, keys)
        return all(
            file_record(folder / name) == manifest.files[name]
            for name in FILES
        )
    except (OSError, ReleaseRefused):
        return False


def _receive(
    store: Store, version: str, arriving: Path, keys: VerifyKeys
) -> None:
    try:
        content = store.read(key_of(version, MANIFEST), MANIFEST_CAP).content
        manifest = read_manifest(content, version, keys)
        for name in FILES:
            size = _within_cap(manifest, name)
            store.fetch(key_of(version, name), arriving / name, size)
            _check_file(manifest, arriving / name)
    except (NotInStore, TooLarge) as error:
        raise ReleaseRefused(version, str(error)) from error
    (arriving / MANIFEST).write_bytes(content)


def _take_place(arriving: Path, folder: Path) -> None:
    """Replace a damaged copy; files that someone has open stay theirs."""
    if folder.exists():
        aside = folder.with_name(_DISCARDED)
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
    arriving.rename(folder)


def _loaded(folder: Path, keys: VerifyKeys) -> Release:
    """The release in a folder of the cache, all of it verified."""
    version = folder.name
    try:
        manifest = read_manifest(
            (folder / MANIFEST).read_bytes(), version, keys
        )
        _check_file(manifest, folder / SERVING)
        # Read once: what is unpickled is what was checked.
        model = (folder / MODEL).read_bytes()
        _check_model(manifest, model)
        release = _assembled(folder, manifest, load_payload(model))
        check_person(release.person, manifest.golden_person)
        check_film(release.film, manifest.golden_film)
    except OSError as error:
        raise ReleaseRefused(
            version, f"the cached copy cannot be read: {error}"
        ) from error
    except (PayloadError, GoldenMismatch, ServingError) as error:
        raise ReleaseRefused(version, str(error)) from error
    return release


def _assembled(
    folder: Path, manifest: Manifest, payload: dict[str, Any]
) -> Release:
    """Predictors from the payload, if it and the tables fit together."""
    version = manifest.version
    predictors = predictors_of(payload)
    serving = folder / SERVING
    if serving_rows(serving) != manifest.rows:
        raise ReleaseRefused(
            version, "serving.duckdb has other rows than the manifest says"
        )
    movie_ids = predictors.person.movie_ids
    if not np.array_equal(serving_movie_ids(serving), movie_ids):
        raise ReleaseRefused(
            version, "serving.duckdb and model.pkl hold different films"
        )
    return Release(
        version=version,
        manifest=manifest,
        person=predictors.person,
        film=predictors.film,
        new_films=predictors.new_films,
        zip_prefixes=predictors.zip_prefixes,
        serving=serving,
    )


def _within_cap(manifest: Manifest, name: str) -> int:
    size = manifest.files[name].size
    if size > FILE_CAP:
        raise ReleaseRefused(
            manifest.version,
            f"{name} has {size} bytes, more than {FILE_CAP}",
        )
    return size


def _check_file(manifest: Manifest, path: Path) -> None:
    if file_record(path) != manifest.files[path.name]:
        raise _not_as_signed(manifest, path.name)


def _check_model(manifest: Manifest, model: bytes) -> None:
    if record_of(model) != manifest.files[MODEL]:
        raise _not_as_signed(manifest, MODEL)


def _not_as_signed(manifest: Manifest, name: str) -> ReleaseRefused:
    return ReleaseRefused(
        manifest.version,
        f"{name} is damaged: size or SHA-256 is not the one in the manifest",
    )
