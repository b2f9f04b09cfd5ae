"""Candidates compared over folds 0 to 3, one validating at a time.

Choices that one validation fold is too noisy for are made on these. The test
fold is never read.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from models_ml.errors import PlateiaError
from models_ml.evaluation.lists import evaluate_lists, rankings_of
from models_ml.evaluation.person import (
    DEFAULT_KS,
    evaluate_few_ratings,
    evaluate_new_person,
)
from models_ml.experiments.person_candidates import (
    PERSON_CANDIDATES,
    FactorisationCandidate,
)
from models_ml.experiments.runner import (
    Experiment,
    ExperimentResult,
    ExperimentRunner,
    ExperimentSpec,
    Folds,
)
from models_ml.experiments.runs import Run
from models_ml.warehouse.dataset import Dataset

FOLDS: Final = (0, 1, 2, 3)


class UnknownCandidateError(PlateiaError):
    """No candidate has this name; the message lists those there are."""


def cross_validate(
    runner: ExperimentRunner, names: Sequence[str] = ()
) -> list[Run]:
    """Saved runs of each candidate on each of FOLDS, fitted on the others.

    All candidates for a new person where no names are told. Raises
    UnknownCandidateError before anything is fitted. The details of the
    factorisation's runs hold `few_ratings` (metrics for each k) and
    `catalogue` (measures of the lists of each ranking, for each k).
    """
    for name in names:
        if name not in PERSON_CANDIDATES:
            raise UnknownCandidateError(
                f"there is no candidate {name!r}; allowed: "
                f"{', '.join(PERSON_CANDIDATES)}"
            )
    return runner.run_all(
        [
            _experiment(runner, name, fold)
            for name in names or PERSON_CANDIDATES
            for fold in FOLDS
        ]
    )


def means(runs: Sequence[Run]) -> Mapping[str, Mapping[str, float]]:
    """Each candidate's metrics, the mean over its folds."""
    of_candidate: dict[str, list[Run]] = {}
    for run in runs:
        of_candidate.setdefault(run.candidate, []).append(run)
    return {
        name: {
            metric: sum(run.metrics[metric] for run in folds) / len(folds)
            for metric in folds[0].metrics
        }
        for name, folds in of_candidate.items()
    }


def _experiment(runner: ExperimentRunner, name: str, fold: int) -> Experiment:
    folds = Folds(tuple(each for each in FOLDS if each != fold), (fold,))
    candidate = PERSON_CANDIDATES[name]

    def work() -> ExperimentResult:
        train = runner.dataset.of_user_folds(folds.train)
        fitted = candidate.fit(train)
        result = evaluate_new_person(fitted, runner.dataset, folds.test)
        details = (
            _of_predictor(fitted, runner.dataset, fold)
            if isinstance(fitted, FactorisationCandidate)
            else {}
        )
        return ExperimentResult(result.metrics(), details=details)

    return Experiment(
        ExperimentSpec(
            "new_person", "cross_validation", name, folds, candidate.defaults
        ),
        work,
    )


def _of_predictor(
    fitted: FactorisationCandidate, dataset: Dataset, fold: int
) -> dict[str, Any]:
    predictor = fitted.predictor
    few = evaluate_few_ratings(predictor, dataset, (fold,))
    catalogue = {}
    for n_known in DEFAULT_KS:
        lists = evaluate_lists(
            rankings_of(predictor), dataset, (fold,), n_known=n_known
        )
        catalogue[n_known] = {name: of.metrics() for name, of in lists.items()}
    return {
        "few_ratings": {k: result.metrics() for k, result in few.items()},
        "catalogue": catalogue,
    }
