"""A command in a process of its own: time and memory, with its children's."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models_ml.settings import PROJECT

#: Seconds between two looks at the memory.
_INTERVAL: Final = 0.1
#: Of the time that is spent looking: a look at gigabytes takes milliseconds.
_SHARE: Final = 0.02


@dataclass(frozen=True)
class Usage:
    """What a command took."""

    seconds: float
    """Of the clock."""
    cpu_seconds: float
    """Of the processors, by the command and all processes it waited for."""
    peak_mib: float
    """Most memory that its processes held at the same time, in the looks that
    were had; memory that they share counts once. The most that one process
    ever held where none could be had."""


def measure_command(
    command: Sequence[str | Path], environment: Mapping[str, str]
) -> Usage:
    """Run Python with these arguments, in the project's folder.

    `environment` is added to this process's. Raises CalledProcessError when
    the command fails.
    """
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *command],
        cwd=PROJECT,
        env=os.environ | environment,
        stdout=sys.stderr,
    )
    ended = threading.Event()
    peak = [0.0]

    def watch() -> None:
        pause = _INTERVAL
        while not ended.wait(pause):
            began = time.thread_time()
            peak[0] = max(peak[0], held_mib(child.pid))
            pause = max(_INTERVAL, (time.thread_time() - began) / _SHARE)

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    ended.set()
    watcher.join()
    if status:
        code = os.waitstatus_to_exitcode(status)
        raise subprocess.CalledProcessError(code, child.args)
    return Usage(
        seconds,
        usage.ru_utime + usage.ru_stime,
        # Not their maximum: a new process is told the memory of the one that
        # started it as its own.
        peak[0] or usage.ru_maxrss / 1024,
    )


def held_mib(pid: int) -> float:
    """Memory of a process and of all below it, in MiB; 0 without /proc.

    Sum of proportional set sizes: forked processes share what they have not
    written to, and each page counts once.
    """
    return sum(_proportional_kib(each) for each in _tree(pid)) / 1024


def children(pid: int) -> list[int]:
    """Processes that a process has started and that still run."""
    pids: list[str] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            pids += (task / "children").read_text().split()
    return [int(each) for each in pids]


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for child in children(pid):
        yield from _tree(child)


def _proportional_kib(pid: int) -> int:
    # A process may end between being listed and being looked at.
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
