"""Who turns up: the shares of all cells in a film's audience."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.film.belief import Belief
from models_ml.film.cells import Segments
from models_ml.film.intervals import share_interval
from models_ml.film.popularity import Popular
from models_ml.film.uncertainty import Uncertainty

#: Mass of the distribution that held as many actual shares as the interval
#: promises, on folds 2 and 3: it errs to the wide side, since words of a title
#: count as unknown and shares of few raters as continuous.
_MASS: Final = {0.8: 0.69, 0.95: 0.895}


@dataclass(frozen=True)
class ReachModel:
    """The fitted model of `loadings` and `fields`, ready to answer."""

    population: FloatArray
    """Share of each cell in the ratings of all films, (n_cells,)."""
    loadings: FloatArray
    """Of the cells on the K coordinates, (n_cells, K)."""
    weights: FloatArray
    """f(x) = covariance(x, known films) @ weights, (n_films, K)."""
    means: FloatArray
    """a at the knots, (n_knots, K)."""
    h: FloatArray
    """h at the knots, (n_knots,)."""
    uncertainty: Uncertainty
    residual: float
    """Variance of films along each direction beyond the K coordinates."""


@dataclass(frozen=True)
class Reach:
    """A film's expected audience by segment, and what it rests on."""

    cells: FloatArray
    """Expected share of a rating of the film, (n_cells,)."""
    share: FloatArray
    """Expected share, (n,)."""
    at_knots: FloatArray
    """Shares for each number of raters, (n_knots, n)."""
    slopes: FloatArray
    """Change of a segment's log share per unit of z, (K, n)."""
    gain: FloatArray
    """Change of the share per unit of its log share's film part, (n,): the
    mean of h · share over the number of raters."""
    film_variance: FloatArray
    """Of the share at each number of raters, over films, (n_knots, n)."""


def expected_reach(
    model: ReachModel,
    belief: Belief,
    popular: Popular,
    *,
    factor: FloatArray,
    segments: Segments,
    residual: FloatArray,
) -> Reach:
    """Expected shares of the segments, with the variance over films.

    `factor` (n_knots,) multiplies the variance of f, `residual` (n,) is the
    variance of a segment's log share beyond the K coordinates. The share is
    the expectation over the ratings the film may get; variances are by the
    delta method on the log share.
    """
    logits = (
        belief.reach_means + model.h[:, None] * belief.reach
    ) @ model.loadings.T
    cells = model.population * np.exp(logits)
    cells /= cells.sum(axis=1, keepdims=True)
    at_knots = segments.add_up(cells)
    centre = popular.of_film @ at_knots
    slopes = segments.add_up((popular.of_film @ cells) * model.loadings.T)
    total = slopes.sum(axis=1, keepdims=True)
    slopes = slopes / np.maximum(centre, 1e-300) - total
    relative = belief.reach_variance @ slopes**2 + residual
    return Reach(
        cells=popular.of_rating @ cells,
        share=popular.of_rating @ at_knots,
        at_knots=at_knots,
        slopes=slopes,
        gain=(popular.of_rating * model.h * np.sqrt(factor)) @ at_knots,
        film_variance=np.outer(factor * model.h**2, relative) * at_knots**2,
    )


def expected_interval(
    reach: Reach, popular: Popular, z: float
) -> tuple[FloatArray, FloatArray]:
    """Interval of the expected share, `z` standard deviations each way.

    On the logit scale, by the delta method; the variance is of the film and
    of how many people will rate it, not of who they happen to be.
    """
    between = (reach.at_knots - reach.share) ** 2
    variance = popular.of_rating @ (reach.film_variance + between)
    share = np.clip(reach.share, 1e-12, 1 - 1e-12)
    logit = np.log(share / (1 - share))
    half = z * np.sqrt(variance) / (share * (1 - share))
    return 1 / (1 + np.exp(half - logit)), 1 / (1 + np.exp(-half - logit))


def raters_interval(
    reach: Reach, popular: Popular, table: FloatArray, probability: float
) -> tuple[FloatArray, FloatArray]:
    """Interval of the share among one film's raters.

    For each number of raters its variance has two parts: of the film, and
    share · (1 − share) ÷ raters. `table` is `quantile_table`'s. With a known
    number of raters the knots are two neighbours that stand for it together,
    and become one distribution.
    """
    weights, n_raters = popular.of_film, popular.n_raters
    shares, of_film = reach.at_knots, reach.film_variance
    if popular.is_known:
        shares = (weights @ shares)[None]
        of_film = (weights @ of_film)[None]
        weights, n_raters = np.ones(1), n_raters[:1]
    chance = shares * (1 - shares) / n_raters[:, None]
    return share_interval(
        table,
        shares,
        of_film + chance,
        weights=weights,
        n_raters=n_raters,
        centre=reach.share,
        probability=_MASS[probability],
    )
