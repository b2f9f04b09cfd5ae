"""Measures of predicted audiences: who turns up, and who likes it more.

All take arrays of films × segments. Reach is judged by the counts of a film's
raters; affinity by likes beyond the film's own and the segment's own level.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.vocabulary import Vocabulary

#: Years by which the open age groups' people lie beyond their bound.
_YOUNGER, _OLDER = 3.0, 4.0
#: Films with fewer raters have no top segment worth the name.
MIN_RATERS: Final = 50


def reach_log_loss(shares: FloatArray, counts: FloatArray) -> FloatArray:
    """Minus the log share of the raters' segments, summed per film, (n,).

    Divide the sum by that of `counts` for the loss per rating, in nats.
    """
    result: FloatArray = -(counts * np.log(np.maximum(shares, 1e-12))).sum(
        axis=1
    )
    return result


def total_variation(shares: FloatArray, counts: FloatArray) -> FloatArray:
    """Half the summed distance of predicted and true shares, per film."""
    result: FloatArray = 0.5 * np.abs(shares - _true(counts)).sum(axis=1)
    return result


def top_segment_hit(
    shares: FloatArray, counts: FloatArray, everyone: FloatArray
) -> NDArray[np.bool_]:
    """Whether the segment of highest predicted reach index is in the top 3.

    By the true reach index, that is relative to `everyone`'s shares; a tie
    for the third place counts as in.
    """
    true = _true(counts) / everyone
    top = (shares / everyone).argmax(axis=1)
    of_top = true[np.arange(len(true)), top]
    result: NDArray[np.bool_] = (true > of_top[:, None]).sum(axis=1) < 3
    return result


def shares_of_gender(
    shares: FloatArray, vocabulary: Vocabulary, gender: str
) -> FloatArray:
    """Share of a gender, from gender × age group, (n,)."""
    by_gender = shares.reshape(
        len(shares), len(vocabulary.genders), len(vocabulary.age_groups)
    ).sum(axis=2)
    result: FloatArray = by_gender[:, vocabulary.genders.index(gender)]
    return result


def mean_age(shares: FloatArray, vocabulary: Vocabulary) -> FloatArray:
    """Mean age in years, by the middles of the groups, (n,).

    People of unknown age are left out.
    """
    lowest = np.array(vocabulary.lowest_ages, dtype=float)
    middles = np.append((lowest[:-1] + lowest[1:] - 1) / 2, lowest[-1])
    middles[-1] += _OLDER
    if len(lowest) > 1:
        middles[0] = lowest[1] - _YOUNGER
    by_age = shares.reshape(
        len(shares), len(vocabulary.genders), len(vocabulary.age_groups)
    ).sum(axis=1)[:, : len(lowest)]
    result: FloatArray = by_age @ middles / by_age.sum(axis=1)
    return result


def correlation(predicted: FloatArray, true: FloatArray) -> float:
    """Pearson's r; 0 where either does not vary."""
    if predicted.std() == 0 or true.std() == 0:
        return 0.0
    return float(np.corrcoef(predicted, true)[0, 1])


def r_squared(
    predicted: FloatArray, true: FloatArray, weights: FloatArray | None = None
) -> float:
    """1 − squared error ÷ squared distance from the mean, weighted."""
    weight = np.ones_like(true) if weights is None else weights
    mean = np.average(true, weights=weight)
    error = (weight * (true - predicted) ** 2).sum()
    return float(1 - error / (weight * (true - mean) ** 2).sum())


def coverage(
    low: FloatArray, high: FloatArray, counts: FloatArray
) -> FloatArray:
    """Share of a film's segments whose true share an interval holds, (n,)."""
    true = _true(counts)
    result: FloatArray = ((true >= low - 1e-12) & (true <= high + 1e-12)).mean(
        axis=1
    )
    return result


def affinity_scores(
    predicted: FloatArray,
    observed: FloatArray,
    counts: FloatArray,
    sampling: FloatArray,
) -> dict[str, float]:
    """How well affinity is predicted, beside what noise allows.

    `observed` is the mean over a segment's `counts` ratings of likes beyond
    the film's and the segment's level, `sampling` (n_films,) the variance
    p · (1 − p) of one rating. R² is weighted by ratings, about 0 (no
    affinity); its ceiling is what the true affinities would reach, given the
    sampling variance. Signs are compared for segments of MIN_RATERS ratings.
    """
    total = float((counts * observed**2).sum())
    own = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    noise = float((sampling[:, None] * (1 - own) * (counts > 0)).sum())
    error = float((counts * (observed - predicted) ** 2).sum())
    many = counts >= MIN_RATERS
    same = np.sign(observed[many]) == np.sign(predicted[many])
    return {
        "affinity_r2": 1 - error / total,
        "affinity_r2_ceiling": 1 - noise / total,
        "affinity_sign_accuracy": float(same.mean()) if many.any() else 0.0,
    }


def _true(counts: FloatArray) -> FloatArray:
    result: FloatArray = counts / counts.sum(axis=1, keepdims=True)
    return result
