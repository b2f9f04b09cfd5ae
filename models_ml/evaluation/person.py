"""How well a fitted model predicts people it has never seen.

Every function takes the whole dataset and the user folds to judge on; the
model must have been fitted on the other folds. Results keep sums per person,
so that two models can be compared by a paired bootstrap over people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray, IntArray
from models_ml.metrics.rating_metrics import (
    expected_calibration_error,
    log_loss,
    macro_f1,
    mean_absolute_error,
    ndcg_of_rated,
    quadratic_kappa,
    ranked_probability_score,
    root_mean_squared_error,
)
from models_ml.person.predictor import KnownRatings, PersonPredictor
from models_ml.person.protocol import FittedPersonModel
from models_ml.scale import RatingScale
from models_ml.vocabulary import RATING_CLASSES
from models_ml.warehouse.dataset import Dataset

N_CLASSES: Final = len(RATING_CLASSES)
LIKED_CLASS: Final = 2
DEFAULT_KS: Final = (0, 1, 3, 5, 10)


@dataclass(frozen=True)
class PersonResult:
    """Predictions beside what happened, one row for each rating."""

    user: IntArray
    """Row number in `Dataset.users` of each rating's person."""
    stars: IntArray
    """Steps of the scale."""
    probabilities: FloatArray
    expected_stars: FloatArray
    scale: RatingScale

    def actual(self) -> IntArray:
        """Rating class (0 to 3) of each row."""
        return self.scale.classes_of(self.stars)

    def metrics(self) -> dict[str, float]:
        """All measures of the new-person task over these rows."""
        actual = self.actual()
        predicted = self.probabilities.argmax(axis=1)
        rounded = self.scale.nearest(self.expected_stars)
        stars = self.scale.values_of(self.stars)
        liked = self.probabilities[:, LIKED_CLASS:].sum(axis=1)
        return {
            "log_loss": float(log_loss(self.probabilities, actual).mean()),
            "ranked_probability_score": float(
                ranked_probability_score(self.probabilities, actual).mean()
            ),
            "ece_liked": expected_calibration_error(
                liked, actual >= LIKED_CLASS
            ),
            "rmse": root_mean_squared_error(self.expected_stars, stars),
            "mae": mean_absolute_error(self.expected_stars, stars),
            "quadratic_kappa": quadratic_kappa(
                rounded - 1, self.stars - 1, self.scale.n
            ),
            "macro_f1": macro_f1(predicted, actual, N_CLASSES),
            "ndcg_rated": float(np.nanmean(self.per_user()["ndcg_rated"])),
        }

    def per_user(self) -> dict[str, FloatArray]:
        """Sums per person, people in ascending order of row number.

        `log_loss`, `ranked_probability_score`, `squared_error` and
        `absolute_error` are sums over the person's `n_ratings`;
        `ndcg_rated` is the person's nDCG@10.
        """
        people, number = np.unique(self.user, return_inverse=True)
        actual = self.actual()
        stars = self.scale.values_of(self.stars)
        error = self.expected_stars - stars
        rows = {
            "n_ratings": np.ones(len(number)),
            "log_loss": log_loss(self.probabilities, actual),
            "ranked_probability_score": ranked_probability_score(
                self.probabilities, actual
            ),
            "squared_error": error**2,
            "absolute_error": np.abs(error),
        }
        sums: dict[str, FloatArray] = {
            name: np.bincount(number, value, len(people)).astype(np.float64)
            for name, value in rows.items()
        }
        return {
            "user": people.astype(np.float64),
            **sums,
            "ndcg_rated": ndcg_of_rated(
                number, self.expected_stars, stars, len(people)
            ),
        }

    def of_users(self, keep: NDArray[np.bool_]) -> "PersonResult":
        """The rows of people for whom `keep` (by row number) is true."""
        rows = keep[self.user]
        return PersonResult(
            self.user[rows],
            self.stars[rows],
            self.probabilities[rows],
            self.expected_stars[rows],
            self.scale,
        )


