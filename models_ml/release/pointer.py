"""The pointer `current.json`: which release of a store is to be served.

It is signed, has a number that only rises, and expires. So whoever can write
to the store can neither move readers to an old release (a rollback), nor hold
them at one without their noticing (a freeze), nor name one that was never
current. The attacks are those of The Update Framework, section 1.5.2.
"""

import datetime
import time
from dataclasses import dataclass
from typing import Final

import msgspec

from models_ml.release.keys import SigningKey, VerifyKeys
from models_ml.release.manifest import (
    ReleaseRefused,
    decode_json,
    is_version,
    untrusted_key,
)
from models_ml.release.store import NotInStore, Store, StoreError, TooLarge

POINTER: Final = "current.json"
#: Format of pointers; a reader of another format refuses them.
FORMAT: Final = 2
_CAP: Final = 4096
_PURPOSE: Final = "pointer"


class Pointer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `current.json` holds."""

    format: int
    version: str
    """The release to serve."""
    number: int
    """Higher than that of every pointer before it."""
    signed: str
    """UTC, ISO 8601."""
    expires: str
    """UTC, ISO 8601; a reader takes it no longer."""
    key_id: str
    """Names the public key that verifies the signature."""
    signature: str
    """Ed25519, of the pointer without it; hexadecimal."""


@dataclass(frozen=True)
class PointerState:
    """What a publisher found where the pointer is kept."""

    pointer: Pointer | None
    """None: there is none yet, or none that a trusted key signed."""
    tag: str | None
    """Of this state; None: there is no pointer yet."""

    @property
    def version(self) -> str | None:
        """The release that is current; None: there is none."""
        return self.pointer.version if self.pointer else None


def read_pointer(store: Store, keys: VerifyKeys) -> PointerState:
    """The pointer in the store, to be replaced.

    One that has expired, is damaged or not signed is no error: a publisher
    must be able to replace it. Raises StoreError if the store fails.
    """
    try:
        read = store.read(POINTER, _CAP)
    except NotInStore:
        return PointerState(None, None)
    except TooLarge as error:
        raise StoreError(
            f"{error}: it is no pointer; remove {POINTER} from"
            f" {store.location}"
        ) from error
    try:
        return PointerState(_verified(read.content, keys), read.tag)
    except ReleaseRefused:
        return PointerState(None, read.tag)


def current_pointer(store: Store, keys: VerifyKeys, lowest: int) -> Pointer:
    """The pointer, verified, of at least the number `lowest`, not expired.

    Raises NotInStore if nothing was published yet, ReleaseRefused if the
    pointer is not to be followed, StoreError if the store fails.
    """
    try:
        content = store.read(POINTER, _CAP).content
    except NotInStore:
        raise NotInStore(
            f"{store.location} holds no release yet: python -m models_ml"
            " publish makes one"
        ) from None
    except TooLarge as error:
        raise _refused(str(error)) from error
    pointer = _verified(content, keys)
    if pointer.number < lowest:
        raise _refused(
            f"{POINTER} has the number {pointer.number}, and {lowest} was"
            " accepted before: it is an old one; python -m models_ml rollback"
            " signs a new one for an older release"
        )
    if pointer.expires <= _utc(time.time()):
        raise _refused(
            f"{POINTER} expired at {pointer.expires}: python -m models_ml"
            " refresh, where the signing key is, signs it again"
        )
    return pointer


def move_pointer(
    store: Store,
    before: PointerState,
    version: str,
    key: SigningKey,
    expiry_days: int,
) -> Pointer | None:
    """Point to `version`; None if the pointer moved since `before`.

    Its number is the time in seconds, or one more than that of `before`: it
    rises even where the last pointer is lost or damaged. Raises StoreError if
    the store fails.
    """
    now = time.time()
    last = before.pointer.number if before.pointer else 0
    pointer = Pointer(
        format=FORMAT,
        version=version,
        number=max(int(now), last + 1),
        signed=_utc(now),
        expires=_utc(now + expiry_days * 86_400),
        key_id=key.key_id,
        signature="",
    )
    signature = key.sign(_PURPOSE, _encoded(pointer))
    pointer = msgspec.structs.replace(pointer, signature=signature)
    moved = store.replace(POINTER, _encoded(pointer), before.tag)
    return pointer if moved else None


def needs_signing(pointer: Pointer, key: SigningKey, expiry_days: int) -> bool:
    """Whether a publisher should sign the pointer anew, as it stands.

    When another key signed it, and in the second half of its life.
    """
    half = _utc(time.time() + expiry_days * 86_400 / 2)
    return pointer.key_id != key.key_id or pointer.expires < half


def _verified(content: bytes, keys: VerifyKeys) -> Pointer:
    """The pointer in `content`; raises ReleaseRefused unless it is signed."""
    try:
        pointer = decode_json(content, Pointer)
    except msgspec.DecodeError as error:
        raise _refused(f"{POINTER} cannot be read: {error}") from error
    if pointer.format != FORMAT:
        raise _refused(
            f"{POINTER} has format {pointer.format}, and this code reads"
            f" format {FORMAT}"
        )
    if pointer.key_id not in keys.ids:
        raise _refused(f"{POINTER} {untrusted_key(pointer.key_id)}")
    unsigned = msgspec.structs.replace(pointer, signature="")
    if not keys.verify(
        pointer.key_id, _PURPOSE, _encoded(unsigned), pointer.signature
    ):
        raise _refused(f"the signature does not match {POINTER}")
    if not is_version(pointer.version):
        raise _refused(f"{POINTER} names no release")
    return pointer


def _encoded(pointer: Pointer) -> bytes:
    compact = msgspec.json.encode(pointer, order="sorted")
    return msgspec.json.format(compact, indent=2) + b"\n"


def _refused(reason: str) -> ReleaseRefused:
    return ReleaseRefused("current", reason)


def _utc(seconds: float) -> str:
    """Of one length and form, so that text sorts as time does."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.isoformat("T", "seconds")
