"""Compares the candidates of each question on the same people, or films."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from models_ml.evaluation.film import evaluate_new_film
from models_ml.evaluation.person import evaluate_new_person
from models_ml.experiments.candidate import Candidate
from models_ml.experiments.film_candidates import FILM_CANDIDATES
from models_ml.experiments.person_candidates import PERSON_CANDIDATES
from models_ml.experiments.runner import (
    Experiment,
    ExperimentResult,
    ExperimentRunner,
    ExperimentSpec,
    Folds,
)
from models_ml.experiments.runs import Run
from models_ml.film.protocol import FittedShares
from models_ml.person.protocol import FittedPersonModel
from models_ml.warehouse.dataset import Dataset

T = TypeVar("T")

#: The candidates that a release can serve: those that also answer with
#: ratings known, or with intervals. The others are the bar for them.
SERVED = {"new_person": "factorisation", "new_film": "gaussian_process"}


def best_of(runs: Mapping[str, Run]) -> str:
    """Name of the candidate with the lowest log-loss."""
    return min(runs, key=lambda name: runs[name].metrics["log_loss"])


def compare(
    runner: ExperimentRunner, folds: Folds, stage: str
) -> tuple[dict[str, Run], dict[str, Run]]:
    """A run for each candidate that bears the data, by name.

    With its default settings: those of the new-person task, and those of the
    new-film task. The candidates of most effort begin first.
    """
    people, films = (
        _borne(
            runner,
            candidates,
            [
                experiment(runner, folds, stage, name, candidate.defaults)
                for name, candidate in candidates.items()
            ],
        )
        for candidates, experiment in (
            (PERSON_CANDIDATES, person_experiment),
            (FILM_CANDIDATES, film_experiment),
        )
    )
    runs = runner.run_all([*reversed(people), *reversed(films)])[::-1]
    of_films, of_people = runs[: len(films)], runs[len(films) :]
    return (
        {run.candidate: run for run in of_people},
        {run.candidate: run for run in of_films},
    )


def _borne(
    runner: ExperimentRunner,
    candidates: Mapping[str, Candidate[Any]],
    experiments: Sequence[Experiment],
) -> list[Experiment]:
    """Those within their candidates' limits; the others are put on record."""
    borne = []
    for each in experiments:
        limits = candidates[each.spec.candidate].limits
        why = limits.exceeded_by(runner.dataset)
        if why is None:
            borne.append(each)
        else:
            runner.leave_out(each.spec, why)
    return borne


def person_experiment(
    runner: ExperimentRunner,
    folds: Folds,
    stage: str,
    name: str,
    params: Mapping[str, Any],
) -> Experiment:
    """Fit one candidate on people of some folds, judge it on others."""

    def judged(fitted: FittedPersonModel) -> ExperimentResult:
        result = evaluate_new_person(fitted, runner.dataset, folds.test)
        return ExperimentResult(result.metrics(), result.per_user())

    return _experiment(
        ExperimentSpec("new_person", stage, name, folds, params),
        PERSON_CANDIDATES[name],
        runner.dataset.of_user_folds,
        judged,
    )


def film_experiment(
    runner: ExperimentRunner,
    folds: Folds,
    stage: str,
    name: str,
    params: Mapping[str, Any],
) -> Experiment:
    """Fit one candidate on films of some folds, judge it on others."""

    def judged(fitted: FittedShares) -> ExperimentResult:
        result = evaluate_new_film(fitted, runner.dataset, folds.test)
        return ExperimentResult(result.metrics(), result.per_film())

    return _experiment(
        ExperimentSpec("new_film", stage, name, folds, params),
        FILM_CANDIDATES[name],
        runner.dataset.of_movie_folds,
        judged,
    )


def _experiment(
    spec: ExperimentSpec,
    candidate: Candidate[T],
    of_folds: Callable[[tuple[int, ...]], Dataset],
    judged: Callable[[T], ExperimentResult],
) -> Experiment:
    def work() -> ExperimentResult:
        train = of_folds(spec.folds.train)
        return judged(candidate.fit(train, spec.params))

    return Experiment(spec, work)
