"""The manifest of a release: what it holds, signed."""

import hashlib
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from models_ml.data_kind import DataKind
from models_ml.errors import PlateiaError
from models_ml.release.keys import SigningKey, VerifyKeys

#: Format of releases; a reader of another format refuses them.
FORMAT: Final = 3

MODEL: Final = "model.pkl"
SERVING: Final = "serving.duckdb"
MANIFEST: Final = "manifest.json"
#: What `train` tells of a release; the manifest takes it up.
TRAINING_RECORD: Final = "training.json"
#: Files of a release beside its manifest.
FILES: Final = (MODEL, SERVING)

#: Bytes; a manifest holds the metrics and some golden predictions.
MANIFEST_CAP: Final = 4 << 20

_VERSION_DIGITS: Final = 20
_PURPOSE: Final = "manifest"
_T = TypeVar("_T")


class ReleaseRefused(PlateiaError):  # noqa: N818 - the interface's name
    """A release may not serve; `reason` says why, in a sentence."""

    def __init__(self, version: str, reason: str) -> None:
        super().__init__(f"release {version} is refused: {reason}")
        self.version = version
        self.reason = reason


class FileRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file of the release must be."""

    sha256: str
    """Hexadecimal."""
    size: int
    """Bytes."""


class PersonGolden(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the person predictor answered when the release was made."""

    codes: list[int]
    rated: list[tuple[int, int]]
    """Row number of the film, step of its stars; empty: no ratings known."""
    answered: list[tuple[int, int]]
    """The same of films that were asked about; 0: not seen."""
    movie_index: list[int]
    probabilities: list[list[float]]
    interest: list[float]


class FilmGolden(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the audience predictor answered when the release was made."""

    title: str
    year: int | None
    genres: list[str]
    by: list[str]
    reach: list[float]
    probabilities: list[list[float]]
    affinity: list[float]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All about a release; immutable, since it is signed."""

    format: int
    version: str
    """Named by content: from everything here but time and signature."""
    created: str
    """UTC, ISO 8601."""
    key_id: str
    """Names the public key that verifies the signature."""
    files: dict[str, FileRecord]
    rows: dict[str, int]
    """Rows of each table of serving.duckdb."""
    n_ratings: int
    """That serving.duckdb counts."""
    libraries: dict[str, str]
    """Versions that the models were trained with."""
    data_digest: str
    data_kind: DataKind
    data_generated: bool
    """Trained on generated data: every answer says so."""
    metrics: dict[str, Any]
    feature_names: list[str]
    golden_person: list[PersonGolden]
    golden_film: list[FilmGolden]
    signature: str
    """Ed25519, of the canonical manifest without it; hexadecimal."""


class TrainingRecord(msgspec.Struct, frozen=True):
    """What `training.json`, left by `train`, must tell a release."""

    data_digest: str
    data_kind: DataKind
    data_generated: bool
    metrics: dict[str, Any]
    libraries: dict[str, str]
    feature_names: list[str] = []


def canonical(manifest: Manifest) -> bytes:
    """The one way to write a manifest: sorted keys, two spaces."""
    compact = msgspec.json.encode(manifest, order="sorted")
    return msgspec.json.format(compact, indent=2) + b"\n"


def sign(manifest: Manifest, key: SigningKey) -> Manifest:
    """The manifest with its version, the key's id and the signature."""
    named = msgspec.structs.replace(manifest, key_id=key.key_id)
    # What JSON cannot tell apart (tuples, NaN) is settled before signing.
    named = msgspec.json.decode(canonical(named), type=Manifest)
    named = msgspec.structs.replace(named, version=content_version(named))
    signature = key.sign(_PURPOSE, _unsigned(named))
    return msgspec.structs.replace(named, signature=signature)


def read_manifest(data: bytes, version: str, keys: VerifyKeys) -> Manifest:
    """The manifest of release `version`, its signature verified.

    Raises ReleaseRefused if it is damaged, signed with a key that is not
    trusted or not at all, of another release or of another format.
    """
    manifest = _decode(data, version)
    if not manifest.signature:
        raise ReleaseRefused(version, "the manifest is not signed")
    if manifest.key_id not in keys.ids:
        raise ReleaseRefused(
            version, f"the manifest {untrusted_key(manifest.key_id)}"
        )
    if not keys.verify(
        manifest.key_id, _PURPOSE, _unsigned(manifest), manifest.signature
    ):
        raise ReleaseRefused(
            version, "the signature does not match the manifest"
        )
    if version != manifest.version or version != content_version(manifest):
        raise ReleaseRefused(
            version, f"the manifest is of release {manifest.version}"
        )
    if set(manifest.files) != set(FILES):
        raise ReleaseRefused(
            version, f"its files are {sorted(manifest.files)}, not {FILES}"
        )
    return manifest


def untrusted_key(key_id: str) -> str:
    """The end of a sentence about what a key not trusted here signed."""
    return (
        f"was signed with another key ({key_id}) than those trusted here:"
        " PLATEIA_VERIFY_KEYS, or else the public half of PLATEIA_SIGNING_KEY"
        " or $PLATEIA_HOME/signing.key"
    )


def decode_json(data: bytes, kind: type[_T]) -> _T:
    """A value of `kind`; raises msgspec.DecodeError, whatever the bytes."""
    try:
        return msgspec.json.decode(data, type=kind)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(f"it is not UTF-8: {error}") from error


def content_version(manifest: Manifest) -> str:
    """The name that a manifest's content gives its release.

    The first 20 hexadecimal digits of its SHA-256; version, time of making
    and signature do not count.
    """
    content = msgspec.structs.replace(
        manifest, version="", created="", signature=""
    )
    digest = hashlib.sha256(canonical(content)).hexdigest()
    return digest[:_VERSION_DIGITS]


def is_version(text: str) -> bool:
    """Whether `text` can be the name of a release (and a safe file name)."""
    return len(text) == _VERSION_DIGITS and set(text) <= set(
        "0123456789abcdef"
    )


def key_of(version: str, name: str) -> str:
    """The key of a release's file in the store."""
    return f"releases/{version}/{name}"


def file_record(path: Path) -> FileRecord:
    """Size and SHA-256 of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileRecord(sha256=digest, size=file.tell())


def record_of(content: bytes) -> FileRecord:
    """Size and SHA-256 of bytes."""
    return FileRecord(
        sha256=hashlib.sha256(content).hexdigest(), size=len(content)
    )


def _decode(data: bytes, version: str) -> Manifest:
    _check_format(data, version)
    try:
        manifest = decode_json(data, Manifest)
    except msgspec.DecodeError as error:
        raise ReleaseRefused(
            version, f"the manifest cannot be read: {error}"
        ) from error
    # Else two texts could carry one signature.
    if canonical(manifest) != data:
        raise ReleaseRefused(version, "the manifest is not in canonical form")
    return manifest


class _Format(msgspec.Struct):
    format: int


def _check_format(data: bytes, version: str) -> None:
    """Another format may have other fields: say so before they puzzle."""
    try:
        format_ = decode_json(data, _Format).format
    except msgspec.DecodeError as error:
        raise ReleaseRefused(
            version, f"the manifest cannot be read: {error}"
        ) from error
    if format_ != FORMAT:
        raise ReleaseRefused(
            version,
            f"it has format {format_}, and this code reads format {FORMAT}:"
            " python -m models_ml build publishes one",
        )


def _unsigned(manifest: Manifest) -> bytes:
    return canonical(msgspec.structs.replace(manifest, signature=""))
