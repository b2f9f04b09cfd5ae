"""One process at a time, where two would write the same files."""

import ctypes
import fcntl
import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from models_ml.log import LOGGER

#: Of Linux' prctl: the signal that a process gets once its parent has ended.
_PR_SET_PDEATHSIG: Final = 1


@contextmanager
def exclusive(path: Path) -> Iterator[int]:
    """Hold the lock file `path`; waits while another process holds it.

    The lock ends with the process, whatever becomes of it. A child process
    that inherits the file descriptor, which is given, holds it on. Whom it
    waits for is logged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            LOGGER.info(f"waiting for {_holder(path)}, which holds {path}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(f"process {os.getpid()} ({_command()})\n")
        lock.flush()
        yield lock.fileno()


def end_with_parent(parent: int | None = None) -> None:
    """Have this process killed when its parent ends, however that ends.

    It has inherited its parent's locks, and would hold them on. `parent`: its
    process id, where it is known; if that has ended already, so does this
    process. On Linux alone: elsewhere nothing changes.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if parent is not None and os.getppid() != parent:
            os._exit(1)


def _holder(path: Path) -> str:
    return path.read_text("utf-8", "replace").strip() or "another process"


def _command() -> str:
    return shlex.join(sys.orig_argv)
