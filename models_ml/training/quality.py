"""What was measured of the trained models, put on the release's record.

Runs are of `$PLATEIA_HOME/runs`, and of `docs/runs`, where the last
evaluation of MovieLens is kept. A run counts if it is of the same data, and
of the kept candidate only with the settings that were kept.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from models_ml.experiments.comparison import SERVED
from models_ml.experiments.runs import load_runs
from models_ml.release.manifest import TRAINING_RECORD, TrainingRecord
from models_ml.release.quality import (
    QUALITY,
    Bin,
    Coverage,
    GroupError,
    Quality,
    Reference,
    TaskQuality,
)
from models_ml.settings import PROJECT, Settings
from models_ml.training.record import write_record
from models_ml.vocabulary import PROFILE_DIMENSIONS

Record = Mapping[str, Any]

RECORDED_RUNS: Final = PROJECT / "docs" / "runs"
#: What a release answers for.
_TASKS: Final = ("new_person", "new_film")
_STAGES: Final = ("test", "validation")


def record_quality(
    settings: Settings, recorded: Path = RECORDED_RUNS
) -> Quality | None:
    """Put what was measured into `training.json`, and return it.

    None, and nothing is written, where there is no record that `publish`
    would take; that says what is wrong with it.
    """
    try:
        text = (settings.trained / TRAINING_RECORD).read_bytes()
        digest = msgspec.json.decode(text, type=TrainingRecord).data_digest
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    record = msgspec.json.decode(text)
    runs = [
        run
        for folder in (recorded, settings.runs)
        if folder.is_dir()
        for run in load_runs(folder)
        if run["data_digest"] == digest
    ]
    quality = quality_of(runs, record.get("params", {}))
    record["metrics"][QUALITY] = msgspec.to_builtins(quality)
    write_record(settings, record)
    return quality


def quality_of(runs: Sequence[Record], params: Mapping[str, Any]) -> Quality:
    """What the runs tell of the candidates that a release serves."""
    tasks = {
        task: _task(runs, task, SERVED[task], params.get(task))
        for task in _TASKS
    }
    return Quality(**tasks)


def _task(
    runs: Sequence[Record], task: str, candidate: str, params: Any
) -> TaskQuality | None:
    def newest(stage: str) -> Record | None:
        alike = [
            run
            for run in runs
            if (run["task"], run["stage"]) == (task, stage)
            and run["candidate"] == candidate
            and (params is None or run["params"] == params)
        ]
        return max(alike, key=lambda run: str(run["started_at"]), default=None)

    for stage in _STAGES:
        own = newest(stage)
        references = _references(runs, task, stage, candidate)
        if own is None or not references:
            continue
        placebo, tables = newest("placebo"), newest("tables")
        metrics = own["metrics"]
        return TaskQuality(
            candidate=candidate,
            stage=stage,
            log_loss=metrics["log_loss"],
            references=references,
            placebo_log_loss=placebo["metrics"]["log_loss"]
            if placebo
            else None,
            mae=metrics.get("mae"),
            top_segment_hit_rate=metrics.get("top_segment_hit_rate"),
            reliability=_reliability(tables),
            groups=_groups(tables),
            coverage=_coverage(tables),
        )
    return None


def _references(
    runs: Sequence[Record], task: str, stage: str, candidate: str
) -> tuple[Reference, ...]:
    """The newest run of each other candidate, worst first."""
    newest: dict[str, Record] = {}
    for run in sorted(runs, key=lambda run: str(run["started_at"])):
        if (run["task"], run["stage"]) == (task, stage):
            newest[run["candidate"]] = run
    newest.pop(candidate, None)
    references = [
        Reference(name, run["metrics"]["log_loss"])
        for name, run in newest.items()
    ]
    return tuple(sorted(references, key=lambda reference: -reference.log_loss))


def _reliability(tables: Record | None) -> tuple[Bin, ...]:
    if tables is None or "reliability" not in tables["details"]:
        return ()
    bins = tables["details"]["reliability"]["liked"]["bins"]
    return tuple(Bin(*row) for row in bins)


def _groups(tables: Record | None) -> tuple[GroupError, ...]:
    if tables is None:
        return ()
    details = tables["details"]
    reference = {
        (row["dimension"], row["level"]): row["log_loss"]
        for row in details.get("fairness_film_mean", ())
    }
    return tuple(
        GroupError(
            dimension=row["dimension"],
            level=row["level"],
            n_users=row["n_users"],
            n_ratings=row["n_ratings"],
            log_loss=row["log_loss"],
            mae=row["mae"],
            reference_log_loss=reference.get((row["dimension"], row["level"])),
        )
        for row in details.get("fairness", ())
    )


def _coverage(tables: Record | None) -> tuple[Coverage, ...]:
    """Of shares by each dimension, and by gender and age group together."""
    if tables is None:
        return ()
    metrics = tables["metrics"]
    by: dict[str, tuple[str, ...]] = {
        name: (name,) for name in PROFILE_DIMENSIONS
    }
    by["gender_age_group"] = ("gender", "age_group")
    return tuple(
        Coverage(dimensions, percent / 100, metrics[key])
        for name, dimensions in by.items()
        for percent in (80, 95)
        if (key := f"coverage_{percent}_{name}") in metrics
    )
