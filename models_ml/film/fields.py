"""Gaussian processes over films, and over how many people rate them.

A coordinate z of a film x that a fraction p of the people rate is modelled as

    z(x, p) = a(p) + h(p) · f(x),      h(p) = 1 / (1 + (p / half)^power),

with f and a Gaussian processes: f over the films' likeness in genres, year and
title, a over log p. The factor h holds what the data show plainly: the films
that everybody sees have everybody's audience, so coordinates shrink with p.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.loadings import Observations
from models_ml.film.popularity import KNOT_QUANTILES, Popularity
from models_ml.film.solve import solve_together, solve_without_folds


@dataclass(frozen=True)
class Shrinkage:
    """The factor h; `half` is the fraction of people at which it is 1/2."""

    half: float
    power: float

    def __call__(self, fraction: FloatArray) -> FloatArray:
        """h of fractions of the people."""
        return 1 / (1 + (fraction / self.half) ** self.power)


@dataclass(frozen=True)
class Field:
    """The fitted process of K coordinates, as weights of the known films."""

    weights: FloatArray
    """f(x) = covariance(x, known films) @ weights; shape (n_films, K)."""
    means: FloatArray
    """a at the knots of popularity, shape (n_knots, K)."""
    without: "Without"


@dataclass(frozen=True)
class Without:
    """The process fitted without a fold of films, for the films of the fold.

    A film's fold holds about a tenth of the others, but none of its series.
    """

    values: FloatArray
    """f of each known film, (n_films, K)."""
    means: FloatArray
    """a at the knots, for each fold, (n_folds, n_knots, K)."""
    misses: FloatArray
    """Observed less predicted coordinates, as of f, (n_films, K)."""
    noise: FloatArray
    """Variance of the observation in `misses`, (n_films, K)."""


#: Films a factor e apart in popularity share most of a(p).
_POPULARITY_SCALE = 1.5


def fit_field(
    covariance: NDArray[np.float32],
    observed: Observations,
    *,
    film_variance: float,
    mean_variance: float,
    variances: FloatArray,
    h: FloatArray,
    log_raters: FloatArray,
    log_knots: FloatArray,
    fold: NDArray[np.integer],
) -> Field:
    """The posterior means of f and a for each coordinate.

    `covariance` (n, n) is that of f between the films in units of
    `variances` (K,); `film_variance` and `mean_variance`, in the same units,
    are the variance of what sets each film apart, and of a. `h`, `log_raters`
    and `fold` have shape (n,), `log_knots` (n_knots,).
    """
    between = mean_variance * _popularity_covariance(log_raters, log_raters)
    to_knots = mean_variance * _popularity_covariance(log_knots, log_raters)
    scaled = covariance * np.outer(h, h).astype(covariance.dtype)
    scaled += between
    diagonals = observed.noise / variances + film_variance * h[:, None] ** 2
    solved = solve_together(scaled, diagonals, observed.values)
    apart = solve_without_folds(scaled, diagonals, observed.values, fold)
    values = _own_fold(covariance, h[:, None, None] * apart, fold)
    means = _own_fold(between, apart, fold)
    return Field(
        weights=h[:, None] * solved,
        means=to_knots @ solved,
        without=Without(
            values=values,
            means=np.einsum("qn,nkf->fqk", to_knots, apart),
            misses=(observed.values - means) / h[:, None] - values,
            noise=observed.noise / h[:, None] ** 2,
        ),
    )


def _own_fold(
    matrix: NDArray[np.float32],
    columns: NDArray[Any],
    fold: NDArray[np.integer],
) -> FloatArray:
    """Rows of matrix @ columns (n, K, n_folds), each of its own fold."""
    n, rank, n_folds = columns.shape
    product = matrix @ columns.reshape(n, -1).astype(matrix.dtype)
    own = product.reshape(n, rank, n_folds)[np.arange(n), :, fold]
    return own.astype(float)


def _popularity_covariance(
    left: FloatArray, right: FloatArray
) -> NDArray[np.float32]:
    """Of a between logarithms of numbers of raters; many films share one."""
    distinct, row = np.unique(left, return_inverse=True)
    others, column = np.unique(right, return_inverse=True)
    apart = (distinct[:, None] - others) / _POPULARITY_SCALE
    table = np.exp(-0.5 * apart**2).astype(np.float32)
    return table[row][:, column]


def fit_popularity(
    covariance: NDArray[np.float32],
    film_variance: float,
    n_raters: FloatArray,
    fold: NDArray[np.integer],
) -> tuple[Popularity, FloatArray, FloatArray]:
    """The popularity of films, from how alike they are.

    `covariance` (n, n) between the films and `film_variance`, what sets each
    film apart, are shares of the scores' variance; `n_raters` (n,) is at
    least 1. With it each film's score as predicted without its fold, and its
    score less that, (n,).
    """
    scores = _normal_scores(n_raters)
    diagonals = np.full((len(scores), 1), film_variance)
    weights = solve_together(covariance, diagonals, scores[:, None])
    apart = solve_without_folds(covariance, diagonals, scores[:, None], fold)
    predicted = _own_fold(covariance, apart, fold)[:, 0]
    misses = scores - predicted
    order = np.argsort(n_raters, kind="stable")
    kept = _thinned(order)
    knots = np.quantile(n_raters, KNOT_QUANTILES)
    popularity = Popularity(
        weights=weights[:, 0],
        spread=float(np.sqrt(np.mean(misses**2))),
        scores=scores[kept],
        log_raters=np.log(n_raters[kept]),
        log_knots=np.unique(np.log(np.maximum(knots, 1))),
    )
    return popularity, predicted, misses


def _normal_scores(values: FloatArray) -> FloatArray:
    ranks = scipy.stats.rankdata(values)
    result: FloatArray = scipy.stats.norm.ppf((ranks - 0.5) / len(values))
    return result


def _thinned(order: NDArray[Any], n: int = 200) -> NDArray[Any]:
    steps = np.linspace(0, len(order) - 1, min(n, len(order)))
    result: NDArray[Any] = order[np.round(steps).astype(int)]
    return result
