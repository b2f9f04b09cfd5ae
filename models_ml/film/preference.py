"""Who will like it: rating classes by cell, and affinity.

    P(class | cell, film) ∝ quality(class, film) · leniency(class, cell),

then the odds of liking (classes 3 and 4) are multiplied by
exp(interaction(cell, film)), interaction = loadings(cell) · u(film). Quality
and u are fields over films.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.belief import Belief
from models_ml.film.cells import Segments
from models_ml.film.popularity import Popular
from models_ml.film.uncertainty import Uncertainty


@dataclass(frozen=True)
class PreferenceModel:
    """Quality, leniency and interaction, ready to answer."""

    classes: FloatArray
    """Share of each class at quality 0, see `level`, (4,)."""
    quality_loadings: FloatArray
    """Of the classes, (4, 3)."""
    quality_weights: FloatArray
    quality_means: FloatArray
    quality_uncertainty: Uncertainty
    leniency: FloatArray
    """Factor of each class by cell, (n_cells, 4)."""
    interaction_loadings: FloatArray
    """Of the cells, (n_cells, K)."""
    interaction_weights: FloatArray
    interaction_uncertainty: Uncertainty
    interaction_residual: float
    """Variance of films along each direction beyond the K coordinates."""


@dataclass(frozen=True)
class Preference:
    """Class probabilities and affinity by segment, and what moves them."""

    probabilities: FloatArray
    """(n, 4)."""
    affinity: FloatArray
    quality_variance: FloatArray
    """Of the quality's coordinates, popularity included, (3,)."""
    slopes: FloatArray
    """Change of the affinity per unit of u, (K, n)."""
    affinity_variance: FloatArray
    residual_variance: FloatArray
    """The part of it that rests on no coordinate, (n,)."""


_LIKED = np.array([False, False, True, True])


def expected_preference(
    model: PreferenceModel,
    belief: Belief,
    popular: Popular,
    *,
    cells: FloatArray,
    segments: Segments,
    residual: FloatArray,
) -> Preference:
    """Answers for the segments of an audience made up as `cells`.

    Affinity = (P(like | segment) − P(like | film)) − the same difference with
    interaction 0: how much likelier than the film's average viewer a segment
    is to like the film, beyond how lenient it is towards a film of this
    quality. Weighted by reach, it is 0 over the film's audience. Variances
    are of the film's true values (no sampling noise), by the delta method;
    `residual` (n,) is that of the interaction beyond the K coordinates.
    """
    baseline = _quality(model, belief, popular) * model.leniency
    baseline /= baseline.sum(axis=1, keepdims=True)
    before = baseline[:, 2] + baseline[:, 3]
    odds = np.exp(model.interaction_loadings @ belief.interaction)
    after = before * odds / (before * odds + 1 - before)
    factor = np.where(
        _LIKED,
        (after / before)[:, None],
        ((1 - after) / (1 - before))[:, None],
    )
    share = segments.add_up(cells[None])[0]
    parts = np.concatenate(
        [
            (baseline * factor * cells[:, None]).T,
            ((after - before) * cells)[None],
            (after * (1 - after) * cells)[None] * model.interaction_loadings.T,
        ]
    )
    means = segments.add_up(parts) / np.maximum(share, 1e-300)
    totals = parts.sum(axis=1)
    slopes = means[5:] - totals[5:, None]
    curve = (totals[2] + totals[3]) * (totals[0] + totals[1])
    beyond = residual * curve**2
    return Preference(
        probabilities=means[:4].T,
        affinity=means[4] - totals[4],
        quality_variance=belief.quality_variance
        + _between(belief.quality_means, popular),
        slopes=slopes,
        affinity_variance=belief.interaction_variance @ slopes**2 + beyond,
        residual_variance=beyond,
    )


def affinity_interval(
    preference: Preference, z: float
) -> tuple[FloatArray, FloatArray]:
    """Of the film's true affinities, `z` standard deviations each way."""
    half = z * np.sqrt(preference.affinity_variance)
    return preference.affinity - half, preference.affinity + half


def _quality(
    model: PreferenceModel, belief: Belief, popular: Popular
) -> FloatArray:
    """Class shares of a rating of the film, (4,)."""
    logits = (belief.quality_means + belief.quality) @ model.quality_loadings.T
    at_knots = model.classes * np.exp(logits)
    at_knots /= at_knots.sum(axis=1, keepdims=True)
    return popular.of_rating @ at_knots


def _between(means: FloatArray, popular: Popular) -> FloatArray:
    """Variance of means at the knots over the number of raters, (K,)."""
    centre = popular.of_film @ means
    return popular.of_film @ (means - centre) ** 2


def class_slopes(
    model: PreferenceModel, probabilities: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Change of each class's probability, for `probabilities` (n, 4).

    Per unit of the quality's coordinates (3, n, 4), and per unit of the
    probability of liking (n, 4).
    """
    loadings = model.quality_loadings
    about = loadings.T[:, None, :] - (probabilities @ loadings).T[:, :, None]
    like = probabilities[:, 2:].sum(axis=1, keepdims=True)
    whole = np.maximum(np.where(_LIKED, like, 1 - like), 1e-12)
    sign = np.where(_LIKED, 1, -1)
    return probabilities * about, sign * probabilities / whole


def class_intervals(
    model: PreferenceModel, preference: Preference, z: float
) -> tuple[FloatArray, FloatArray]:
    """Intervals on the logit scale, (n, 4) each."""
    p = np.clip(preference.probabilities, 1e-9, 1 - 1e-9)
    of_quality, of_like = class_slopes(model, p)
    variance = np.tensordot(preference.quality_variance, of_quality**2, axes=1)
    variance += of_like**2 * preference.affinity_variance[:, None]
    half = z * np.sqrt(variance) / (p * (1 - p))
    logits = np.log(p / (1 - p))
    return _expit(logits - half), _expit(logits + half)


def _expit(values: FloatArray) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-values))
