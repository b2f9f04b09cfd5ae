"""Bootstrap over people or films: how sure a mean, or a difference, is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

N_RESAMPLES = 2000


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % interval and, for a difference, its p-value."""

    value: float
    low: float
    high: float
    p_value: float
    """Two-sided, of no difference from zero; at least 1 / N_RESAMPLES."""
    effect_size: float
    """Mean over standard deviation of the units' differences (Cohen's d)."""


def weighted_mean(
    totals: ArrayLike, weights: ArrayLike, seed: int = 0
) -> Estimate:
    """Interval of sum(totals) / sum(weights), resampling the units.

    A unit is a person or a film, of which `totals` holds the sum of a loss
    over its ratings (or the difference of two models' sums) and `weights` the
    number of ratings. Percentile bootstrap with N_RESAMPLES resamples (Efron
    and Tibshirani 1993, chapter 13).
    """
    sums = np.asarray(totals, float)
    counts = np.asarray(weights, float)
    means = _resampled_means(sums, counts, seed)
    value = float(sums.sum() / counts.sum())
    low, high = np.quantile(means, (0.025, 0.975))
    beyond = min((means <= 0).mean(), (means >= 0).mean())
    each = sums / np.maximum(counts, 1e-12)
    spread = float(each.std(ddof=1)) if len(each) > 1 else 0.0
    return Estimate(
        value,
        float(low),
        float(high),
        float(min(1.0, max(2 * beyond, 1 / N_RESAMPLES))),
        float(each.mean() / spread) if spread > 0 else 0.0,
    )


def _resampled_means(
    sums: NDArray[np.float64], counts: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    n_units = len(sums)
    if n_units == 0:
        raise ValueError("a bootstrap needs at least one person or film")
    means = np.empty(N_RESAMPLES)
    for i in range(N_RESAMPLES):
        drawn = rng.integers(0, n_units, n_units)
        means[i] = sums[drawn].sum() / counts[drawn].sum()
    return means
