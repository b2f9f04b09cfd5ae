"""The pointer `current.json`: which release of a store is to be served."""

from dataclasses import dataclass
from typing import Final

import msgspec

from models_ml.release.manifest import ReleaseRefused, is_version
from models_ml.release.store import NotInStore, Store, TooLarge

POINTER: Final = "current.json"
_CAP: Final = 4096


@dataclass(frozen=True)
class PointerState:
    """What the pointer was when it was read."""

    version: str | None
    """None: there is no pointer yet, or it names no release."""
    tag: str | None
    """Of this state; None: there is no pointer yet."""


class _Content(msgspec.Struct, forbid_unknown_fields=True):
    version: str


def read_pointer(store: Store) -> PointerState:
    """The pointer as it is; raises StoreError if the store fails."""
    try:
        found = store.read(POINTER, _CAP)
    except NotInStore:
        return PointerState(None, None)
    return PointerState(_version(found.content), found.tag)


def current_version(store: Store) -> str:
    """The release to serve.

    Raises NotInStore if nothing was published yet, ReleaseRefused if the
    pointer names no release, StoreError if the store fails.
    """
    try:
        content = store.read(POINTER, _CAP).content
    except NotInStore:
        raise NotInStore(
            f"{store.location} holds no release yet: python -m models_ml"
            " publish makes one"
        ) from None
    except TooLarge as error:
        raise ReleaseRefused("current", str(error)) from error
    version = _version(content)
    if version is None:
        raise ReleaseRefused("current", f"{POINTER} names no release")
    return version


def move_pointer(store: Store, before: PointerState, version: str) -> bool:
    """Point to `version`; False if the pointer moved since `before`."""
    if before.version == version:
        return True
    content = msgspec.json.encode(_Content(version)) + b"\n"
    return store.replace(POINTER, content, before.tag)


def _version(content: bytes) -> str | None:
    try:
        version = msgspec.json.decode(content, type=_Content).version
    except msgspec.DecodeError:
        return None
    return version if is_version(version) else None
