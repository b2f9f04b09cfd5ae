"""Compares the candidates of each question on the same people, or films."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeVar

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

#: By task, the settings of the candidate that is served.
ServedSettings: TypeAlias = Mapping[str, Mapping[str, Any]]
DEFAULTS: Final[ServedSettings] = {
    "new_person": PERSON_CANDIDATES[SERVED["new_person"]].defaults,
    "new_film": FILM_CANDIDATES[SERVED["new_film"]].defaults,
}


def best_of(runs: Mapping[str, Run]) -> str:
    """Name of the candidate with the lowest log-loss."""
    return min(runs, key=lambda name: runs[name].metrics["log_loss"])


def comparison(
    runner: ExperimentRunner,
    folds: Folds,
    stage: str,
    served: ServedSettings = DEFAULTS,
) -> list[Experiment]:
    """One experiment for each candidate that bears the data.

    Those of the new-person task, then those of the new-film task, of most
    effort first; with their default settings, but for the candidates that
    are served.
    """
    tasks = (
        ("new_person", PERSON_CANDIDATES, person_experiment),
        ("new_film", FILM_CANDIDATES, film_experiment),
    )
    return [
        each
        for task, candidates, experiment in tasks
        for each in _borne(
            runner,
            candidates,
            [
                experiment(
                    runner,
                    folds,
                    stage,
                    name,
                    served[task] if name == SERVED[task] else other.defaults,
                )
                for name, other in reversed(candidates.items())
            ],
        )
    ]


def compare(
    runner: ExperimentRunner, folds: Folds, stage: str
) -> dict[str, dict[str, Run]]:
    """Do the experiments of `comparison`; see `by_candidate`."""
    return by_candidate(runner.run_all(comparison(runner, folds, stage)))


def by_candidate(runs: Sequence[Run]) -> dict[str, dict[str, Run]]:
    """Runs by task and candidate, those of least effort first."""
    named: dict[str, dict[str, Run]] = {}
    for run in reversed(runs):
        named.setdefault(run.task, {})[run.candidate] = run
    return named


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
