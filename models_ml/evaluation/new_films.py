"""How well films nobody has rated are predicted for people nobody knows.

Both are held out: a model is fitted on other people's ratings of other films.
Films are held out by a hash of their id, or by time: those from
FIRST_NEW_YEAR on. With nothing known of a person every rating of a new film is
judged. With ratings known it is MeLU's protocol (Lee et al., KDD 2019): of
people with 13 to 100 ratings of new films ten are judged, and the other 3 to
90 are known. They are judged with nothing known as well, for comparison.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from models_ml.arrays import BoolArray, FloatArray, IntArray
from models_ml.evaluation.film import FIRST_NEW_YEAR
from models_ml.metrics.rating_metrics import (
    expected_calibration_error,
    log_loss,
    mean_absolute_error,
    root_mean_squared_error,
)
from models_ml.person.predictor import (
    KnownRatings,
    PersonPredictor,
    PersonScores,
)
from models_ml.scale import RatingScale
from models_ml.warehouse.dataset import Dataset, Ratings

Split = Literal["hash", "time"]
SPLITS: Final[tuple[Split, ...]] = ("hash", "time")
N_JUDGED: Final = 10
FEWEST_RATINGS: Final = 13
MOST_RATINGS: Final = 100
_LIKED: Final = 2


@dataclass(frozen=True)
class Quadrant:
    """Ratings to fit on, and ratings of new films by new people."""

    train: Dataset
    judged: Ratings


def quadrant(
    dataset: Dataset,
    train: tuple[int, ...],
    test: tuple[int, ...],
    split: Split,
) -> Quadrant:
    """Both people and films held out; `train` and `test` are folds.

    Folds of people, and with `split` "hash" of films as well.
    """
    movies = dataset.movies
    if split == "time":
        is_new = movies.year >= FIRST_NEW_YEAR
        is_old = ~is_new
    else:
        is_new = np.isin(movies.fold, test)
        is_old = np.isin(movies.fold, train)
    ratings = dataset.of_user_folds(test).ratings
    return Quadrant(
        dataset.of_user_folds(train).of_movies(is_old),
        ratings.where(is_new[ratings.movie]),
    )


@dataclass(frozen=True)
class Predicted:
    """What is predicted of some ratings."""

    expected_stars: FloatArray
    median_stars: FloatArray
    """The forecast that is best by absolute error (Gneiting 2011)."""
    probabilities: FloatArray | None
    """Of the rating classes, (n, 4); None: only stars are predicted."""


def predicted_of(scores: PersonScores, scale: RatingScale) -> Predicted:
    """A person predictor's scores as predictions."""
    below = _below(scores, scale)
    median = scale.values_of(1 + (below < 0.5).sum(axis=1))
    return Predicted(scores.expected_stars, median, scores.probabilities)


def _below(scores: PersonScores, scale: RatingScale) -> FloatArray:
    """Probabilities of at most each step but the last, (n, K - 1).

    Scores tell them where a class ends and where likes begin; steps between
    two such places are taken to be equally likely.
    """
    cumulative = np.cumsum(scores.probabilities, axis=1)
    ends = 1 + np.flatnonzero(np.diff(scale.classes))
    told = {0: np.zeros(len(cumulative)), scale.n: cumulative[:, -1]}
    for end in ends.tolist():
        told[end] = cumulative[:, scale.classes[end - 1]]
    told[scale.n_below_like] = 1 - scores.like_rate / scores.interest
    below = np.empty((len(cumulative), scale.n - 1))
    for low, high in itertools.pairwise(sorted(told)):
        rise = told[high] - told[low]
        for step in range(low + 1, min(high, scale.n - 1) + 1):
            part = (step - low) / (high - low)
            below[:, step - 1] = told[low] + part * rise
    return below


