"""Simple predictors of who turns up, by gender × age group.

They are the bar for the Gaussian process. Settings come from their
candidates (`experiments.film_candidates`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from lightgbm import LGBMClassifier
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from models_ml.arrays import FloatArray
from models_ml.film.counts import CellCounts, count, films_of
from models_ml.film.protocol import Film, FittedShares
from models_ml.film.similarity import genre_rows
from models_ml.warehouse.dataset import Dataset

_YEAR_KNOTS: Final = np.arange(1925, 2001, 10)


@dataclass(frozen=True)
class Population:
    """Every film gets everyone's shares."""

    everyone: FloatArray

    def shares(self, films: Sequence[Film]) -> FloatArray:
        """The population's shares, for each film."""
        return np.tile(self.everyone, (len(films), 1))


@dataclass(frozen=True)
class GenreMean:
    """The mean of the genres' shares; everyone's for a film without."""

    everyone: FloatArray
    of_genre: FloatArray
    genres: tuple[str, ...]

    def shares(self, films: Sequence[Film]) -> FloatArray:
        """The mean over the film's genres of their audiences' shares."""
        genres = genre_rows(films, self.genres)
        n_genres = genres.sum(axis=1, keepdims=True)
        mean = genres @ self.of_genre / np.maximum(n_genres, 1)
        return np.where(n_genres > 0, mean, self.everyone)


@dataclass(frozen=True)
class Learned:
    """Class probabilities of a scikit-learn or LightGBM classifier."""

    model: Any
    everyone: FloatArray
    genres: tuple[str, ...]

    def shares(self, films: Sequence[Film]) -> FloatArray:
        """The classifier's probabilities of a rater's segment."""
        shares = np.zeros((len(films), len(self.everyone)))
        shares[:, self.model.classes_] = self.model.predict_proba(
            features(films, self.genres)
        )
        shares = shares + 1e-6 * self.everyone
        result: FloatArray = shares / shares.sum(axis=1, keepdims=True)
        return result


def features(films: Sequence[Film], genres: Sequence[str]) -> FloatArray:
    """Genres, bumps along the years and the year itself, of each film."""
    years = np.array([film.year or 1990 for film in films], dtype=float)
    bumps = np.exp(-0.5 * ((years[:, None] - _YEAR_KNOTS) / 8) ** 2)
    return np.column_stack(
        [genre_rows(films, genres), bumps, (years - 1985) / 15]
    )


def fit_population(
    dataset: Dataset, params: Mapping[str, float]
) -> FittedShares:
    """Everyone's shares."""
    del params
    return Population(_everyone(_segments(count(dataset))))


def fit_genre_mean(
    dataset: Dataset, params: Mapping[str, float]
) -> FittedShares:
    """Shares by genre, with `pseudo_ratings` of everyone's.

    Raises ValueError for a dataset that has no counts by genre.
    """
    genres = dataset.counts.genre_segments
    if genres is None:
        raise ValueError("genres are counted by fold of films alone")
    everyone = _everyone(_segments(count(dataset)))
    names = dataset.vocabulary.genres
    of_genre = np.zeros((len(names), len(everyone)))
    np.add.at(of_genre, (genres.genre, genres.segment), genres.n_ratings)
    of_genre += params["pseudo_ratings"] * everyone
    of_genre /= of_genre.sum(axis=1, keepdims=True)
    return GenreMean(everyone, of_genre, names)


def fit_multinomial_logit(
    dataset: Dataset, params: Mapping[str, float]
) -> FittedShares:
    """Multinomial logistic regression, a rater's segment on `features`."""
    return _learn(
        LogisticRegression(C=params["C"], max_iter=int(params["max_iter"])),
        dataset,
    )


def fit_lightgbm(
    dataset: Dataset, params: Mapping[str, float]
) -> FittedShares:
    """Boosted trees, a rater's segment on `features`."""
    model = LGBMClassifier(
        n_estimators=int(params["n_estimators"]),
        learning_rate=params["learning_rate"],
        num_leaves=int(params["num_leaves"]),
        # Rows are weighted by ratings; a leaf needs so many of them.
        min_child_samples=1,
        min_child_weight=params["min_child_samples"] / 14,
        colsample_bytree=0.6,
        n_jobs=1,
        random_state=0,
        deterministic=True,
        force_row_wise=True,
        verbose=-1,
    )
    return _learn(model, dataset)


def _learn(model: Any, dataset: Dataset) -> FittedShares:
    """Fit a classifier to rows (film, segment), weighted by ratings."""
    counts = count(dataset)
    segments = _segments(counts)
    film, segment = np.nonzero(segments)
    if len(np.unique(segment)) < 2:  # nothing that a classifier could tell
        return Population(_everyone(segments))
    genres = dataset.vocabulary.genres
    rows = features(films_of(dataset, counts.movies), genres)[film]
    with threadpool_limits(limits=1):  # the same sums on every machine size
        model.fit(rows, segment, sample_weight=segments[film, segment])
    return Learned(model, _everyone(segments), genres)


def _segments(counts: CellCounts) -> FloatArray:
    return counts.by_level(counts.n_ratings)[:, : counts.cells.blocks[0]]


def _everyone(segments: FloatArray) -> NDArray[np.float64]:
    total = segments.sum(axis=0) + 0.5
    return np.asarray(total / total.sum())
