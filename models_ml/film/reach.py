"""Who turns up: the shares of all cells in a film's audience."""

from dataclasses import dataclass

import numpy as np

from models_ml.film.audience import FloatArray
from models_ml.film.cells import add_up
from models_ml.film.intervals import beta_quantiles
from models_ml.film.uncertainty import Uncertainty


@dataclass(frozen=True)
class ReachModel:
    """The fitted model of `loadings` and `fields`, ready to answer."""

    population: FloatArray
    """Share of each cell in the ratings of all films, (N_CELLS,)."""
    loadings: FloatArray
    """Of the cells on the K coordinates, (N_CELLS, K)."""
    weights: FloatArray
    """f(x) = covariance(x, known films) @ weights, (n_films, K)."""
    means: FloatArray
    """a at the knots, (n_knots, K)."""
    h: FloatArray
    """h at the knots, (n_knots,)."""
    uncertainty: Uncertainty
    rest: float
    """Variance of films along each direction beyond the K coordinates."""


@dataclass(frozen=True)
class Popular:
    """The distribution of a film's number of raters over the knots."""

    n_raters: FloatArray
    """At the knots, (n_knots,)."""
    of_film: FloatArray
    """Weights that sum to 1."""
    of_rating: FloatArray
    """The same, each possible film counted by its raters."""


@dataclass(frozen=True)
class Reach:
    """A film's audience by segment, and by cell."""

    cells: FloatArray
    """Expected share of a rating of the film, (N_CELLS,)."""
    share: FloatArray
    low: FloatArray
    high: FloatArray


def predict_reach(
    model: ReachModel,
    popular: Popular,
    *,
    covariance: FloatArray,
    variance: FloatArray,
    axes: list[int],
    rest_norm: FloatArray,
    table: FloatArray,
) -> Reach:
    """Shares of the segments with their intervals.

    `covariance` (n_films,) is that of f with the known films, `variance` (K,)
    that of f, `rest_norm` (n_segments,) the squared length of a segment's
    loadings beyond the K coordinates, `table` two rows of quantiles.

    The share is the expectation over the ratings the film may get; the
    interval is of the share among the raters of one film, whose number is
    drawn from `popular`. Its variance has three parts: between numbers of
    raters, of the film (by the delta method on the log share), and
    share · (1 − share) ÷ raters.
    """
    f = covariance @ model.weights
    logits = (model.means + model.h[:, None] * f) @ model.loadings.T
    cells = model.population * np.exp(logits)
    cells /= cells.sum(axis=1, keepdims=True)
    segments = add_up(cells, axes)
    centre = popular.of_film @ segments
    usual = popular.of_film @ cells
    slopes = add_up(usual * model.loadings.T, axes)
    total = slopes.sum(axis=1, keepdims=True)
    slopes = slopes / np.maximum(centre, 1e-300) - total
    relative = variance @ slopes**2 + model.rest * rest_norm
    of_knot = (
        (segments - centre) ** 2
        + np.outer(model.h**2, relative) * segments**2
        + segments * (1 - segments) / popular.n_raters[:, None]
    )
    low, high = beta_quantiles(table, centre, popular.of_film @ of_knot)
    share = popular.of_rating @ segments
    return Reach(
        popular.of_rating @ cells,
        share,
        np.minimum(low, share),
        np.maximum(high, share),
    )
