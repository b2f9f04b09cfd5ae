"""New films for new people, on the test folds: runs that `evaluate` saves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from models_ml.arrays import BoolArray, FloatArray
from models_ml.evaluation.new_films import (
    SPLITS,
    Predicted,
    Quadrant,
    Split,
    Support,
    by_ratings_of_film,
    constant,
    predict_known,
    predict_unknown,
    quadrant,
    result_of,
    rows_judged,
    supports,
)
from models_ml.experiments.runner import (
    SEED,
    TEST,
    ExperimentResult,
    ExperimentRunner,
    ExperimentSpec,
)
from models_ml.film.fit import fit_audience_predictor
from models_ml.log import LOGGER
from models_ml.new_films.baselines import ContentRidge, fit_content_ridge
from models_ml.new_films.fit import join, outlooks_of
from models_ml.person.fit import fit_person_predictor

TASK: Final = "new_person_new_film"
#: The person predictor as it is served, and as it was fitted.
JOINED: Final = "joined"
ALONE: Final = "person_alone"
_RIDGE_PARAMS: Final = {"ridge": 100.0, "person_ratings": 5.0}

Params = Mapping[str, Any]


@dataclass(frozen=True)
class _Case:
    """A split, with its parts."""

    runner: ExperimentRunner
    split: Split
    part: Quadrant
    parts: list[Support]

    def save(
        self, name: str, params: Params, unknown: Predicted, known: Predicted
    ) -> None:
        """Measures with nothing known, and of the rows judged with some.

        `paired_` is with nothing known on the rows of `known_`.
        """
        judged, rows = self.part.judged, rows_judged(self.parts)
        scale = self.part.train.scale
        result = result_of(judged, slice(None), unknown, scale)
        paired = result_of(judged, rows, _taken(unknown, rows), scale)
        few = result_of(judged, rows, known, scale)
        metrics = (
            result.metrics()
            | _prefixed("paired", paired.metrics())
            | _prefixed("known", few.metrics())
        )
        self.runner.run(
            ExperimentSpec(TASK, self.split, name, TEST, params),
            lambda: ExperimentResult(metrics, result.per_user()),
        )


def evaluate_new_films(
    runner: ExperimentRunner, person: Params, film: Params
) -> None:
    """Save the runs; `person` and `film` are the predictors' settings."""
    for split in SPLITS:
        part = quadrant(runner.dataset, TEST.train, TEST.test, split)
        parts = supports(part.judged, SEED)
        if not parts or not len(part.train.ratings):
            LOGGER.info(f"too few new films by {split} for new people")
            continue
        case = _Case(runner, split, part, parts)
        _baseline_runs(case)
        _predictor_runs(case, person, film)
    _few_ratings_run(runner, person, film)


def _baseline_runs(case: _Case) -> None:
    judged, train = case.part.judged, case.part.train
    n_known = len(rows_judged(case.parts))
    for name, stars in (
        ("mean", float(train.scale.values_of(train.ratings.stars).mean())),
        ("four_stars", 4.0),
    ):
        case.save(
            name, {}, constant(stars, len(judged)), constant(stars, n_known)
        )
    ridge = fit_content_ridge(train, _RIDGE_PARAMS)
    codes = train.users.codes()[judged.user]
    stars_of = ridge.predict(train.movies, codes, judged.movie)
    case.save(
        "content_ridge",
        _RIDGE_PARAMS,
        Predicted(stars_of, stars_of, None),
        _ridge_known(ridge, stars_of, case),
    )


def _ridge_known(
    ridge: ContentRidge,
    expected: FloatArray,
    case: _Case,
) -> Predicted:
    scale = case.part.train.scale
    actual = scale.values_of(case.part.judged.stars)
    moved = [
        expected[part.judged]
        + ridge.offset(expected[part.known], actual[part.known])
        for part in case.parts
    ]
    stars = np.clip(np.concatenate(moved), scale.stars[0], scale.stars[-1])
    return Predicted(stars, stars, None)


def _predictor_runs(case: _Case, person: Params, film: Params) -> None:
    runner, train, judged = case.runner, case.part.train, case.part.judged
    LOGGER.info(f"fitting both predictors, new films by {case.split}")
    alone = fit_person_predictor(train, person)
    outlooks = outlooks_of(train, fit_audience_predictor(train, film))
    together, _ = join(train, alone, outlooks)
    for name, fitted in ((ALONE, alone), (JOINED, together)):
        case.save(
            name,
            {**person, **film},
            predict_unknown(fitted, runner.dataset, judged),
            predict_known(fitted, runner.dataset, judged, case.parts),
        )


def _few_ratings_run(
    runner: ExperimentRunner, person: Params, film: Params
) -> None:
    """Known films by their number of ratings: new people, none known."""
    train = runner.dataset.of_user_folds(TEST.train)
    judged = runner.dataset.of_user_folds(TEST.test).ratings
    counted = train.counts.movie_stars
    n_ratings = np.bincount(
        counted.movie, counted.n_ratings, len(train.movies)
    ).astype(int)
    few = judged.where(n_ratings[judged.movie] < 100)

    def work() -> ExperimentResult:
        alone = fit_person_predictor(train, person)
        outlooks = outlooks_of(train, fit_audience_predictor(train, film))
        together, _ = join(train, alone, outlooks)
        predicted = {
            name: predict_unknown(fitted, runner.dataset, few)
            for name, fitted in ((ALONE, alone), (JOINED, together))
        }

        def score(keep: BoolArray) -> dict[str, float]:
            rows = np.flatnonzero(keep)
            values: dict[str, float] = {}
            for name, every in predicted.items():
                result = result_of(few, rows, _taken(every, rows), train.scale)
                values |= _prefixed(name, result.metrics())
            return values

        bands = by_ratings_of_film(n_ratings, few, score)
        return ExperimentResult(
            result_of(
                few, slice(None), predicted[JOINED], train.scale
            ).metrics(),
            details={"bands": bands},
        )

    runner.run(
        ExperimentSpec(TASK, "few_ratings", JOINED, TEST, {**person, **film}),
        work,
    )


def _taken(predicted: Predicted, rows: Any) -> Predicted:
    probabilities = predicted.probabilities
    return Predicted(
        predicted.expected_stars[rows],
        predicted.median_stars[rows],
        None if probabilities is None else probabilities[rows],
    )


def _prefixed(prefix: str, metrics: dict[str, float]) -> dict[str, float]:
    return {f"{prefix}_{name}": value for name, value in metrics.items()}
