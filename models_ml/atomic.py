"""Files that appear whole or not at all."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

#: The names of parts, as a pattern for `glob`.
PARTS: Final = ".*.part"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, which becomes `path` when the block ends well.

    After an error whatever was at `path` stays as it was. Parts that killed
    processes left beside it are removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_left(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8."""
    with replacing(path) as part:
        part.write_text(text, "utf-8")


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content`."""
    with replacing(path) as part:
        part.write_bytes(content)


def _remove_left(path: Path) -> None:
    named = re.compile(rf"\.{re.escape(path.name)}\.(\d+)\.part")
    for beside in path.parent.iterdir():
        match = named.fullmatch(beside.name)
        if match and not _is_running(int(match[1])):
            beside.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return pid != os.getpid()
