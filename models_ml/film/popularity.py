"""How many people will rate a film nobody has rated: a distribution.

The known films' numbers of raters are mapped to normal scores (rank), which a
Gaussian process predicts from the films' likeness. A distribution is handed
on as weights of a few knots, numbers of raters between which everything is
interpolated in the logarithm.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models_ml.arrays import FloatArray

#: The knots are these quantiles of the known films' numbers of raters.
KNOT_QUANTILES: Final = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.92, 0.985)
_QUADRATURE: Final = np.linspace(-2.4, 2.4, 17)


@dataclass(frozen=True)
class Popularity:
    """The fitted process, as weights of the known films."""

    weights: FloatArray
    """Mean score = covariance(x, known films) @ weights; shape (n_films,)."""
    spread: float
    """Standard deviation of a new film's score around its mean."""
    scores: FloatArray
    """Normal scores, ascending, of `log_raters`."""
    log_raters: FloatArray
    """Logarithms of numbers of raters, ascending."""
    log_knots: FloatArray
    """Logarithms of the knots, ascending."""

    def unknown(self, mean_score: float, spread: float) -> "Popular":
        """The distribution for a film of this mean score, `spread` about."""
        logs = np.interp(
            mean_score + spread * _QUADRATURE, self.scores, self.log_raters
        )
        density = np.exp(-0.5 * _QUADRATURE**2)
        hats = hat_weights(logs, self.log_knots)
        films = density / density.sum()
        ratings = density * np.exp(logs - logs.max())
        ratings /= ratings.sum()
        return Popular(
            n_raters=np.exp(self.log_knots),
            of_film=films @ hats,
            of_rating=ratings @ hats,
            hats=hats,
            ratings=ratings,
            is_known=False,
        )

    def known(self, n_raters: int) -> "Popular":
        """The distribution for a film that so many people rate."""
        hats = hat_weights(np.log([float(n_raters)]), self.log_knots)
        return Popular(
            n_raters=np.full(len(self.log_knots), float(n_raters)),
            of_film=hats[0],
            of_rating=hats[0],
            hats=hats,
            ratings=np.ones(1),
            is_known=True,
        )


@dataclass(frozen=True)
class Popular:
    """The distribution of a film's number of raters over the knots."""

    n_raters: FloatArray
    """At the knots, (n_knots,)."""
    of_film: FloatArray
    """Weights of the knots that sum to 1."""
    of_rating: FloatArray
    """The same, each possible film counted by its raters."""
    hats: FloatArray
    """What each of q possible scores, equally far from the mean score for all
    films, weighs at the knots, (q, n_knots)."""
    ratings: FloatArray
    """Weights of the possible scores, counted by raters, (q,)."""
    is_known: bool
    """Whether the number is known: it is then the same at all knots."""


def hat_weights(logs: FloatArray, log_knots: FloatArray) -> FloatArray:
    """Linear interpolation weights, (n, n_knots), constant outside."""
    weights = np.zeros((len(logs), len(log_knots)))
    inside = np.clip(logs, log_knots[0], log_knots[-1])
    if len(log_knots) == 1:
        weights[:] = 1
        return weights
    left = np.clip(
        np.searchsorted(log_knots, inside) - 1, 0, len(log_knots) - 2
    )
    step = (inside - log_knots[left]) / (log_knots[left + 1] - log_knots[left])
    rows = np.arange(len(logs))
    weights[rows, left] = 1 - step
    weights[rows, left + 1] += step
    return weights
