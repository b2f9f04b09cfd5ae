"""Who turns up: the shares of all cells in a film's audience."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.film.cells import add_up
from models_ml.film.intervals import share_interval
from models_ml.film.uncertainty import Uncertainty

#: Central mass of the distribution that held as many actual shares as the
#: interval promises, on folds 2 and 3: it errs to the wide side, since words
#: of a title count as unknown and shares of few raters as continuous.
_MASS_OF_MIXTURE: Final = {0.8: 0.73, 0.95: 0.905}
#: The same where the number of raters is known; tails are of `LEVELS`.
_MASS_OF_KNOWN: Final = {0.8: 0.76, 0.95: 0.95}


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
    is_known: bool
    """Whether the number is known: it is then the same at all knots."""


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
    factor: FloatArray,
    axes: list[int],
    rest_norm: FloatArray,
    table: FloatArray,
    interval: float,
) -> Reach:
    """Shares of the segments with their intervals.

    `covariance` (n_films,) is that of f with the known films, `variance` (K,)
    that of f, multiplied by `factor` (n_knots,), `rest_norm` (n_segments,)
    the variance of a segment's log share beyond the K coordinates, `table`
    that of `quantile_table`, `interval` is 0.8 or 0.95.

    The share is the expectation over the ratings the film may get; the
    interval is of the share among the raters of one film, whose number is
    drawn from `popular`. For each number its variance has two parts: of the
    film (by the delta method on the log share), and share · (1 − share) ÷
    raters.
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
    relative = variance @ slopes**2 + rest_norm
    of_film = np.outer(factor * model.h**2, relative) * segments**2
    low, high = _interval(segments, of_film, popular, table, interval)
    share = popular.of_rating @ segments
    return Reach(
        popular.of_rating @ cells,
        share,
        np.minimum(low, share),
        np.maximum(high, share),
    )


def _interval(
    segments: FloatArray,
    of_film: FloatArray,
    popular: Popular,
    table: FloatArray,
    probability: float,
) -> tuple[FloatArray, FloatArray]:
    """Of the share among one film's raters; `segments`, `of_film` (m, n).

    With a known number of raters the knots are two neighbours that stand for
    it together, and become one distribution.
    """
    weights, n_raters = popular.of_film, popular.n_raters
    masses = _MASS_OF_MIXTURE
    if popular.is_known:
        masses = _MASS_OF_KNOWN
        weights = np.ones(1)
        segments = popular.of_film @ segments
        of_film = popular.of_film @ of_film
        segments, of_film, n_raters = (
            segments[None],
            of_film[None],
            n_raters[:1],
        )
    chance = segments * (1 - segments) / n_raters[:, None]
    return share_interval(
        table,
        segments,
        of_film + chance,
        weights=weights,
        n_raters=n_raters,
        probability=masses[probability],
    )
