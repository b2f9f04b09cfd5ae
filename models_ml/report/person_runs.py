"""The new-person task on the test folds: what `evaluate` puts on record."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models_ml.evaluation.person import (
    DEFAULT_KS,
    LIKED_CLASS,
    PersonResult,
    evaluate_few_ratings,
    evaluate_new_person,
    fairness_table,
    shuffled_codes,
)
from models_ml.experiments.person_candidates import (
    PERSON_CANDIDATES,
    FactorisationCandidate,
)
from models_ml.experiments.runner import (
    SEED,
    TEST,
    ExperimentResult,
    ExperimentRunner,
    ExperimentSpec,
)
from models_ml.log import LOGGER
from models_ml.metrics.rating_metrics import (
    calibration_bins,
    expected_calibration_error,
    log_loss,
)
from models_ml.person.baselines import fit_film_mean
from models_ml.person.fit import fit_person_predictor
from models_ml.person.predictor import PersonPredictor
from models_ml.report.learning_curve import learning_curve_runs
from models_ml.report.person_lists import list_runs
from models_ml.report.question_runs import question_runs
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Dataset

#: Bands of the number of ratings that a film has in training.
FILM_BANDS: Final = (0, 10, 30, 100, 300, 1000, 10**9)

Params = Mapping[str, Any]


def evaluate_people(
    runner: ExperimentRunner, name: str, params: Params
) -> None:
    """Save the runs that only the served predictor can make."""
    train = runner.dataset.of_user_folds(TEST.train)
    LOGGER.info("fitting the person predictor on folds 0 to 3")
    predictor = fit_person_predictor(train, params)
    _profile_runs(runner, train, name, params, predictor)
    _few_ratings_runs(runner, name, params, predictor)
    list_runs(runner, train, name, params, predictor)
    question_runs(runner, params, predictor)
    learning_curve_runs(runner, name, params)
    _placebo_run(runner, name, params)


def _profile_runs(
    runner: ExperimentRunner,
    train: Dataset,
    name: str,
    params: Params,
    predictor: PersonPredictor,
) -> None:
    """With the profile known, with nothing known, and the tables of both."""
    fitted = FactorisationCandidate(predictor)
    film_mean = PERSON_CANDIDATES["film_mean"]
    base = evaluate_new_person(
        fit_film_mean(train, film_mean.defaults), runner.dataset, TEST.test
    )

    def known() -> ExperimentResult:
        result = evaluate_new_person(fitted, runner.dataset, TEST.test)
        details = {
            "reliability": _reliability(result),
            "gain_by_film_ratings": _gain_by_band(train, runner, result, base),
            "fairness": fairness_table(result, runner.dataset),
            "fairness_film_mean": fairness_table(base, runner.dataset),
        }
        return ExperimentResult(result.metrics(), result.per_user(), details)

    def unknown() -> ExperimentResult:
        nobody = np.full((len(runner.dataset.users), 4), -1)
        result = evaluate_new_person(fitted, runner.dataset, TEST.test, nobody)
        return ExperimentResult(result.metrics(), result.per_user())

    runner.run(
        ExperimentSpec("new_person", "tables", name, TEST, params), known
    )
    runner.run(
        ExperimentSpec("new_person", "unknown_profile", name, TEST, params),
        unknown,
    )


def _few_ratings_runs(
    runner: ExperimentRunner,
    name: str,
    params: Params,
    predictor: PersonPredictor,
) -> None:
    """K ratings of each test person known, the same rest judged."""
    LOGGER.info("a few ratings known")
    results = evaluate_few_ratings(
        predictor, runner.dataset, TEST.test, DEFAULT_KS, SEED
    )
    for k, result in results.items():
        runner.run(
            ExperimentSpec(
                "few_ratings", "test", f"{name}-{k}", TEST, {**params, "k": k}
            ),
            lambda result=result: ExperimentResult(  # type: ignore[misc]
                result.metrics(), result.per_user()
            ),
        )


def _placebo_run(runner: ExperimentRunner, name: str, params: Params) -> None:
    """Profiles exchanged at random among all people, before fitting."""

    def work() -> ExperimentResult:
        shuffled = _with_shuffled_profiles(runner.dataset)
        train = shuffled.of_user_folds(TEST.train)
        fitted = PERSON_CANDIDATES[name].fit(train, params)
        result = evaluate_new_person(fitted, shuffled, TEST.test)
        return ExperimentResult(result.metrics(), result.per_user())

    runner.run(
        ExperimentSpec("new_person", "placebo", name, TEST, params), work
    )


def _with_shuffled_profiles(dataset: Dataset) -> Dataset:
    everyone = TEST.train + TEST.test
    codes = shuffled_codes(dataset, everyone, SEED)
    users = replace(
        dataset.users,
        gender=codes[:, 0],
        age_group=codes[:, 1],
        occupation=codes[:, 2],
        place=codes[:, 3],
    )
    return count_dataset(
        dataset.vocabulary,
        users,
        dataset.movies,
        dataset.ratings,
        dataset.digest,
    )


def _reliability(result: PersonResult) -> dict[str, Any]:
    """Bins (predicted, actual, count) of liked or loved, and of loved."""
    actual = result.actual()
    losses = {}
    for label, first in (("liked", LIKED_CLASS), ("loved", LIKED_CLASS + 1)):
        probability = result.probabilities[:, first:].sum(axis=1)
        happened = actual >= first
        losses[label] = {
            "bins": calibration_bins(probability, happened).tolist(),
            "ece": expected_calibration_error(probability, happened),
        }
    return losses


def _gain_by_band(
    train: Dataset,
    runner: ExperimentRunner,
    result: PersonResult,
    base: PersonResult,
) -> list[dict[str, float]]:
    """How far below the film mean's log-loss, by ratings of the film."""
    counted = train.counts.movie_stars
    n_ratings = np.bincount(
        counted.movie, counted.n_ratings, len(train.movies)
    )
    film = runner.dataset.of_user_folds(TEST.test).ratings.movie
    of_film = n_ratings[film]
    gain = _losses(base) - _losses(result)
    rows = []
    for low, high in itertools.pairwise(FILM_BANDS):
        inside = (of_film >= low) & (of_film < high)
        if not inside.any():
            continue
        error = gain[inside].std() / np.sqrt(inside.sum())
        rows.append(
            {
                "from_ratings": low,
                "below_ratings": high,
                "n_test_ratings": int(inside.sum()),
                "gain": float(gain[inside].mean()),
                "standard_error": float(error),
            }
        )
    return rows


def _losses(result: PersonResult) -> NDArray[np.floating]:
    return log_loss(result.probabilities, result.actual())
