"""Publishing: from what `train` left to the release that is served."""

import datetime
import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from models_ml.errors import PlateiaError
from models_ml.release.golden import golden_film, golden_person
from models_ml.release.manifest import (
    FILES,
    FORMAT,
    MANIFEST,
    MANIFEST_CAP,
    MODEL,
    SERVING,
    TRAINING_RECORD,
    FileRecord,
    Manifest,
    ReleaseRefused,
    TrainingRecord,
    canonical,
    file_record,
    key_of,
    read_manifest,
    sign,
)
from models_ml.release.payload import load_payload
from models_ml.release.pointer import move_pointer, read_pointer
from models_ml.release.predictors import predictors_of
from models_ml.release.serving_file import serving_rows
from models_ml.release.store import Store, TooLarge


class PublishError(PlateiaError):
    """A release cannot be published; the message says what to do."""


@dataclass(frozen=True)
class Published:
    """What `publish` did."""

    version: str
    is_new: bool
    """False: the store held this release already."""
    replaced: str | None
    """The release that was current before; None: there was none."""


def publish(trained: Path, store: Store, key: bytes) -> Published:
    """Publish the folder `trained` and make it the current release.

    The files come first, each under a name made from the content, then the
    manifest, and the pointer last: whenever this ends, what `current.json`
    names is whole. Publishing the same content again changes nothing.

    Raises PublishError for an incomplete folder, for other content under the
    release's name, and if another publisher moved the pointer meanwhile;
    PayloadError for a model of other code; StoreError if the store fails.
    """
    before = read_pointer(store)
    manifest = sign(_describe(trained), key)
    version = manifest.version
    new = [
        _put(store, version, name, trained / name, manifest.files[name])
        for name in FILES
    ]
    new.append(_put_manifest(store, manifest, key))
    if not move_pointer(store, before, version):
        raise PublishError(
            f"release {version} is stored, but another publisher moved"
            " current.json meanwhile: publish again to make this one current"
        )
    return Published(version, any(new), before.version)


def _describe(trained: Path) -> Manifest:
    """The manifest of what lies in `trained`, not yet named and signed."""
    for name in (*FILES, TRAINING_RECORD):
        if not (trained / name).is_file():
            raise PublishError(
                f"{trained} has no {name}: python -m models_ml train makes it"
            )
    training = _training_record(trained / TRAINING_RECORD)
    payload = load_payload((trained / MODEL).read_bytes())
    person, film = predictors_of(payload)
    return Manifest(
        format=FORMAT,
        version="",
        created=datetime.datetime.now(datetime.UTC).isoformat("T", "seconds"),
        key_id="",
        files={name: file_record(trained / name) for name in FILES},
        rows=serving_rows(trained / SERVING),
        libraries=training.libraries,
        data_digest=training.data_digest,
        data_generated=training.data_generated,
        metrics=training.metrics,
        feature_names=training.feature_names,
        golden_person=golden_person(person),
        golden_film=golden_film(film),
        signature="",
    )


def _training_record(path: Path) -> TrainingRecord:
    try:
        return msgspec.json.decode(path.read_bytes(), type=TrainingRecord)
    except msgspec.DecodeError as error:
        raise PublishError(f"{path} cannot be read: {error}") from error


def _put(
    store: Store, version: str, name: str, source: Path, record: FileRecord
) -> bool:
    """Whether the file is new; one that is there must be the same."""
    key = key_of(version, name)
    if store.put_new(key, source, record.sha256):
        return True
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / name
        try:
            store.fetch(key, copy, record.size)
            same = file_record(copy) == record
        except TooLarge:
            same = False
    if not same:
        raise PublishError(_damaged(store, key))
    return False


def _put_manifest(store: Store, manifest: Manifest, key: bytes) -> bool:
    """Whether the manifest is new; one that is there must be as valid."""
    version = manifest.version
    content = canonical(manifest)
    at = key_of(version, MANIFEST)
    if store.put_new(at, content, hashlib.sha256(content).hexdigest()):
        return True
    try:
        read_manifest(store.read(at, MANIFEST_CAP).content, version, key)
    except (ReleaseRefused, TooLarge) as error:
        raise PublishError(f"{_damaged(store, at)}: {error}") from error
    return False


def _damaged(store: Store, key: str) -> str:
    return (
        f"{store.location} holds another {key} than the one published under"
        " this name: it was damaged or tampered with; remove the release"
        " from the store and publish again"
    )
