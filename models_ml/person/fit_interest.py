"""Fitting interest: who rates what, by profile and by what else is rated.

The effects of the coarse blocks are ridge estimates, each drawn most of the
way to the space of the leading co-rating directions: films share their
audiences' tastes, so an effect that fits no direction is mostly noise.

What known films tell is the credibility estimate of a person's shares of all
films. Let m be the mean shares, D = diag(m), and V the covariance between
people of their own shares. k draws z (0 or 1 for each film) have covariance
k (D - m m') + k (k - 1) V and k V with the shares, so the best linear estimate
of the shares is

    m + V (D - m m' + (k - 1) V)^-1 (z - k m)

With D^-1/2 V D^-1/2 = Q diag(s) Q', and as V 1 = 0 makes m m' and k m drop
out, this is m + D^1/2 Q diag(s / (1 + (k - 1) s)) Q' D^-1/2 z: one basis for
every k. V comes from co-rating counts: two different films of one person are
two draws, so the mean of x_i x_j / (n (n - 1)) over people, less m_i m_j, has
no part of the sampling noise that the diagonal has. People count in
proportion to their ratings n. Only the leading directions are kept.

The same estimate from all n of their films gives the people of the sample
that `InterestModel` takes as a prior: those with the most ratings, about whom
most is known.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models_ml.arrays import FloatArray
from models_ml.person.design import RatingDesign
from models_ml.person.encoding import ProfileColumns
from models_ml.person.film_features import CoRating
from models_ml.person.interest import InterestModel
from models_ml.person.krylov import leading_eigenvectors

#: Of the Krylov space in which the directions are sought.
_N_BLOCKS: Final = 16


@dataclass(frozen=True)
class InterestParams:
    """Settings of the linear model."""

    ridge: float = 100.0
    """Prior strength, in people, of no effect."""
    weak_blocks: float = 0.5
    """How large the effects of a region and of gender × occupation are
    expected to be, as a share of the variance of the others' effects."""
    projected: float = 0.7
    """Share of each effect outside the co-rating directions that goes."""
    interest_rank: int = 256
    """Directions in which known films move interest."""
    interest_people: int = 2000
    """People whose shares are the prior of anybody's."""
    people_sharpness: float = 1.4
    """Ratings that each of theirs counts as: their estimates, shrunk to be
    the best for each, would as a group lie too close together."""


def baseline_interest(design: RatingDesign) -> FloatArray:
    """Share of people who rate each film, above 0 and below 1."""
    return (design.movie_counts() + 0.1) / (design.n_people + 0.2)


def sampled_interest(design: RatingDesign) -> FloatArray:
    """The same in the sample: what differences within it are taken from."""
    return (design.sampled_counts() + 0.1) / (len(design.raters) + 0.2)


def fit_interest(
    design: RatingDesign,
    columns: FloatArray,
    co_rating: CoRating,
    params: InterestParams,
) -> InterestModel:
    """Fit on who rated what; `columns` are the raters' encoded profiles."""
    baseline = baseline_interest(design)
    effects = _effects(design, columns, params)
    scaled = effects / co_rating.scale
    inside = (scaled @ co_rating.directions) @ co_rating.directions.T
    outside = scaled - inside
    kept = (inside + (1 - params.projected) * outside) * co_rating.scale
    shares = baseline / baseline.sum()
    strength, directions = between_people(design, shares, params.interest_rank)
    people = people_of(
        design, directions / np.sqrt(shares)[:, None], strength, params
    )
    return InterestModel(
        baseline=baseline,
        effects=kept.astype(np.float32),
        directions=directions.astype(np.float16),
        strength=strength,
        people=people.astype(np.float16),
    )


def people_of(
    design: RatingDesign,
    answers: FloatArray,
    strength: FloatArray,
    params: InterestParams,
) -> FloatArray:
    """Coefficients (P, R) of the people with the most ratings."""
    number = np.bincount(design.user, minlength=len(design.raters))
    chosen = np.argsort(-number, kind="stable")[: params.interest_people]
    rated = design.matrix(np.ones(len(design.user)))[chosen]
    draws = params.people_sharpness * number[chosen, None]
    told = params.people_sharpness * (rated @ answers)
    result: FloatArray = told * strength / (1 + (draws - 1) * strength)
    return result


def between_people(
    design: RatingDesign, shares: FloatArray, rank: int
) -> tuple[FloatArray, FloatArray]:
    """s (R,) and Q (n_movies, R): the leading part of D^-1/2 V D^-1/2."""
    n_ratings = np.bincount(design.user, minlength=len(design.raters))
    pairs = n_ratings * (n_ratings - 1.0)
    weight = np.where(n_ratings > 1, n_ratings, 0).astype(float)
    rank = min(rank, design.n_movies - 1)
    if rank < 1 or weight.sum() == 0:
        return np.zeros(0), np.zeros((design.n_movies, 0))
    weight /= weight.sum()
    scale = np.sqrt(weight / np.maximum(pairs, 1))
    root = np.sqrt(shares)
    # in single precision: half the time, and the release keeps half of that
    values = scale[design.user] / root[design.movie]
    rated = design.matrix(values.astype(np.float32))
    strength, directions = leading_eigenvectors(
        _off_diagonal(rated, root.astype(np.float32)[:, None]),
        design.n_movies,
        rank,
        _N_BLOCKS,
    )
    kept = strength > 0
    return np.minimum(strength[kept], 0.999), directions[:, kept]


def _off_diagonal(
    rated: sparse.csr_array, root: NDArray[np.float32]
) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Multiplies by rated' rated without its diagonal, less root root'.

    `root` has shape (n_movies, 1).
    """
    backwards = rated.T.tocsr()
    diagonal = np.asarray(rated.multiply(rated).sum(axis=0)).reshape(-1, 1)

    def multiply(columns: NDArray[np.float32]) -> NDArray[np.float32]:
        result: NDArray[np.float32] = backwards @ (rated @ columns)
        result -= diagonal * columns
        result -= root * (root.T @ columns)
        return result

    return multiply


def _effects(
    design: RatingDesign,
    columns: FloatArray,
    params: InterestParams,
) -> FloatArray:
    layout = ProfileColumns(design.vocabulary.shape)
    coarse = columns[:, : layout.n_coarse].copy()
    block = layout.block_of_column[: layout.n_coarse]
    # blocks in the order of encoding.BLOCKS: none, gender, age, occupation,
    # place, gender × age, gender × occupation
    expected = np.array(
        [0, 1, 1, 1, params.weak_blocks, 1, params.weak_blocks]
    )
    weight = np.sqrt(expected)[block]
    coarse *= weight
    rated = design.matrix(np.ones(len(design.stars)))
    mean = sampled_interest(design)
    sums = (rated.T @ coarse).T - np.outer(coarse.sum(axis=0), mean)
    gram = coarse.T @ coarse + params.ridge * np.eye(coarse.shape[1])
    result: FloatArray = weight[:, None] * np.linalg.solve(gram, sums)
    return result
