"""Fitting interest: who rates what, by profile and by what else is rated.

The effects of the coarse blocks are ridge estimates, each drawn most of the
way to the space of the leading co-rating directions: films share their
audiences' tastes, so an effect that fits no direction is mostly noise. The
covariance that ratings work through is that of `film_features.fit_co_rating`
plus a variance of its own for each film.
"""

from dataclasses import dataclass

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.person.design import RatingDesign
from models_ml.person.encoding import BLOCK_OF_COLUMN, N_COARSE_COLUMNS
from models_ml.person.film_features import CoRating
from models_ml.person.interest import InterestModel


@dataclass(frozen=True)
class InterestParams:
    """Settings of the linear model."""

    ridge: float = 100.0
    """People's worth of pull of each effect to none."""
    weak_blocks: float = 0.5
    """How large the effects of a region and of gender × occupation are
    expected to be, as a share of the variance of the others' effects."""
    projected: float = 0.7
    """Share of each effect outside the co-rating directions that goes."""


def usual_interest(design: RatingDesign) -> FloatArray:
    """Share of people who rate each film, above 0 and below 1."""
    return (design.movie_counts() + 0.1) / (len(design.raters) + 0.2)


def fit_interest(
    design: RatingDesign,
    columns: FloatArray,
    co_rating: CoRating,
    params: InterestParams,
) -> InterestModel:
    """Fit on who rated what; `columns` are the raters' encoded profiles."""
    usual = usual_interest(design)
    effects = _effects(design, columns, usual, params)
    scaled = effects / co_rating.scale
    inside = (scaled @ co_rating.directions) @ co_rating.directions.T
    outside = scaled - inside
    kept = (inside + (1 - params.projected) * outside) * co_rating.scale
    loadings = (
        co_rating.directions
        * np.sqrt(co_rating.variances)
        * co_rating.scale[:, None]
    )
    variance = usual * (1 - usual)
    own = np.maximum(variance - (loadings**2).sum(axis=1), 0.1 * variance)
    return InterestModel(usual, kept, loadings, own)


def _effects(
    design: RatingDesign,
    columns: FloatArray,
    usual: FloatArray,
    params: InterestParams,
) -> FloatArray:
    coarse = columns[:, :N_COARSE_COLUMNS].copy()
    block = BLOCK_OF_COLUMN[:N_COARSE_COLUMNS]
    # blocks in the order of encoding.BLOCKS: none, gender, age, occupation,
    # region, gender × age, gender × occupation
    expected = np.array(
        [0, 1, 1, 1, params.weak_blocks, 1, params.weak_blocks]
    )
    weight = np.sqrt(expected)[block]
    coarse *= weight
    rated = design.matrix(np.ones(len(design.stars)))
    sums = (rated.T @ coarse).T - np.outer(coarse.sum(axis=0), usual)
    gram = coarse.T @ coarse + params.ridge * np.eye(coarse.shape[1])
    return weight[:, None] * np.linalg.solve(gram, sums)
