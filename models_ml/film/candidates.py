"""The candidates for the new-film task: who turns up, by gender × age group.

Each has `fit(dataset, params)`, which gives something with
`shares(films) -> (n, 14)`; they are compared by log-loss per rating on films
that none of them has seen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from lightgbm import LGBMClassifier
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from models_ml.dataset import Dataset
from models_ml.film.audience import Film, FloatArray
from models_ml.film.cells import BLOCKS
from models_ml.film.counts import Counts, count, films_of
from models_ml.film.fit import fit_audience_predictor
from models_ml.film.params import DEFAULT_PARAMS, complete
from models_ml.film.predictor import AudiencePredictor
from models_ml.film.similarity import genre_rows

_YEAR_KNOTS: Final = np.arange(1925, 2001, 10)
_PSEUDO_RATINGS: Final = 100.0


class FittedShares(Protocol):
    """What a fitted candidate can do."""

    def shares(self, films: Sequence[Film]) -> FloatArray:
        """Shares of gender × age group, (n, 14); rows sum to 1."""
        ...


@dataclass(frozen=True)
class Candidate:
    """A way to predict who turns up."""

    fit: Callable[[Dataset, Mapping[str, float] | None], FittedShares]
    params: Mapping[str, float]
    """Its settings, as recorded with a run."""


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

    def shares(self, films: Sequence[Film]) -> FloatArray:
        """The mean over the film's genres of their audiences' shares."""
        genres = genre_rows(films)
        n_genres = genres.sum(axis=1, keepdims=True)
        mean = genres @ self.of_genre / np.maximum(n_genres, 1)
        return np.where(n_genres > 0, mean, self.everyone)


@dataclass(frozen=True)
class Learned:
    """Class probabilities of a scikit-learn or LightGBM classifier."""

    model: Any
    everyone: FloatArray

    def shares(self, films: Sequence[Film]) -> FloatArray:
        """The classifier's probabilities of a rater's segment."""
        found = np.zeros((len(films), len(self.everyone)))
        found[:, self.model.classes_] = self.model.predict_proba(
            features(films)
        )
        found = found + 1e-6 * self.everyone
        return found / found.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class GaussianProcess:
    """The audience predictor itself."""

    predictor: AudiencePredictor

    def shares(self, films: Sequence[Film]) -> FloatArray:
        """The predictor's reach."""
        by = ("gender", "age_group")
        with threadpool_limits(limits=1):
            return np.array(
                [self.predictor.predict(film, by).reach for film in films]
            )


def features(films: Sequence[Film]) -> FloatArray:
    """Genres, bumps along the years and the year itself, (n, 27)."""
    years = np.array([film.year or 1990 for film in films], dtype=float)
    bumps = np.exp(-0.5 * ((years[:, None] - _YEAR_KNOTS) / 8) ** 2)
    return np.column_stack([genre_rows(films), bumps, (years - 1985) / 15])


def fit_population(
    dataset: Dataset, params: Mapping[str, float] | None = None
) -> FittedShares:
    """Everyone's shares."""
    del params
    return Population(_everyone(_segments(count(dataset))))


def fit_genre_mean(
    dataset: Dataset, params: Mapping[str, float] | None = None
) -> FittedShares:
    """Shares by genre, with `pseudo_ratings` of everyone's."""
    pseudo = {"pseudo_ratings": _PSEUDO_RATINGS, **(params or {})}
    counts = count(dataset)
    segments = _segments(counts)
    everyone = _everyone(segments)
    genres = genre_rows(films_of(dataset.movies, counts.movies))
    of_genre = genres.T @ segments + pseudo["pseudo_ratings"] * everyone
    of_genre /= of_genre.sum(axis=1, keepdims=True)
    return GenreMean(everyone, of_genre)


def fit_multinomial_logit(
    dataset: Dataset, params: Mapping[str, float] | None = None
) -> FittedShares:
    """Multinomial logistic regression, a rater's segment on `features`."""
    chosen = {"C": 0.05, "max_iter": 100, **(params or {})}
    return _learn(
        LogisticRegression(C=chosen["C"], max_iter=int(chosen["max_iter"])),
        dataset,
    )


def fit_lightgbm(
    dataset: Dataset, params: Mapping[str, float] | None = None
) -> FittedShares:
    """Boosted trees, a rater's segment on `features`."""
    chosen = {
        "n_estimators": 60,
        "learning_rate": 0.1,
        "num_leaves": 15,
        "min_child_samples": 2000,
        **(params or {}),
    }
    model = LGBMClassifier(
        n_estimators=int(chosen["n_estimators"]),
        learning_rate=chosen["learning_rate"],
        num_leaves=int(chosen["num_leaves"]),
        # Rows are weighted by ratings; a leaf needs so many of them.
        min_child_samples=1,
        min_child_weight=chosen["min_child_samples"] / 14,
        colsample_bytree=0.6,
        n_jobs=1,
        random_state=0,
        deterministic=True,
        force_row_wise=True,
        verbose=-1,
    )
    return _learn(model, dataset)


def fit_gaussian_process(
    dataset: Dataset, params: Mapping[str, float] | None = None
) -> FittedShares:
    """The audience predictor; `params` as for `fit_audience_predictor`."""
    return GaussianProcess(fit_audience_predictor(dataset, complete(params)))


def _learn(model: Any, dataset: Dataset) -> FittedShares:
    """Fit a classifier to rows (film, segment), weighted by ratings."""
    counts = count(dataset)
    segments = _segments(counts)
    film, segment = np.nonzero(segments)
    rows = features(films_of(dataset.movies, counts.movies))[film]
    with threadpool_limits(limits=1):  # the same sums on every machine size
        model.fit(rows, segment, sample_weight=segments[film, segment])
    return Learned(model, _everyone(segments))


def _segments(counts: Counts) -> FloatArray:
    return counts.by_level(counts.n_ratings)[:, : BLOCKS[0]]


def _everyone(segments: FloatArray) -> NDArray[np.float64]:
    total = segments.sum(axis=0) + 0.5
    return np.asarray(total / total.sum())


#: In order of effort.
FILM_CANDIDATES: Final[Mapping[str, Candidate]] = {
    "population": Candidate(fit_population, {}),
    "genre_mean": Candidate(
        fit_genre_mean, {"pseudo_ratings": _PSEUDO_RATINGS}
    ),
    "multinomial_logit": Candidate(
        fit_multinomial_logit, {"C": 0.05, "max_iter": 100}
    ),
    "lightgbm": Candidate(
        fit_lightgbm,
        {
            "n_estimators": 60,
            "learning_rate": 0.1,
            "num_leaves": 15,
            "min_child_samples": 2000,
        },
    ),
    "gaussian_process": Candidate(fit_gaussian_process, DEFAULT_PARAMS),
}

#: For `train --search`: each setting is drawn log-uniformly between the two.
SEARCH_SPACE: Final[Mapping[str, tuple[float, float]]] = {
    name: (value / 1.6, value * 1.6)
    for name, value in DEFAULT_PARAMS.items()
    if name.split(".")[0] in ("reach", "popularity")
    and not name.endswith((".rank", ".spread", ".rest", ".few", ".power"))
}
