"""Interest: the probability that a person rates a film.

Linear in the profile's columns, and moved by the films that the person rated:
the best linear prediction from them (kriging) under the covariance of who
rates what. `fit_interest` says where the numbers come from.
"""

from dataclasses import dataclass

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.encoding import N_COARSE_COLUMNS

#: Interest never falls below this share of what everyone's is.
LOWEST_RATIO = 0.02
HIGHEST = 1 - 1e-6


@dataclass(frozen=True)
class InterestModel:
    """Linear interest, and what moves it when ratings are known."""

    usual: FloatArray
    """Share of people who rate the film, shape (n_movies,)."""
    effects: FloatArray
    """Shape (N_COARSE_COLUMNS, n_movies)."""
    loadings: FloatArray
    """Shape (n_movies, R): their products are covariances of films."""
    own_variance: FloatArray
    """Shape (n_movies,)."""

    def of_columns(self, columns: FloatArray) -> FloatArray:
        """Unbounded interest (m, n_movies) of encoded profiles."""
        return self.usual + columns[:, :N_COARSE_COLUMNS] @ self.effects

    def given(self, interest: FloatArray, rated: IntArray) -> FloatArray:
        """Interest in every film when the person has rated some.

        `interest` is what the profile alone says. Its total is kept: how
        many ratings a person hands over says nothing of how many films the
        person has seen, yet whoever rated a film tends to have rated many.
        """
        loadings = self.loadings[rated]
        covariance = loadings @ loadings.T + np.diag(self.own_variance[rated])
        surprise = 1 - np.clip(interest[rated], 0, 1)
        pull = loadings.T @ np.linalg.solve(covariance, surprise)
        before = bounded(interest, self.usual)
        lowest = LOWEST_RATIO * self.usual
        after = np.maximum(interest + self.loadings @ pull, lowest)
        return after * (before.sum() / after.sum())


def bounded(interest: FloatArray, usual: FloatArray) -> FloatArray:
    """Linear interest as a probability."""
    return np.clip(interest, LOWEST_RATIO * usual, HIGHEST)
