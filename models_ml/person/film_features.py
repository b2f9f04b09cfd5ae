"""What is known of a film before its stars are looked at.

Genres, decade, how many rated it, and who: films that the same people rated
lie close together. The loadings of films with few ratings lean on these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models_ml.arrays import FloatArray
from models_ml.person.design import RatingDesign
from models_ml.person.krylov import leading_eigenvectors
from models_ml.warehouse.dataset import Movies

#: Added to a film's share of raters when it is scaled to unit variance.
SHARE_FLOOR = 0.003
#: With 24 blocks the 64 directions of MovieLens 1M are ARPACK's to .0001.
_N_BLOCKS: Final = 24


@dataclass(frozen=True)
class CoRating:
    """Principal directions of who rated what, films scaled to one size."""

    directions: FloatArray
    """Orthonormal, shape (n_movies, rank)."""
    variances: FloatArray
    """Variance along each direction, descending, shape (rank,)."""
    scale: FloatArray
    """A film's column was divided by this, shape (n_movies,)."""


def fit_co_rating(
    design: RatingDesign, interest: FloatArray, rank: int
) -> CoRating:
    """Principal directions of the centred matrix of who rated what.

    `interest` is each film's share of raters. The rank is lowered where
    there are not as many people or films.
    """
    scale = np.sqrt(interest + SHARE_FLOOR)
    values = 1 / scale[design.movie]
    rated = design.matrix(values.astype(np.float32))
    n_people = len(design.raters)
    rank = min(rank, min(n_people, design.n_movies) - 1)
    if rank < 1:
        none = np.zeros((design.n_movies, 0))
        return CoRating(none, np.zeros(0), scale)
    variances, directions = leading_eigenvectors(
        _covariance(rated, (interest / scale).astype(np.float32)),
        design.n_movies,
        rank,
        _N_BLOCKS,
    )
    return CoRating(directions, np.maximum(variances, 0), scale)


def _covariance(
    rated: sparse.csr_array, centre: NDArray[np.float32]
) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Multiplies by (rated - 1 centre')' (rated - 1 centre') / n."""
    backwards = rated.T.tocsr()

    def multiply(columns: NDArray[np.float32]) -> NDArray[np.float32]:
        apart = rated @ columns
        apart -= centre @ columns
        result: NDArray[np.float32] = backwards @ apart
        result -= np.outer(centre, apart.sum(axis=0))
        result /= rated.shape[0]
        return result

    return multiply


def film_features(
    movies: Movies, counts: FloatArray, co_rating: CoRating
) -> FloatArray:
    """Columns that a film's loadings are regressed on, with a constant."""
    decade = np.clip((movies.year - 1920) // 10, 0, 8)
    size = np.log1p(counts)
    rated = size[counts > 0]
    size = (size - rated.mean()) / max(rated.std(), 1e-9)
    # films with hardly a rating are not taken to be extreme
    size = np.clip(size, -2, 2)
    place = co_rating.directions * np.sqrt(co_rating.variances)
    length = np.linalg.norm(place, axis=1, keepdims=True)
    return np.column_stack(
        [
            np.ones(len(movies)),
            movies.genres,
            np.eye(9)[decade],
            size,
            size**2,
            place / np.maximum(length, 1e-3),
        ]
    )
