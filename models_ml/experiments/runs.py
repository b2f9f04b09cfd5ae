"""Saved runs: every experiment leaves a file, the losing ones too."""

import hashlib
import json
import resource
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from models_ml.atomic import replacing, write_text

#: Versions that decide the numbers, for runs, releases and validity.
LIBRARIES: Final = (
    "duckdb",
    "lightgbm",
    "numpy",
    "pandas",
    "pyarrow",
    "scikit-learn",
    "scipy",
)


def library_versions() -> dict[str, str]:
    """The versions that can change a number."""
    python = ".".join(map(str, sys.version_info[:3]))
    return {"python": python} | {name: version(name) for name in LIBRARIES}


@dataclass
class Run:
    """One experiment: what was fitted, on what, and how well it did."""

    task: str
    """new_person, few_ratings, catalogue, questions, new_film or
    new_person_new_film."""
    stage: str
    """validation, cross_validation, test, placebo, time_split, learning_curve,
    search or left_out (see `details`)."""
    candidate: str
    params: dict[str, Any]
    seed: int
    data_digest: str
    data_generated: bool
    train_folds: list[int]
    test_folds: list[int]
    metrics: dict[str, float] = field(default_factory=dict)
    intervals: dict[str, list[float]] = field(default_factory=dict)
    """95 % bootstrap interval of a metric, [low, high]."""
    details: dict[str, Any] = field(default_factory=dict)
    """Tables and curves that the report draws."""
    seconds: float = 0.0
    peak_memory_mib: float = 0.0
    """Highest resident memory of the process up to the end of the run."""
    libraries: dict[str, str] = field(default_factory=library_versions)
    started_at: str = ""

    @property
    def run_id(self) -> str:
        """Name of the run: what it is, and a digest of all that decides it.

        The same experiment on the same data has the same name, so that
        repeating it replaces its record instead of adding a second one.
        """
        decides = (
            self.params,
            self.seed,
            self.data_digest,
            self.train_folds,
            self.test_folds,
            self.libraries,
        )
        digest = hashlib.sha256(_canonical(decides).encode()).hexdigest()
        return f"{self.task}-{self.stage}-{self.candidate}-{digest[:10]}"


@contextmanager
def measured(run: Run) -> Iterator[Run]:
    """Fill in the run's start, seconds and peak memory."""
    run.started_at = datetime.now(UTC).isoformat(timespec="seconds")
    start = time.perf_counter()
    yield run
    run.seconds = round(time.perf_counter() - start, 2)
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run.peak_memory_mib = round(peak_kib / 1024, 1)


def save_run(
    folder: Path,
    run: Run,
    losses: Mapping[str, NDArray[Any]] | None = None,
) -> Path:
    """Write `<run_id>.json` and, where given, losses as `<run_id>.parquet`.

    `losses` are columns of equal length, a row for each person or film; a
    paired bootstrap needs them.
    """
    path = folder / f"{run.run_id}.json"
    record = {"run_id": run.run_id} | asdict(run)
    write_text(path, _canonical(record, indent=1) + "\n")
    if losses is not None:
        with replacing(path.with_suffix(".parquet")) as part:
            pq.write_table(pa.table(dict(losses)), part)
    return path


def load_runs(folder: Path) -> list[dict[str, Any]]:
    """All records of `folder`, ordered by run id."""
    return [
        json.loads(path.read_text("utf-8"))
        for path in sorted(folder.glob("*.json"))
    ]


def load_losses(folder: Path, run_id: str) -> dict[str, NDArray[Any]]:
    """The losses that were saved with a run."""
    table = pq.read_table(folder / f"{run_id}.parquet")
    return {name: table[name].to_numpy() for name in table.column_names}


def _canonical(value: object, indent: int | None = None) -> str:
    return json.dumps(
        value,
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        indent=indent,
        default=_plain,
    )


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot stand in a run record")