@dataclass(frozen=True)
class QuadrantResult:
    """Predictions beside what happened, one row for each rating."""

    user: IntArray
    stars: IntArray
    """Steps of the scale."""
    predicted: Predicted
    scale: RatingScale

    def metrics(self) -> dict[str, float]:
        """`bias` is of the mean, in stars; `mae` that of the expectation."""
        expected = self.predicted.expected_stars
        stars = self.scale.values_of(self.stars)
        metrics = {
            "n_ratings": float(len(self.stars)),
            "mae": mean_absolute_error(expected, stars),
            "mae_of_median": mean_absolute_error(
                self.predicted.median_stars, stars
            ),
            "rmse": root_mean_squared_error(expected, stars),
            "bias": float(np.mean(expected - stars)),
        }
        if self.predicted.probabilities is not None:
            actual = self.scale.classes_of(self.stars)
            probabilities = self.predicted.probabilities
            metrics["log_loss"] = float(log_loss(probabilities, actual).mean())
            metrics["ece_liked"] = expected_calibration_error(
                probabilities[:, _LIKED:].sum(axis=1), actual >= _LIKED
            )
        return metrics

    def per_user(self) -> dict[str, FloatArray]:
        """Sums of errors over each person's `n_ratings`."""
        people, number = np.unique(self.user, return_inverse=True)
        stars = self.scale.values_of(self.stars)
        error = self.predicted.expected_stars - stars
        columns: dict[str, FloatArray] = {
            "n_ratings": np.ones(len(error)),
            "absolute_error": np.abs(error),
            "squared_error": error**2,
        }
        sums: dict[str, FloatArray] = {
            name: np.bincount(number, values, len(people)).astype(float)
            for name, values in columns.items()
        }
        return {"user": people.astype(np.float64), **sums}


@dataclass(frozen=True)
class Support:
    """One person's ratings of new films, parted: row numbers of `judged`."""

    user: int
    judged: IntArray
    known: IntArray


def supports(judged: Ratings, seed: int) -> list[Support]:
    """People with FEWEST_RATINGS to MOST_RATINGS; N_JUDGED drawn of each."""
    rng = np.random.default_rng(seed)
    order = np.lexsort((rng.random(len(judged)), judged.user))
    people, starts, sizes = np.unique(
        judged.user[order], return_index=True, return_counts=True
    )
    return [
        Support(
            int(user),
            order[start : start + N_JUDGED],
            order[start + N_JUDGED : start + size],
        )
        for user, start, size in zip(people, starts, sizes, strict=True)
        if FEWEST_RATINGS <= size <= MOST_RATINGS
    ]


def rows_judged(parts: list[Support]) -> IntArray:
    """Row numbers of all that are judged of the supports."""
    none = np.zeros(0, dtype=np.int64)
    return np.concatenate([none, *(part.judged for part in parts)])


def result_of(
    judged: Ratings,
    rows: IntArray | slice,
    predicted: Predicted,
    scale: RatingScale,
) -> QuadrantResult:
    """Predictions of some rows of `judged`, beside what happened."""
    return QuadrantResult(
        judged.user[rows],
        judged.stars[rows].astype(np.int64),
        predicted,
        scale,
    )


def predict_unknown(
    person: PersonPredictor, dataset: Dataset, judged: Ratings
) -> Predicted:
    """Every row of `judged`, of people nothing but the profile is known of."""
    codes = dataset.users.codes()
    return predicted_of(
        person.score_pairs(codes[judged.user], judged.movie), dataset.scale
    )


def predict_known(
    person: PersonPredictor,
    dataset: Dataset,
    judged: Ratings,
    parts: list[Support],
) -> Predicted:
    """The rows judged of `parts`, the others of each person known."""
    codes = dataset.users.codes()
    stars = judged.stars.astype(np.int64)
    return joined(
        [
            predicted_of(
                person.score_pairs(
                    np.tile(codes[part.user], (len(part.judged), 1)),
                    judged.movie[part.judged],
                    KnownRatings(judged.movie[part.known], stars[part.known]),
                ),
                dataset.scale,
            )
            for part in parts
        ]
    )


def joined(parts: list[Predicted]) -> Predicted:
    """Predictions of several lots of ratings; all have probabilities."""
    return Predicted(
        np.concatenate([part.expected_stars for part in parts]),
        np.concatenate([part.median_stars for part in parts]),
        np.concatenate([np.asarray(part.probabilities) for part in parts]),
    )


def constant(stars: float, n: int) -> Predicted:
    """The same stars for every rating."""
    return Predicted(np.full(n, stars), np.full(n, stars), None)


#: Bands of the number of ratings that a film has in training.
FEW_RATINGS: Final = (0, 1, 5, 20, 50, 100)


def by_ratings_of_film(
    n_ratings: IntArray,
    judged: Ratings,
    score: Callable[[BoolArray], dict[str, float]],
) -> list[dict[str, float]]:
    """`score` of the rows of each band of FEW_RATINGS.

    `n_ratings` (n_movies,) are those in training. Bands without a rating are
    left out.
    """
    rows = []
    for low, high in itertools.pairwise(FEW_RATINGS):
        inside = (n_ratings >= low) & (n_ratings < high)
        keep = inside[judged.movie]
        if keep.any():
            rows.append(
                {
                    "from_ratings": low,
                    "below_ratings": high,
                    "n_test_ratings": float(keep.sum()),
                    **score(keep),
                }
            )
    return rows
