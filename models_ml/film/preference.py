"""Who will like it: rating classes by cell, and affinity.

    P(class | cell, film) ∝ quality(class, film) · generosity(class, cell),

then the odds of liking (classes 3 and 4) are multiplied by exp(tilt(cell,
film)), tilt = loadings(cell) · u(film). Quality and u are fields over films.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.cells import add_up
from models_ml.film.reach import Popular
from models_ml.film.uncertainty import Uncertainty


@dataclass(frozen=True)
class PreferenceModel:
    """Quality, generosity and tilt, ready to answer."""

    classes: FloatArray
    """Share of each class in all ratings, (4,)."""
    quality_loadings: FloatArray
    """Of the classes, (4, 3)."""
    quality_weights: FloatArray
    quality_means: FloatArray
    quality_uncertainty: Uncertainty
    generosity: FloatArray
    """Factor of each class by cell, (N_CELLS, 4)."""
    tilt_loadings: FloatArray
    """Of the cells, (N_CELLS, K)."""
    tilt_weights: FloatArray
    tilt_uncertainty: Uncertainty
    tilt_rest: float
    """Variance of films along each direction beyond the K coordinates."""


@dataclass(frozen=True)
class Fields:
    """What the two fields say of a film."""

    quality: FloatArray
    """Covariance with the known films, (n_films,)."""
    quality_variance: FloatArray
    tilt: FloatArray
    tilt_variance: FloatArray


@dataclass(frozen=True)
class Preference:
    """Class probabilities and affinity by segment, with intervals."""

    probabilities: FloatArray
    low: FloatArray
    high: FloatArray
    affinity: FloatArray
    affinity_low: FloatArray
    affinity_high: FloatArray


_LIKED = np.array([False, False, True, True])


def predict_opinion(
    model: PreferenceModel,
    fields: Fields,
    popular: Popular,
    *,
    cells: FloatArray,
    axes: list[int],
    rest_norm: FloatArray,
    z: float,
) -> Preference:
    """Answers for the segments of an audience made up as `cells`.

    Affinity = (P(like | segment) − P(like | film)) − the same difference with
    tilt 0: how much likelier than the film's average viewer a segment is to
    like the film, beyond how generous it is towards a film of this quality.
    Weighted by reach, it is 0 over the film's audience. Intervals are for the
    film's true values (no sampling noise), by the delta method, `z` standard
    deviations each way.
    """
    quality, spread = _quality(model, fields, popular)
    usual = quality * model.generosity
    usual /= usual.sum(axis=1, keepdims=True)
    before = usual[:, 2] + usual[:, 3]
    u = fields.tilt @ model.tilt_weights
    odds = np.exp(model.tilt_loadings @ u)
    after = before * odds / (before * odds + 1 - before)
    factor = np.where(
        _LIKED,
        (after / before)[:, None],
        ((1 - after) / (1 - before))[:, None],
    )
    share = add_up(cells[None], axes)[0]
    parts = np.concatenate(
        [
            (usual * factor * cells[:, None]).T,
            ((after - before) * cells)[None],
            (after * (1 - after) * cells)[None] * model.tilt_loadings.T,
        ]
    )
    means = add_up(parts, axes) / np.maximum(share, 1e-300)
    totals = parts.sum(axis=1)
    probabilities = means[:4].T
    affinity = means[4] - totals[4]
    slopes = (means[5:] - totals[5:, None]) ** 2
    curve = (totals[2] + totals[3]) * (totals[0] + totals[1])
    variance = fields.tilt_variance @ slopes
    variance += rest_norm * curve**2
    half = z * np.sqrt(variance)
    low, high = _class_intervals(probabilities, spread, variance, z)
    return Preference(
        probabilities, low, high, affinity, affinity - half, affinity + half
    )


def _quality(
    model: PreferenceModel, fields: Fields, popular: Popular
) -> tuple[FloatArray, FloatArray]:
    """Class shares (4,), and the covariance of their logarithms (4, 4)."""
    f = fields.quality @ model.quality_weights
    logits = (model.quality_means + f) @ model.quality_loadings.T
    at_knots = model.classes * np.exp(logits)
    at_knots /= at_knots.sum(axis=1, keepdims=True)
    centre = popular.of_film @ model.quality_means
    between = popular.of_film @ (model.quality_means - centre) ** 2
    spread = fields.quality_variance + between
    loadings = model.quality_loadings
    return popular.of_rating @ at_knots, (loadings * spread) @ loadings.T


def _class_intervals(
    probabilities: FloatArray,
    spread: FloatArray,
    tilt_variance: FloatArray,
    z: float,
) -> tuple[FloatArray, FloatArray]:
    """Intervals on the logit scale, (n, 4) each.

    `spread` is the covariance of the classes' log shares, `tilt_variance`
    (n,) that of the probability of liking.
    """
    p = np.clip(probabilities, 1e-9, 1 - 1e-9)
    logits = np.log(p / (1 - p))
    # Variance of log p(k) minus its mean under p, then of the logit.
    about = (p @ spread * p).sum(axis=1, keepdims=True)
    of_log = np.diag(spread) - 2 * p @ spread + about
    like = p[:, 2:].sum(axis=1, keepdims=True)
    share = p / np.where(_LIKED, like, 1 - like)
    of_share = share**2 * tilt_variance[:, None]
    variance = of_log / (1 - p) ** 2 + of_share / (p * (1 - p)) ** 2
    half = z * np.sqrt(np.maximum(variance, 0))
    return _expit(logits - half), _expit(logits + half)


def _expit(values: FloatArray) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-values))
