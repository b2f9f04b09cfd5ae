"""Where releases are kept: one interface, over a folder or over S3."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from models_ml.errors import PlateiaError


class StoreError(PlateiaError):
    """The store cannot be used; the message says what to fix."""


class NotInStore(StoreError):  # noqa: N818 - a state, not a fault
    """The store holds nothing under that key."""


class TooLarge(StoreError):  # noqa: N818 - a state, not a fault
    """An object is larger than it may be; it was not read."""


@dataclass(frozen=True)
class Tagged:
    """An object's bytes and the tag that names this state of it."""

    content: bytes
    tag: str


@dataclass(frozen=True)
class Listed:
    """An object as a listing tells of it."""

    key: str
    size: int
    """Bytes."""
    modified: float
    """Seconds since 1970."""


class Store(Protocol):
    """Objects under keys such as `releases/<version>/model.pkl`.

    Every method raises StoreError when the store cannot be reached.
    """

    @property
    def location(self) -> str:
        """Where the store is, for messages."""

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Bound the seconds that the context may use the store altogether.

        Whatever would take longer raises StoreError. A folder needs no
        deadline: what is read from it is bounded by size.
        """

    def put_new(self, key: str, source: Path | bytes, sha256: str) -> bool:
        """Store a new object whole; False if there is one already.

        Never overwrites. Raises StoreError if the bytes that arrived do not
        have the hexadecimal `sha256`; nothing is stored then.
        """

    def fetch(self, key: str, target: Path, max_bytes: int) -> None:
        """Copy an object to the file `target`.

        Raises NotInStore, and TooLarge beyond `max_bytes`.
        """

    def read(self, key: str, max_bytes: int) -> Tagged:
        """A small object whole.

        Raises NotInStore, and TooLarge beyond `max_bytes`.
        """

    def list(self, prefix: str) -> Iterable[Listed]:
        """All objects whose key begins with `prefix`, in any order."""

    def remove(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""

    def replace(self, key: str, content: bytes, tag: str | None) -> bool:
        """Replace an object if it still has `tag` (None: if there is none).

        False, and nothing changed, if it has not.
        """
