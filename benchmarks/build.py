"""How long the build takes: `python -m benchmarks.build`.

Each step runs in a process of its own, from nothing, in a folder that is
removed afterwards; seconds are of the clock, memory is the most that the
step's processes held at the same time.
"""

import os
import tempfile
from typing import Final

from benchmarks.command import measure_command
from models_ml.report.markdown import replace_block, table
from models_ml.settings import PROJECT, load_settings

PAGE: Final = PROJECT / "docs/build-times.md"
_STEPS: Final = (
    ("fetch", "fetch"),
    ("dbt build: models and tests", "warehouse"),
    ("train: all candidates, and what is served", "train"),
    ("publish", "publish"),
    ("build again, nothing changed", "build"),
)


def main() -> None:
    """Measure every step and write the table into the pages."""
    rows = []
    with tempfile.TemporaryDirectory() as home:
        environment = {"MOVIELENS_SOURCE": _source(), "PLATEIA_HOME": home}
        for step, command in _STEPS:
            usage = measure_command(("-m", "models_ml", command), environment)
            rows.append(
                [step, f"{usage.seconds:.1f}", f"{usage.peak_mib:.0f}"]
            )
    text = table(["step", "seconds", "peak memory, MiB"], rows)
    cores = len(os.sched_getaffinity(0))
    note = f"Measured by `python -m benchmarks.build` on {cores} cores."
    replace_block(PAGE, "build-times", f"{text}\n\n{note}")
    print(text)


def _source() -> str:
    source = load_settings().movielens_source
    path = PROJECT / source
    return str(path.resolve()) if path.exists() else source


if __name__ == "__main__":
    main()
