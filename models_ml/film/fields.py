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
from models_ml.film.solve import solve_together


@dataclass(frozen=True)
class Shrinkage:
    """The factor h; `half` is the fraction of people at which it is 1/2."""

    half: float
    power: float

    def __call__(self, fraction: FloatArray) -> FloatArray:
        """H of fractions of the people."""
        return 1 / (1 + (fraction / self.half) ** self.power)


@dataclass(frozen=True)
class Field:
    """The fitted process of K coordinates, as weights of the known films."""

    weights: FloatArray
    """f(x) = covariance(x, known films) @ weights; shape (n_films, K)."""
    means: FloatArray
    """a at the knots of popularity, shape (n_knots, K)."""


#: Films a factor e apart in popularity share most of a(p).
_POPULARITY_SCALE = 1.5
_FOLDS = 5
_NO_INFORMATION = 1e6


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
) -> Field:
    """The posterior means of f and a for each coordinate.

    `covariance` (n, n) is that of f between the films in units of
    `variances` (K,); `film_variance` and `mean_variance`, in the same units,
    are the variance of what sets each film apart, and of a. `h` and
    `log_raters` have shape (n,), `log_knots` (n_knots,).
    """
    between = _popularity_covariance(log_raters, log_raters)
    to_knots = _popularity_covariance(log_knots, log_raters)
    scaled = covariance * np.outer(h, h).astype(covariance.dtype)
    scaled += mean_variance * between.astype(covariance.dtype)
    solved = solve_together(
        scaled,
        observed.noise / variances + film_variance * h[:, None] ** 2,
        observed.values,
    )
    weights = h[:, None] * solved
    means = mean_variance * to_knots @ solved
    return Field(weights, means)


def _popularity_covariance(left: FloatArray, right: FloatArray) -> FloatArray:
    apart = (left[:, None] - right) / _POPULARITY_SCALE
    return np.exp(-0.5 * apart**2)


def fit_popularity(
    covariance: NDArray[np.float32], film_variance: float, n_raters: FloatArray
) -> Popularity:
    """The popularity of films, from how alike they are.

    `covariance` (n, n) between the films and `film_variance`, what sets each
    film apart, are shares of the scores' variance; `n_raters` (n,) is at
    least 1.
    """
    scores = _normal_scores(n_raters)
    # One column for all films, then one for each fold left out: a film with
    # boundless noise tells nothing.
    fold = np.arange(len(scores)) % _FOLDS
    left_out = fold[:, None] == np.arange(-1, _FOLDS)
    weights = solve_together(
        covariance,
        np.where(left_out, _NO_INFORMATION, film_variance),
        np.where(left_out, 0, scores[:, None]),
    )
    guesses = covariance @ weights[:, 1:].astype(covariance.dtype)
    misses = scores - guesses[np.arange(len(scores)), fold]
    order = np.argsort(n_raters, kind="stable")
    kept = _thinned(order)
    log_raters = np.log(n_raters[kept])
    knots = np.quantile(n_raters, KNOT_QUANTILES)
    return Popularity(
        weights=weights[:, 0],
        spread=float(np.sqrt(np.mean(misses**2))),
        scores=scores[kept],
        log_raters=log_raters,
        log_knots=np.unique(np.log(np.maximum(knots, 1))),
    )


def _normal_scores(values: FloatArray) -> FloatArray:
    ranks = scipy.stats.rankdata(values)
    return scipy.stats.norm.ppf((ranks - 0.5) / len(values))


def _thinned(order: NDArray[Any], n: int = 200) -> NDArray[Any]:
    steps = np.linspace(0, len(order) - 1, min(n, len(order)))
    return order[np.round(steps).astype(int)]
