"""One process at a time, where two would write the same files."""

import fcntl
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models_ml.log import LOGGER


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


def _holder(path: Path) -> str:
    return path.read_text("utf-8", "replace").strip() or "another process"


def _command() -> str:
    return shlex.join(sys.orig_argv)
