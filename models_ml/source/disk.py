"""How much may be written: nothing that would fill the disk."""

import shutil
from pathlib import Path
from typing import Final

#: Left to everything else that writes to the same disk.
RESERVE: Final = 256 << 20


class DiskTooSmall(OSError):  # noqa: N818 - says what is wrong
    """The disk has not enough free bytes."""


def require_free(folder: Path, n_bytes: int = 0) -> None:
    """Raise DiskTooSmall unless `n_bytes` fit below `folder`, with RESERVE.

    `folder` need not exist yet.
    """
    while not folder.exists():
        folder = folder.parent
    free = max(shutil.disk_usage(folder).free - RESERVE, 0)
    if n_bytes > free:
        raise DiskTooSmall(
            f"{n_bytes:,} bytes are needed and {free:,} are free"
        )
    if not free:
        raise DiskTooSmall(f"fewer than {RESERVE:,} bytes are free")
