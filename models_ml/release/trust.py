"""What a reader of a store accepted before: `trusted.json` in its cache.

The release that was last good is what a start serves first. The highest
number of a pointer, by key, is what no later pointer may be below. By key,
since a stolen key could sign a number that no honest pointer ever reaches:
once the key is no longer trusted, neither is its number. And by store: another
one may have been published to earlier, and rightly.
"""

import logging
from pathlib import Path
from typing import Final

import msgspec

from models_ml.atomic import write_bytes
from models_ml.lock import exclusive
from models_ml.release.keys import VerifyKeys
from models_ml.release.manifest import decode_json, is_version
from models_ml.release.pointer import Pointer
from models_ml.release.store import Store

TRUSTED: Final = "trusted.json"
_CAP: Final = 65536
_LOGGER: Final = logging.getLogger("plateia.releases")


class _Record(msgspec.Struct, frozen=True):
    """What was accepted of one store."""

    version: str | None = None
    numbers: dict[str, int] = {}


class _Content(msgspec.Struct, frozen=True):
    """The file's content: a record for each store, by its location."""

    stores: dict[str, _Record] = {}


class Trusted:
    """Of one store, in one cache; several processes may share the file.

    The numbers that this process accepted are kept in memory as well: a disk
    that is full or read-only must not let an old pointer pass.
    """

    def __init__(self, store: Store, cache: Path) -> None:
        self._location = store.location
        self._path = cache / TRUSTED
        self._lock = cache / f".{TRUSTED}.lock"
        self._numbers: dict[str, int] = {}

    @property
    def last_good(self) -> str | None:
        """The release that was last accepted; None: none was."""
        version = self._read().version
        return version if version and is_version(version) else None

    def lowest(self, keys: VerifyKeys) -> int:
        """Lowest number that a pointer may have: 0 if none was accepted."""
        kept = self._read().numbers
        return max(
            (
                max(kept.get(name, 0), self._numbers.get(name, 0))
                for name in keys.ids
            ),
            default=0,
        )

    def accept(self, pointer: Pointer) -> None:
        """Note a pointer, once its release has passed every check.

        Never earlier: else a signed pointer to a release that does not serve
        would lock out the one before it (CVE-2025-2888). Raises OSError if
        the cache cannot be written; this process remembers all the same.
        """
        if self._numbers.get(pointer.key_id, 0) >= pointer.number:
            return
        self._numbers[pointer.key_id] = pointer.number
        with exclusive(self._lock):
            # Another process may have accepted a later one.
            stores = self._content().stores
            kept = stores.get(self._location, _Record())
            if kept.numbers.get(pointer.key_id, 0) < pointer.number:
                numbers = kept.numbers | {pointer.key_id: pointer.number}
                record = _Record(pointer.version, numbers)
                self._write(_Content(stores | {self._location: record}))

    def _write(self, content: _Content) -> None:
        write_bytes(self._path, msgspec.json.encode(content) + b"\n")

    def _read(self) -> _Record:
        return self._content().stores.get(self._location, _Record())

    def _content(self) -> _Content:
        """The file; one that is damaged counts as none.

        It must not keep a reader from a sound store: what it protects from
        then is what a new cache does not know either.
        """
        try:
            with self._path.open("rb") as file:
                return decode_json(file.read(_CAP), _Content)
        except FileNotFoundError:
            return _Content()
        except (OSError, msgspec.DecodeError) as error:
            _LOGGER.warning(
                "the record of accepted releases cannot be read",
                extra={
                    "data": {"path": str(self._path), "reason": str(error)}
                },
            )
            return _Content()
