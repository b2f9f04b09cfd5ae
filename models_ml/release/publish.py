"""Publishing: from what `train` left to the release that is served."""

import datetime
import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from models_ml.errors import PlateiaError
from models_ml.release.drift import smaller, worse
from models_ml.release.golden import golden_film, golden_person
from models_ml.release.keys import SigningKey, VerifyKeys
from models_ml.release.load import load_release
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
    decode_json,
    file_record,
    is_version,
    key_of,
    read_manifest,
    sign,
)
from models_ml.release.payload import load_payload
from models_ml.release.pointer import (
    Pointer,
    PointerState,
    move_pointer,
    needs_signing,
    read_pointer,
)
from models_ml.release.predictors import predictors_of
from models_ml.release.serving_file import serving_ratings, serving_rows
from models_ml.release.store import NotInStore, Store, TooLarge

#: Days for which a pointer is valid, unless the settings say otherwise.
EXPIRY_DAYS: Final = 365
_NO_STORE: Final = (
    "the server is no S3 store (AWS_ENDPOINT_URL), if it is one at all"
)


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


def publish(
    trained: Path,
    store: Store,
    key: SigningKey,
    *,
    keys: VerifyKeys | None = None,
    expiry_days: int = EXPIRY_DAYS,
    force_worse: bool = False,
    force_smaller: bool = False,
) -> Published:
    """Publish the folder `trained` and make it the current release.

    The files come first, each under a name made from the content, then the
    manifest, then all of it is read back, and the pointer comes last:
    whenever this ends, what `current.json` names is whole. Publishing the
    same content again changes nothing, but signs a pointer again that is in
    the second half of its life. `keys` are those trusted beside `key`.

    Raises PublishError for an incomplete folder, for a release that is worse
    than the current one or rests on less data (see `drift`), unless this is
    forced by the option's name, for other content under the
    release's name, for a store that does not hold what it was given, and if
    another publisher moved the pointer meanwhile; PayloadError for a model of
    other code; StoreError if the store fails.
    """
    keys = (keys or VerifyKeys([])).including(key)
    before = read_pointer(store, keys)
    manifest = sign(_describe(trained), key)
    current = _current_manifest(store, before, keys)
    if current is not None and current.version != manifest.version:
        if not force_worse:
            _refuse(worse(manifest, current), "--force-worse")
        if not force_smaller:
            _refuse(smaller(manifest, current), "--force-smaller")
    new = [
        store.put_new(
            key_of(manifest.version, name),
            trained / name,
            manifest.files[name].sha256,
        )
        for name in FILES
    ]
    new.append(_put_manifest(store, manifest))
    _check_stored(store, manifest, keys)
    replaced = before.version
    _point_to(store, before, manifest.version, key, expiry_days)
    return Published(manifest.version, any(new), replaced)


def rollback(
    version: str,
    store: Store,
    key: SigningKey,
    *,
    cache: Path,
    keys: VerifyKeys | None = None,
    expiry_days: int = EXPIRY_DAYS,
) -> str | None:
    """Make a release of the store the current one, newer or older.

    It is loaded and verified first, as a reader would, and the pointer gets a
    higher number, so that readers follow. Returns the release that was
    current before. Raises ReleaseRefused if it may not serve, PublishError if
    another publisher moved the pointer meanwhile, StoreError.
    """
    keys = (keys or VerifyKeys([])).including(key)
    if not is_version(version):
        raise PublishError(
            f"{version!r:.80} is no release: python -m models_ml releases"
            " lists those there are"
        )
    before = read_pointer(store, keys)
    load_release(store, version, cache, keys)
    _point_to(store, before, version, key, expiry_days)
    return before.version


def refresh(
    store: Store,
    key: SigningKey,
    *,
    keys: VerifyKeys | None = None,
    expiry_days: int = EXPIRY_DAYS,
) -> Pointer:
    """Sign the pointer again, as it stands, so that it expires later.

    Raises PublishError if there is none that a trusted key signed, or if
    another publisher moved it meanwhile; StoreError.
    """
    keys = (keys or VerifyKeys([])).including(key)
    before = read_pointer(store, keys)
    if before.version is None:
        raise PublishError(
            f"{store.location} has no pointer that a trusted key signed:"
            " python -m models_ml publish, or rollback VERSION, makes one"
        )
    return _moved(store, before, before.version, key, expiry_days)


