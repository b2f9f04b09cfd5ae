"""How long the build takes: `python -m benchmarks.build`.

Each step runs in a process of its own, from nothing, in a folder that is
removed afterwards; seconds are of the clock, memory is the highest resident
size of the step's processes.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models_ml.report.markdown import replace_block, table
from models_ml.settings import PROJECT, load_settings

PAGE: Final = PROJECT / "docs/build-times.md"
_STEPS: Final = (
    ("fetch", "fetch"),
    ("dbt build: models and tests", "warehouse"),
    ("train: all candidates, then the winners", "train"),
    ("publish", "publish"),
    ("build again, nothing changed", "build"),
)


@dataclass(frozen=True)
class Measured:
    """One step of the build."""

    step: str
    seconds: float
    peak_mib: float


def main() -> None:
    """Measure every step and write the table into the pages."""
    with tempfile.TemporaryDirectory() as folder:
        measured = [_measure(Path(folder), *step) for step in _STEPS]
    rows = [
        [step.step, f"{step.seconds:.1f}", f"{step.peak_mib:.0f}"]
        for step in measured
    ]
    text = table(["step", "seconds", "peak memory, MiB"], rows)
    cores = len(os.sched_getaffinity(0))
    note = f"Measured by `python -m benchmarks.build` on {cores} cores."
    replace_block(PAGE, "build-times", f"{text}\n\n{note}")
    print(text)


def _measure(home: Path, step: str, command: str) -> Measured:
    environment = os.environ | {
        "MOVIELENS_SOURCE": _source(),
        "PLATEIA_HOME": str(home),
    }
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "models_ml", command],
        cwd=PROJECT,
        env=environment,
    )
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{step} failed")
    return Measured(step, time.perf_counter() - start, _mib(usage))


def _mib(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def _source() -> str:
    source = load_settings().movielens_source
    path = PROJECT / source
    return str(path.resolve()) if path.exists() else source


if __name__ == "__main__":
    main()
