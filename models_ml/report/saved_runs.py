"""Saved runs on one data set, and how their numbers are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models_ml.experiments.comparison import SERVED
from models_ml.experiments.runs import load_losses
from models_ml.metrics.bootstrap import Estimate, weighted_mean

Record = Mapping[str, Any]

PERSON: Final = SERVED["new_person"]
FILM: Final = SERVED["new_film"]
#: The baselines that gains are stated against.
PERSON_BASE: Final = "film_mean"
FILM_BASE: Final = "population"


@dataclass(frozen=True)
class Runs:
    """The saved runs on one data set."""

    folder: Path
    records: Sequence[Record]

    def of(self, task: str, stage: str) -> list[Record]:
        """Runs of a task and a stage, in order of their names."""
        return [
            record
            for record in self.records
            if record["task"] == task and record["stage"] == stage
        ]

    def one(self, task: str, stage: str, candidate: str) -> Record:
        """The newest run of a candidate.

        Raises LookupError where there is none.
        """
        matching = [
            record
            for record in self.of(task, stage)
            if record["candidate"] == candidate
        ]
        if not matching:
            raise LookupError(f"no saved run of {task}, {stage}, {candidate}")
        return max(matching, key=lambda record: record["started_at"])

    def latest(self, task: str, stage: str) -> list[Record]:
        """The newest run of each candidate, worst log-loss first."""
        names = {record["candidate"] for record in self.of(task, stage)}
        runs = [self.one(task, stage, name) for name in names]
        return sorted(runs, key=lambda run: -run["metrics"]["log_loss"])

    def difference(self, run: Record, base: Record, loss: str) -> Estimate:
        """Mean loss of `run` minus that of `base`, bootstrapped in pairs."""
        own = load_losses(self.folder, run["run_id"])
        other = load_losses(self.folder, base["run_id"])
        return weighted_mean(own[loss] - other[loss], own["n_ratings"])


def by_known_ratings(runs: Runs) -> list[Record]:
    """Runs of the few-ratings task, by number of known ratings."""
    matching = runs.latest("few_ratings", "test")
    return sorted(matching, key=lambda record: record["params"]["k"])


def name_of(run: Record) -> str:
    """The candidate, in bold where it is kept."""
    kept = run["candidate"] in SERVED.values()
    return f"**{run['candidate']}**" if kept else str(run["candidate"])


def cells_of(estimate: Estimate) -> list[str]:
    """Difference, interval, p and effect size."""
    return [
        f"{estimate.value:+.4f}",
        f"{estimate.low:+.4f} to {estimate.high:+.4f}",
        p_of(estimate),
        f"{estimate.effect_size:+.2f}",
    ]


def p_of(estimate: Estimate) -> str:
    """The p-value as papers write it."""
    return "< .001" if estimate.p_value <= 0.001 else f"{estimate.p_value:.3f}"


def log_loss_of(run: Record) -> str:
    """Four digits."""
    return f"{run['metrics']['log_loss']:.4f}"