def _current_manifest(
    store: Store, before: PointerState, keys: VerifyKeys
) -> Manifest | None:
    """Of the current release; None if there is none, or none that serves."""
    if before.version is None:
        return None
    try:
        at = key_of(before.version, MANIFEST)
        content = store.read(at, MANIFEST_CAP).content
        return read_manifest(content, before.version, keys)
    except (ReleaseRefused, TooLarge, NotInStore):
        return None


def _refuse(reason: str | None, option: str) -> None:
    if reason is not None:
        raise PublishError(
            f"the release is not published: {reason}; python -m models_ml"
            f" publish {option} publishes it all the same"
        )


def _point_to(
    store: Store,
    before: PointerState,
    version: str,
    key: SigningKey,
    expiry_days: int,
) -> None:
    """Have the pointer name `version`, and see that it does."""
    pointer = before.pointer
    if (
        pointer is not None
        and pointer.version == version
        and not needs_signing(pointer, key, expiry_days)
    ):
        return
    _moved(store, before, version, key, expiry_days)


def _moved(
    store: Store,
    before: PointerState,
    version: str,
    key: SigningKey,
    expiry_days: int,
) -> Pointer:
    pointer = move_pointer(store, before, version, key, expiry_days)
    if pointer is None:
        raise PublishError(
            f"release {version} is stored, but another publisher moved"
            " current.json meanwhile: publish again to make this one current"
        )
    # A server that says yes to everything says so here as well.
    read = read_pointer(store, VerifyKeys.of(key)).pointer
    if read is None or read.number < pointer.number:
        raise PublishError(
            f"{store.location} does not hold the current.json that was"
            f" written: {_NO_STORE}"
        )
    return pointer


def _describe(trained: Path) -> Manifest:
    """The manifest of what lies in `trained`, not yet named and signed."""
    for name in (*FILES, TRAINING_RECORD):
        if not (trained / name).is_file():
            raise PublishError(
                f"{trained} has no {name}: python -m models_ml train makes it"
            )
    training = _training_record(trained / TRAINING_RECORD)
    payload = load_payload((trained / MODEL).read_bytes())
    predictors = predictors_of(payload)
    return Manifest(
        format=FORMAT,
        version="",
        created=datetime.datetime.now(datetime.UTC).isoformat("T", "seconds"),
        key_id="",
        files={name: file_record(trained / name) for name in FILES},
        rows=serving_rows(trained / SERVING),
        n_ratings=serving_ratings(trained / SERVING),
        libraries=training.libraries,
        data_digest=training.data_digest,
        data_kind=training.data_kind,
        data_generated=training.data_generated,
        metrics=training.metrics,
        feature_names=training.feature_names,
        golden_person=golden_person(predictors.person),
        golden_film=golden_film(predictors.film),
        signature="",
    )


def _training_record(path: Path) -> TrainingRecord:
    try:
        return decode_json(path.read_bytes(), TrainingRecord)
    except msgspec.DecodeError as error:
        raise PublishError(f"{path} cannot be read: {error}") from error


def _put_manifest(store: Store, manifest: Manifest) -> bool:
    """Whether the manifest is new."""
    content = canonical(manifest)
    return store.put_new(
        key_of(manifest.version, MANIFEST),
        content,
        hashlib.sha256(content).hexdigest(),
    )


def _check_stored(store: Store, manifest: Manifest, keys: VerifyKeys) -> None:
    """Read all of the release back; raises PublishError unless it is right.

    Written now or before: what is there must be the same files, and a
    manifest as valid.
    """
    version = manifest.version
    for name in FILES:
        if not _holds(store, key_of(version, name), manifest.files[name]):
            raise PublishError(_damaged(store, key_of(version, name)))
    at = key_of(version, MANIFEST)
    try:
        read_manifest(store.read(at, MANIFEST_CAP).content, version, keys)
    except (ReleaseRefused, TooLarge, NotInStore) as error:
        raise PublishError(f"{_damaged(store, at)}: {error}") from error


def _holds(store: Store, key: str, record: FileRecord) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        try:
            store.fetch(key, copy, record.size)
        except (TooLarge, NotInStore):
            return False
        return file_record(copy) == record


def _damaged(store: Store, key: str) -> str:
    return (
        f"{store.location} holds another {key} than the one published under"
        " this name: it was damaged or tampered with, and then the release is"
        f" to be removed from the store and published again; or {_NO_STORE}"
    )
