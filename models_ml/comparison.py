"""Compares the candidates of each question on the same people, or films."""

from collections.abc import Mapping
from typing import Any

from models_ml.experiments import Run
from models_ml.film.candidates import FILM_CANDIDATES
from models_ml.film.evaluation import evaluate_new_film
from models_ml.lab import Folds, Lab, Outcome, Trial
from models_ml.person.candidates import PERSON_CANDIDATES
from models_ml.person.evaluation import evaluate_new_person

#: The candidates that a release can serve: those that also answer with
#: ratings known, or with intervals. The others are the bar for them.
SERVED = {"new_person": "factorisation", "new_film": "gaussian_process"}


def best_of(runs: Mapping[str, Run]) -> str:
    """Name of the candidate with the lowest log-loss."""
    return min(runs, key=lambda name: runs[name].metrics["log_loss"])


def compare_people(lab: Lab, folds: Folds, stage: str) -> dict[str, Run]:
    """A run for each candidate of the new-person task, with its settings."""
    return {
        name: try_person(lab, folds, stage, name, candidate.defaults)
        for name, candidate in PERSON_CANDIDATES.items()
    }


def compare_films(lab: Lab, folds: Folds, stage: str) -> dict[str, Run]:
    """A run for each candidate of the new-film task, with its settings."""
    return {
        name: try_film(lab, folds, stage, name, candidate.params)
        for name, candidate in FILM_CANDIDATES.items()
    }


def try_person(
    lab: Lab, folds: Folds, stage: str, name: str, params: Mapping[str, Any]
) -> Run:
    """Fit one candidate on people of some folds, judge it on others."""

    def work() -> Outcome:
        train = lab.dataset.of_user_folds(folds.train)
        fitted = PERSON_CANDIDATES[name].fit(train, params)
        result = evaluate_new_person(fitted, lab.dataset, folds.test)
        return Outcome(result.metrics(), result.per_user())

    return lab.run(Trial("new_person", stage, name, folds, params), work)


def try_film(
    lab: Lab, folds: Folds, stage: str, name: str, params: Mapping[str, Any]
) -> Run:
    """Fit one candidate on films of some folds, judge it on others."""

    def work() -> Outcome:
        train = lab.dataset.of_movie_folds(folds.train)
        fitted = FILM_CANDIDATES[name].fit(train, params)
        result = evaluate_new_film(fitted, lab.dataset, folds.test)
        return Outcome(result.metrics(), result.per_film())

    return lab.run(Trial("new_film", stage, name, folds, params), work)
