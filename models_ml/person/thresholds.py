"""From the factorisation's latent scale to probabilities of the steps.

An ordered probit with thresholds of its own for each film:

    P(r_ui <= c) = Phi((t_ic - m_ui) / s_ui)      c: a step of the scale

Two things have to be added to the factorisation for this.

**Selection.** Ratings exist only where a person chose to rate. The selection
effect e_i is how far a film's raters lie from what their profiles say (mean of
p_u - W x_u). Someone asking about a film is taken to be one who would rate it,
so the mean moves by q_i . S e_i, S being the posterior covariance of the
person's factors: the identity with no ratings known, small once many are.

**Thresholds.** Each film's shares of the K steps of the rating scale are
shrunk towards the shares that its mean implies in an ordered probit common to
all films.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri

from models_ml.arrays import FloatArray
from models_ml.person.design import RatingDesign
from models_ml.person.factorisation import Factorisation

_SMALLEST_SHARE = 1e-6


@dataclass(frozen=True)
class ThresholdParams:
    """Shrinkage, in ratings."""

    offset_ratings: float = 40.0
    """Prior strength, in ratings, of no selection offset of a film."""
    selection_ratings: float = 20.0
    """Prior strength, in ratings, of no selection effect of a film."""
    share_ratings: float = 60.0
    """Prior strength, in ratings, of the shares that a film's mean implies."""


@dataclass(frozen=True)
class FilmScales:
    """What each film needs besides its loadings."""

    selection_effect: FloatArray
    """Of each film on each factor, shape (n_movies, K)."""
    residual_offset: FloatArray
    """Mean of the raters beyond the selection effect, shape (n_movies,)."""
    mean: FloatArray
    """Mean of its raters on the latent scale, shape (n_movies,)."""
    thresholds: FloatArray
    """In standard deviations from the mean, shape (n_movies, K - 1)."""
    deviation: FloatArray
    """Standard deviation of its ratings on the latent scale."""


def star_levels(design: RatingDesign) -> FloatArray:
    """Latent values of the steps (K,), with the mean and spread of stars.

    The expected normal score of each (van der Waerden 1952): in MovieLens 4
    and 5 stars lie further apart than 2 and 3.
    """
    counts = design.star_counts.sum(axis=0) + 1.0
    shares = counts / counts.sum()
    edges = ndtri(np.concatenate([[0], np.cumsum(shares)[:-1], [1]]))
    density = np.exp(-(edges**2) / 2) / np.sqrt(2 * np.pi)
    scores = -np.diff(density) / shares
    spread = np.sqrt(shares @ scores**2)
    stars = design.scale.values
    mean = shares @ stars
    deviation = np.sqrt(shares @ (stars - mean) ** 2)
    result: FloatArray = scores / spread * deviation + mean
    return result


def star_thresholds(counts: FloatArray) -> FloatArray:
    """Between steps (K - 1,), standard normal; `counts` (K,) above 0."""
    result: FloatArray = ndtri(np.cumsum(counts / counts.sum())[:-1])
    return result


def star_shares(edges: FloatArray) -> FloatArray:
    """Shares (n, K) of a standard normal between edges (n, K - 1)."""
    below = ndtr(edges)
    return np.diff(below, axis=1, prepend=0.0, append=1.0)


def fit_film_scales(
    design: RatingDesign,
    levels: FloatArray,
    factors: Factorisation,
    columns: FloatArray,
    params: ThresholdParams,
) -> FilmScales:
    """Selection and thresholds of each film.

    How its raters lie from their profiles is learnt from the sample, what
    they gave from everybody's counts.
    """
    counts, sampled = design.movie_counts(), design.sampled_counts()
    by_profile = columns @ factors.profile_weights
    rated_by = design.matrix(np.ones(len(design.stars))).T.tocsr()
    mean_profile = (rated_by @ by_profile + by_profile.mean(axis=0)) / (
        sampled + 1
    )[:, None]
    start = factors.mean + factors.film_bias
    of_profile = (factors.film_factors * mean_profile).sum(axis=1)
    distance = design.star_counts @ levels - counts * (start + of_profile)
    offset = distance / (counts + params.offset_ratings)
    selection_effect = (rated_by @ (factors.user_factors - by_profile)) / (
        sampled + params.selection_ratings
    )[:, None]
    explained = (factors.film_factors * selection_effect).sum(axis=1)
    mean = start + offset + of_profile
    shares = _shrunk_shares(design.star_counts, mean, params.share_ratings)
    below = np.cumsum(shares, axis=1)[:, :-1]
    variance = shares @ levels**2 - (shares @ levels) ** 2
    return FilmScales(
        selection_effect=selection_effect,
        residual_offset=offset - explained,
        mean=mean,
        thresholds=ndtri(np.clip(below, _SMALLEST_SHARE, 1 - _SMALLEST_SHARE)),
        deviation=np.sqrt(np.maximum(variance, 0.01)),
    )


def _shrunk_shares(
    counts: FloatArray, mean: FloatArray, weight: float
) -> FloatArray:
    edges, slope = _common_thresholds(counts, mean)
    implied = star_shares(edges - slope * mean[:, None])
    total = counts.sum(axis=1, keepdims=True)
    result: FloatArray = (counts + weight * implied) / (total + weight)
    return result


def _common_thresholds(
    counts: FloatArray, mean: FloatArray
) -> tuple[FloatArray, float]:
    """Thresholds and slope common to all films, by maximum likelihood."""
    begin = star_thresholds(counts.sum(axis=0) + 1)
    # one rating of each level at the mean keeps the levels apart
    pooled = np.vstack([counts, np.ones(counts.shape[1])])
    place = np.append(mean, np.average(mean, weights=counts.sum(axis=1) + 1))

    def unpack(x: FloatArray) -> tuple[FloatArray, float]:
        edges = x[0] + np.concatenate([[0], np.cumsum(np.exp(x[1:-1]))])
        return edges, float(np.exp(x[-1]))

    def loss(x: FloatArray) -> float:
        edges, slope = unpack(x)
        shares = star_shares(edges - slope * place[:, None])
        return float(-(pooled * np.log(shares + 1e-12)).sum() / pooled.sum())

    start = np.concatenate(
        [[begin[0] + place[-1]], np.log(np.diff(begin)), [0.0]]
    )
    bounds = [(None, None), *[(-4.0, 2.0)] * (len(begin) - 1), (-3.0, 3.0)]
    optimum = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
    return unpack(optimum.x)
