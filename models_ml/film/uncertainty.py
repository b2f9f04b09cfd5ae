"""How sure a field is of a film: the variance of its prediction.

The exact variance of a Gaussian process costs the square of the number of
known films for each question. Genres and year have few degrees of freedom, so
their part is answered from a few inducing films (FITC: Snelson and Ghahramani
2006); what a series tells is answered exactly from the film's siblings; the
words of a title count as unknown, which errs to the safe side.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.similarity import (
    RESPECTS,
    SERIES_RESPECTS,
    TITLE_RESPECTS,
)

#: Which respects rest on the title.
FROM_TITLE = np.array([name in TITLE_RESPECTS for name in RESPECTS])
_SERIES = [RESPECTS.index(name) for name in SERIES_RESPECTS]
_WORDS = RESPECTS.index("words")


@dataclass(frozen=True)
class Uncertainty:
    """What the variance of a field's K coordinates is computed from."""

    weights: FloatArray
    """Weights of the respects, (len(RESPECTS),)."""
    film_variance: float
    """Variance of what sets each film apart, in units of `scale`."""
    scale: FloatArray
    """Variance of each coordinate, (K,)."""
    inducing: NDArray[np.integer]
    """Rows of the inducing films, (m,)."""
    whitener: FloatArray
    """Inverse Cholesky factor of the inducing films' covariance, (m, m)."""
    posterior: FloatArray
    """Posterior covariance of the whitened inducing values, (K, m, m)."""

    def variance(
        self,
        respects: FloatArray,
        own: FloatArray,
        to_siblings: FloatArray,
        between_siblings: FloatArray,
    ) -> FloatArray:
        """Variance of each coordinate of a film, shape (K,).

        `respects` (len(RESPECTS), n_films) and `own` (len(RESPECTS),) are of
        the film; the others are SERIES_RESPECTS only, to its s siblings
        (2, s) and between them (2, s, s).
        """
        plain = np.where(FROM_TITLE, 0, self.weights)
        features = self.whitener @ (plain @ respects[:, self.inducing])
        known = (self.posterior @ features) @ features
        missed = max(float(plain @ own - features @ features), 0.0)
        title = float((self.weights - plain) @ own)
        told = self._told_by_series(to_siblings, between_siblings)
        apart = self.film_variance + title - told
        return self.scale * (known + missed + apart)

    def _told_by_series(
        self, to_siblings: FloatArray, between_siblings: FloatArray
    ) -> float:
        if to_siblings.shape[1] == 0:
            return 0.0
        pair = self.weights[_SERIES]
        shared = pair @ to_siblings
        system = np.tensordot(pair, between_siblings, axes=1)
        own = self.film_variance + self.weights[_WORDS] + 1e-6
        system[np.diag_indices(len(system))] += own
        return float(shared @ np.linalg.solve(system, shared))
