import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from models_ml.experiments import processes
from models_ml.experiments.processes import in_parallel
from models_ml.settings import PROJECT


@pytest.fixture(params=[1, 2])
def n_cpus(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.setattr(processes, "n_cpus", lambda: request.param)
    return request.param


def test_results_come_in_the_order_of_the_works(n_cpus: Any) -> None:
    shared = ["a", "b", "c"]
    works = [lambda k=k: (shared[k], os.getpid()) for k in range(3)]
    results = list(in_parallel(works))
    assert [name for name, _ in results] == shared
    elsewhere = {pid != os.getpid() for _, pid in results}
    assert elsewhere == {n_cpus > 1}


def test_an_error_of_a_work_is_raised(n_cpus: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_parallel([lambda: 1 // 0, lambda: 1]))


def test_no_work_gives_nothing(n_cpus: Any) -> None:
    assert list(in_parallel([])) == []


_KILLED = """
import os, signal, sys, time
from pathlib import Path
from models_ml.experiments import processes
from models_ml.lock import exclusive
processes.n_cpus = lambda: 2
def works_on() -> None:
    os.write(1, b"works" + bytes([10]))
    time.sleep(30)
with exclusive(Path(sys.argv[1])):
    list(processes.in_parallel([works_on, works_on]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends them")
def test_processes_end_with_the_one_that_was_killed(tmp_path: Path) -> None:
    """They hold its lock, which the next run would wait for without end."""
    lock = tmp_path / "models.lock"
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, lock],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for _ in range(2):
            assert process.stdout.readline() == "works\n"
        process.kill()
    end = time.monotonic() + 20
    with lock.open() as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                assert time.monotonic() < end, "the lock is held on"
                time.sleep(0.05)
