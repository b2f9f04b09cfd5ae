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
    KERNEL_COMPONENTS,
    SERIES_COMPONENTS,
    TITLE_COMPONENTS,
)

#: Which components rest on the title.
FROM_TITLE = np.array([name in TITLE_COMPONENTS for name in KERNEL_COMPONENTS])
_SERIES = [KERNEL_COMPONENTS.index(name) for name in SERIES_COMPONENTS]
_WORDS = KERNEL_COMPONENTS.index("words")


@dataclass(frozen=True)
class Place:
    """Where a film stands among the known ones, as a field sees it."""

    features: FloatArray
    """Whitened covariance with the inducing films, (m,)."""
    missed: float
    """Variance that the inducing films do not explain."""
    apart: float
    """Variance of what sets the film apart, its title included."""


@dataclass(frozen=True)
class Uncertainty:
    """What the variance of a field's K coordinates is computed from."""

    weights: FloatArray
    """Weights of the components, (len(KERNEL_COMPONENTS),)."""
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

    def place(
        self,
        components: FloatArray,
        own: FloatArray,
        to_siblings: FloatArray,
        between_siblings: FloatArray,
    ) -> Place:
        """Where a film stands among the known ones.

        `components` (len(KERNEL_COMPONENTS), n_films) and `own`
        (len(KERNEL_COMPONENTS),) are of the film; the others are
        SERIES_COMPONENTS only, to its s siblings (2, s) and between them
        (2, s, s).
        """
        plain = self._plain_weights()
        features = self.whitener @ (plain @ components[:, self.inducing])
        title = float((self.weights - plain) @ own)
        told = self.told_by_series(to_siblings, between_siblings)
        return Place(
            features,
            max(float(plain @ own - features @ features), 0.0),
            self.film_variance + title - told,
        )

    def variance(self, place: Place) -> FloatArray:
        """Variance of each coordinate of a film, shape (K,)."""
        known = (self.posterior @ place.features) @ place.features
        return self.scale * (known + place.missed + place.apart)

    def covariance(
        self, one: Place, other: Place, between: FloatArray, *, is_same: bool
    ) -> FloatArray:
        """Covariance of each coordinate of two films, shape (K,).

        `between` (7,) are their components that do not rest on the title.
        What sets a film apart is shared if `is_same`: one film, described in
        two ways. What the titles of two films share counts as unshared,
        which errs to the safe side.
        """
        known = (self.posterior @ one.features) @ other.features
        missed = float(
            self.weights[~FROM_TITLE] @ between - one.features @ other.features
        )
        bound = np.sqrt(one.missed * other.missed)
        covariance = known + np.clip(missed, -bound, bound)
        if is_same:
            covariance = covariance + np.sqrt(one.apart * other.apart)
        result: FloatArray = self.scale * covariance
        return result

    def _plain_weights(self) -> FloatArray:
        return np.where(FROM_TITLE, 0, self.weights)

    def told_by_series(
        self, to_siblings: FloatArray, between_siblings: FloatArray
    ) -> float:
        """Variance that the ratings of a film's siblings take away."""
        if to_siblings.shape[1] == 0:
            return 0.0
        pair = self.weights[_SERIES]
        shared = pair @ to_siblings
        system = np.tensordot(pair, between_siblings, axes=1)
        own = self.film_variance + self.weights[_WORDS] + 1e-6
        system[np.diag_indices(len(system))] += own
        return float(shared @ np.linalg.solve(system, shared))
