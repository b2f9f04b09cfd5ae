"""What a reader of a store accepted before: `trusted.json` in its cache.

The release that was last good is what a start serves first. The highest
number of a pointer, by key, is what no later pointer may be below. By key,
since a stolen key could sign a number that no honest pointer ever reaches:
once the key is no longer trusted, neither is its number.
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

TRUSTED: Final = "trusted.json"
_CAP: Final = 65536
_LOGGER: Final = logging.getLogger("plateia.releases")


class _Record(msgspec.Struct, frozen=True):
    """The file's content."""

    version: str | None = None
    numbers: dict[str, int] = {}


class Trusted:
    """Of one cache; several processes may share the file.

    The numbers that this process accepted are kept in memory as well: a disk
    that is full or read-only must not let an old pointer pass.
    """

    def __init__(self, cache: Path) -> None:
        self._path = cache / TRUSTED
        self._lock = cache / f".{TRUSTED}.lock"
        self._numbers: dict[str, int] = {}

    @property
    def last_good(self) -> str | None:
        """The release that was last accepted; None: none was."""
        return self._read().version

    def lowest(self, keys: VerifyKeys) -> int:
        """What the number of a pointer must reach: 0 if none was accepted."""
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
            kept = self._read()
            if kept.numbers.get(pointer.key_id, 0) < pointer.number:
                numbers = kept.numbers | {pointer.key_id: pointer.number}
                self._write(_Record(pointer.version, numbers))

    def _write(self, record: _Record) -> None:
        write_bytes(self._path, msgspec.json.encode(record) + b"\n")

    def _read(self) -> _Record:
        """The file; one that is damaged counts as none.

        It must not keep a reader from a sound store: what it protects from
        then is what a new cache does not know either.
        """
        try:
            with self._path.open("rb") as file:
                record = decode_json(file.read(_CAP), _Record)
        except FileNotFoundError:
            return _Record()
        except (OSError, msgspec.DecodeError) as error:
            _LOGGER.warning(
                "the record of accepted releases cannot be read",
                extra={
                    "data": {"path": str(self._path), "reason": str(error)}
                },
            )
            return _Record()
        if record.version is not None and not is_version(record.version):
            return msgspec.structs.replace(record, version=None)
        return record
