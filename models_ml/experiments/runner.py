"""The runner: where candidates are fitted, measured and put on record."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from models_ml.data_kind import DataKind
from models_ml.experiments.processes import in_parallel
from models_ml.experiments.runs import Run, measured, save_run
from models_ml.log import LOGGER
from models_ml.settings import Settings
from models_ml.warehouse.dataset import Dataset
from models_ml.warehouse.enough import NotEnoughDataError, check_folds
from models_ml.warehouse.provenance import read_provenance
from models_ml.warehouse.read import read_dataset
from models_ml.warehouse.scale import check_scale

SEED: Final = 20_001


@dataclass(frozen=True)
class Folds:
    """Folds that a model is fitted on, and folds that it is judged on."""

    train: tuple[int, ...]
    test: tuple[int, ...]


#: Candidates are compared, and settings searched, on these.
SELECTION: Final = Folds(train=(0, 1, 2), test=(3,))
#: Looked at once per release.
TEST: Final = Folds(train=(0, 1, 2, 3), test=(4,))


@dataclass(frozen=True)
class ExperimentSpec:
    """What is about to be tried."""

    task: str
    """new_person, few_ratings, catalogue, questions, new_film or
    new_person_new_film."""
    stage: str
    """validation, cross_validation, test, placebo, time_split, learning_curve,
    search or left_out (see `details`)."""
    candidate: str
    folds: Folds
    params: Mapping[str, Any]


@dataclass(frozen=True)
class ExperimentResult:
    """What came of an experiment."""

    metrics: Mapping[str, float]
    losses: Mapping[str, NDArray[Any]] | None = None
    """Columns of sums per person or film, for a paired bootstrap."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Tables and curves that the report draws."""


@dataclass(frozen=True)
class Experiment:
    """What is about to be tried, and the work it is."""

    spec: ExperimentSpec
    work: Callable[[], ExperimentResult]


@dataclass(frozen=True)
class ExperimentRunner:
    """The data, and the folder where runs are saved."""

    dataset: Dataset
    data_kind: DataKind
    runs: Path

    @classmethod
    def of(cls, settings: Settings) -> "ExperimentRunner":
        """The runner for the warehouse that the settings name.

        Raises NotEnoughDataError where a fold could not be judged, and
        NarrowScale where ratings do not tell likes from others.
        """
        provenance = read_provenance(settings.tables)
        dataset = read_dataset(settings.tables)
        check_scale(dataset.scale.stars)
        check_enough(dataset)
        return cls(dataset, provenance.data_kind, settings.runs)

    def run(
        self, spec: ExperimentSpec, work: Callable[[], ExperimentResult]
    ) -> Run:
        """Do `work`, save what came of it, and give the record."""
        return self.keep(*self.measure(Experiment(spec, work)))

    def run_all(self, experiments: Sequence[Experiment]) -> list[Run]:
        """The same for several, on several processes, in the order given."""
        done = in_parallel(
            [partial(self.measure, each) for each in experiments]
        )
        return [self.keep(*each) for each in done]

    def leave_out(self, spec: ExperimentSpec, why: str) -> None:
        """Put on record, and tell, that a candidate was not tried.

        The record is of the stage `left_out`, so that nothing looks for
        metrics in it.
        """
        run = self._run_of(replace(spec, stage="left_out"))
        run.details = {"stage": spec.stage, "why": why}
        save_run(self.runs, run)
        LOGGER.info(f"{spec.task}, {spec.stage}: no {spec.candidate}: {why}")

    def _run_of(self, spec: ExperimentSpec) -> Run:
        return Run(
            task=spec.task,
            stage=spec.stage,
            candidate=spec.candidate,
            params=dict(spec.params),
            seed=SEED,
            data_digest=self.dataset.digest,
            data_generated=self.data_kind.is_generated,
            train_folds=list(spec.folds.train),
            test_folds=list(spec.folds.test),
        )

    def measure(self, experiment: Experiment) -> tuple[Run, ExperimentResult]:
        """Do an experiment; `keep` saves what came of it."""
        spec = experiment.spec
        run = self._run_of(spec)
        with measured(run):
            result = experiment.work()
        run.metrics = dict(result.metrics)
        for name, value in run.metrics.items():
            if not math.isfinite(value):
                raise NotEnoughDataError(
                    f"{run.task}, {run.stage}: {name} of {run.candidate} is"
                    f" {value}: the ratings of folds {run.test_folds} are too"
                    " few or too alike to judge by"
                )
        run.details = dict(result.details)
        return run, result

    def keep(self, run: Run, result: ExperimentResult) -> Run:
        """Save what came of an experiment, and tell it."""
        save_run(self.runs, run, result.losses)
        told = ", ".join(
            f"{name} {run.metrics[name]:.4f}"
            for name in ("log_loss", "rmse")
            if name in run.metrics
        )
        LOGGER.info(
            f"{run.task}, {run.stage}: {run.candidate}: {told}"
            f" ({run.seconds:.1f} s)"
        )
        return run


def check_enough(dataset: Dataset) -> None:
    """Raise NotEnoughDataError unless there is something in every fold.

    Each fold needs a person and a film with a rating, and the ratings need
    two different numbers of stars.
    """
    ratings = dataset.ratings
    there = f"there are {len(ratings):,} ratings"
    of_fold = {
        "person": dataset.users.fold[ratings.user].tolist(),
        "film": dataset.movies.fold[
            dataset.counts.movie_profiles.movie
        ].tolist(),
    }
    check_folds(of_fold, len(ratings))
    if len(set(ratings.stars.tolist())) < 2:
        stars = dataset.scale.values_of(ratings.stars)[0]
        raise NotEnoughDataError(
            f"every rating has {stars:g} stars, so that there is"
            f" nothing to tell apart: {there}"
        )