def evaluate_new_person(
    fitted: FittedPersonModel,
    dataset: Dataset,
    folds: tuple[int, ...],
    codes: IntArray | None = None,
) -> PersonResult:
    """Predictions for all ratings of people in `folds`, none known.

    `codes` replaces the profiles of all users, shape (n_users, 4); see
    `shuffled_codes`.
    """
    ratings = dataset.of_user_folds(folds).ratings
    profiles = dataset.users.codes() if codes is None else codes
    probabilities, stars = fitted.predict(
        profiles[ratings.user], ratings.movie
    )
    return PersonResult(
        user=ratings.user,
        stars=ratings.stars.astype(np.int64),
        probabilities=probabilities,
        expected_stars=stars,
        scale=dataset.scale,
    )


def shuffled_codes(
    dataset: Dataset, folds: tuple[int, ...], seed: int
) -> IntArray:
    """The placebo: profiles exchanged at random among people in `folds`."""
    codes = dataset.users.codes().copy()
    people = np.flatnonzero(np.isin(dataset.users.fold, folds))
    rng = np.random.default_rng(seed)
    codes[people] = codes[rng.permutation(people)]
    return codes


def evaluate_few_ratings(
    predictor: PersonPredictor,
    dataset: Dataset,
    folds: tuple[int, ...],
    ks: Sequence[int] = DEFAULT_KS,
    seed: int = 0,
) -> dict[int, PersonResult]:
    """The same with k of each person's ratings known, for each k.

    max(ks) ratings of each person are drawn at random; the first k are
    known, and the predictions are for all ratings not drawn, so every k is
    judged on the same rows. People without other ratings are left out.
    """
    codes = dataset.users.codes()
    parts: dict[int, list[PersonResult]] = {k: [] for k in ks}
    for person, known, rest in known_and_rest(dataset, folds, max(ks), seed):
        for k in ks:
            scores = predictor.score_pairs(
                np.broadcast_to(codes[person], (len(rest.stars), 4)),
                rest.movie_index,
                KnownRatings(known.movie_index[:k], known.stars[:k]),
            )
            parts[k].append(
                PersonResult(
                    np.full(len(rest.stars), person),
                    rest.stars,
                    scores.probabilities,
                    scores.expected_stars,
                    dataset.scale,
                )
            )
    return {k: _stacked(results) for k, results in parts.items()}


def known_and_rest(
    dataset: Dataset, folds: tuple[int, ...], size: int, seed: int
) -> list[tuple[int, KnownRatings, KnownRatings]]:
    """Person, `size` known ratings, the rest; for each person in folds."""
    ratings = dataset.of_user_folds(folds).ratings
    rng = np.random.default_rng(seed)
    order = np.lexsort((rng.random(len(ratings)), ratings.user))
    people, starts = np.unique(ratings.user[order], return_index=True)
    ends = np.append(starts[1:], len(order))
    stars = ratings.stars.astype(np.int64)
    parts = []
    for person, begin, end in zip(people, starts, ends, strict=True):
        if end - begin <= size:
            continue
        known, rest = order[begin : begin + size], order[begin + size : end]
        parts.append(
            (
                int(person),
                KnownRatings(ratings.movie[known], stars[known]),
                KnownRatings(ratings.movie[rest], stars[rest]),
            )
        )
    return parts


def _stacked(results: list[PersonResult]) -> PersonResult:
    return PersonResult(
        np.concatenate([result.user for result in results]),
        np.concatenate([result.stars for result in results]),
        np.concatenate([result.probabilities for result in results]),
        np.concatenate([result.expected_stars for result in results]),
        results[0].scale,
    )


def fairness_table(
    result: PersonResult, dataset: Dataset
) -> list[dict[str, str | int | float]]:
    """Errors and calibration for each level of each dimension.

    Levels that nobody in `result` has are left out.
    """
    codes = dataset.users.codes()
    dimensions = dataset.vocabulary.dimensions
    rows: list[dict[str, str | int | float]] = []
    for axis, (dimension, levels) in enumerate(dimensions.items()):
        for number, level in enumerate(levels):
            part = result.of_users(codes[:, axis] == number)
            if len(part.user) == 0:
                continue
            metrics = part.metrics()
            rows.append(
                {
                    "dimension": dimension,
                    "level": level,
                    "n_users": len(np.unique(part.user)),
                    "n_ratings": len(part.user),
                    **metrics,
                }
            )
    return rows
