"""What is known of a film before its stars are looked at.

Genres, decade, how many rated it, and who: films that the same people rated
lie close together. The loadings of films with few ratings lean on these.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, svds

from models_ml.arrays import FloatArray
from models_ml.person.design import RatingDesign
from models_ml.warehouse.dataset import Movies

#: Added to a film's share of raters when it is scaled to unit variance.
SHARE_FLOOR = 0.003


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
    """Truncated SVD of the centred matrix of who rated what.

    `interest` is each film's share of raters. The rank is lowered where
    there are not as many people or films.
    """
    scale = np.sqrt(interest + SHARE_FLOOR)
    rated = design.matrix(1 / scale[design.movie])
    centre = interest / scale
    shape = (len(design.raters), design.n_movies)
    rank = min(rank, min(shape) - 1)
    if rank < 1:
        none = np.zeros((design.n_movies, 0))
        return CoRating(none, np.zeros(0), scale)
    operator = _centred(rated, centre)
    start = np.ones(min(shape)) / np.sqrt(min(shape))
    _, singular, right = svds(operator, k=rank, v0=start)
    order = np.argsort(-singular)
    return CoRating(
        directions=np.ascontiguousarray(right[order].T),
        variances=singular[order] ** 2 / shape[0],
        scale=scale,
    )


def _centred(rated: sparse.csr_array, centre: FloatArray) -> LinearOperator:
    backwards = rated.T.tocsr()
    return LinearOperator(
        shape=rated.shape,
        dtype=np.float64,
        matvec=lambda x: rated @ x.ravel() - centre @ x.ravel(),
        rmatvec=lambda y: backwards @ y.ravel() - centre * y.sum(),
    )


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
