"""Measures of class probabilities, star predictions and ranked lists.

Every measure takes plain arrays. Those that are averages come per row or per
person, so that the caller can average them over any group of people and
compare two models person by person.
"""

import itertools
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, f1_score

from models_ml.arrays import FloatArray, IntArray

#: Below this a probability counts as this, so that one row can't be infinite.
SMALLEST_PROBABILITY: Final = 1e-12


def log_loss(probabilities: FloatArray, actual: IntArray) -> FloatArray:
    """Minus the log probability of what happened, per row, in nats.

    `probabilities` has shape (n, classes), `actual` holds class indices.
    """
    of_actual = probabilities[np.arange(len(actual)), actual]
    return -np.log(np.maximum(of_actual, SMALLEST_PROBABILITY))


def ranked_probability_score(
    probabilities: FloatArray, actual: IntArray
) -> FloatArray:
    """Squared distance of the cumulative probabilities from a step, per row.

    Epstein's score for ordered classes, not divided by classes - 1: 0 is
    perfect, classes - 1 is the worst.
    """
    cumulative = np.cumsum(probabilities, axis=1)[:, :-1]
    step = actual[:, None] <= np.arange(probabilities.shape[1] - 1)
    result: FloatArray = ((cumulative - step) ** 2).sum(axis=1)
    return result


def calibration_bins(
    probability: FloatArray, happened: NDArray[np.bool_], n_bins: int = 20
) -> FloatArray:
    """Bins of equal count: rows of (mean probability, share, count).

    Equal probabilities may fall into neighbouring bins; empty bins are left
    out.
    """
    order = np.argsort(probability, kind="stable")
    edges = np.linspace(0, len(order), n_bins + 1).round().astype(int)
    bins = [
        (
            probability[order[low:high]].mean(),
            happened[order[low:high]].mean(),
            high - low,
        )
        for low, high in itertools.pairwise(edges)
        if high > low
    ]
    return np.array(bins, dtype=np.float64).reshape(-1, 3)


def expected_calibration_error(
    probability: FloatArray, happened: NDArray[np.bool_], n_bins: int = 20
) -> float:
    """Mean distance of predicted from actual share, over `calibration_bins`.

    Naeini et al. (2015), with bins of equal count; nan without rows.
    """
    bins = calibration_bins(probability, happened, n_bins)
    if len(bins) == 0:
        return float("nan")
    distance = np.abs(bins[:, 0] - bins[:, 1])
    return float((distance * bins[:, 2]).sum() / bins[:, 2].sum())


def root_mean_squared_error(
    predicted: FloatArray, actual: FloatArray
) -> float:
    """Root of the mean squared distance, in the unit of the input.

    nan without rows, where scikit-learn's raises: a runner tells that there
    is too little data to judge by.
    """
    return float(np.sqrt(np.mean((predicted - actual) ** 2)))


def mean_absolute_error(predicted: FloatArray, actual: FloatArray) -> float:
    """Mean distance, in the unit of the input; nan without rows."""
    return float(np.mean(np.abs(predicted - actual)))


def quadratic_kappa(
    predicted: IntArray, actual: IntArray, n_classes: int
) -> float:
    """Agreement beyond chance with squared distances as weights.

    Cohen (1968). 0 is chance (or a constant prediction), 1 perfect; nan when
    both sides are one and the same class throughout, and without rows.
    """
    if len(np.union1d(predicted, actual)) < 2:
        return float("nan")
    return float(
        cohen_kappa_score(
            actual, predicted, labels=range(n_classes), weights="quadratic"
        )
    )


def macro_f1(predicted: IntArray, actual: IntArray, n_classes: int) -> float:
    """Mean over classes of F1; a class neither predicted nor met counts 0.

    nan without rows.
    """
    if len(actual) == 0:
        return float("nan")
    return float(
        f1_score(
            actual,
            predicted,
            labels=range(n_classes),
            average="macro",
            zero_division=0,
        )
    )


def _discounts(n: int) -> FloatArray:
    return 1 / np.log2(np.arange(n) + 2)


def ndcg_of_rated(
    user: IntArray,
    scores: FloatArray,
    stars: FloatArray,
    n_users: int,
    k: int = 10,
) -> FloatArray:
    """nDCG@k per person over the films that they rated, gain 2^stars - 1.

    `user` numbers the people from 0 to `n_users` - 1; ties keep the order of
    the input. nan for people without rows. Järvelin & Kekäläinen (2002).
    """
    gains = np.exp2(stars) - 1
    got = _dcg(user, scores, gains, n_users, k)
    best = _dcg(user, gains, gains, n_users, k)
    result: FloatArray = np.divide(
        got, best, out=np.full(n_users, np.nan), where=best > 0
    )
    return result


def _dcg(
    user: IntArray,
    scores: FloatArray,
    gains: FloatArray,
    n_users: int,
    k: int,
) -> FloatArray:
    order = np.lexsort((-scores, user))
    ordered = user[order]
    first = np.searchsorted(ordered, np.arange(n_users))
    rank = np.arange(len(order)) - first[ordered]
    top = rank < k
    discounted = gains[order][top] * _discounts(k)[rank[top]]
    sums = np.bincount(ordered[top], discounted, minlength=n_users)
    return sums.astype(np.float64)


def ndcg_of_catalogue(
    scores: FloatArray, relevant: IntArray, k: int = 10
) -> float:
    """nDCG@k of one person's whole catalogue, each relevant film gaining 1.

    `scores` has one value per film (-inf: left out), `relevant` the row
    numbers of relevant films; nan when there are none.
    """
    n = min(k, len(scores))
    candidates = np.argpartition(-scores, n - 1)[:n]
    top = candidates[np.lexsort((candidates, -scores[candidates]))]
    return ndcg_of_list(top, relevant, k)


def ndcg_of_list(rows: IntArray, relevant: IntArray, k: int = 10) -> float:
    """nDCG@k of one person's list of films, each relevant film gaining 1.

    `rows` are row numbers, best first, at most k of them; `relevant` those of
    all relevant films; nan when there are none.
    """
    if len(relevant) == 0:
        return float("nan")
    discounts = _discounts(k)
    gain = (np.isin(rows, relevant) * discounts[: len(rows)]).sum()
    return float(gain / discounts[: min(k, len(relevant))].sum())
