"""Quantiles of a film's share of a segment among its raters, fast.

The share lies between 0 and 1, is skewed for small segments, and varies for
three reasons: the film, chance among its raters, and how many they are. For a
given number of raters a Beta distribution with the mean and variance of the
first two stands for it; not knowing the number, a mixture of such.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray

#: Probabilities at which a Beta distribution is tabulated.
LEVELS: Final = np.array(
    [
        *(0.005, 0.025, 0.06, 0.12, 0.2, 0.35, 0.5),
        *(0.65, 0.8, 0.88, 0.94, 0.975, 0.995),
    ]
)
MEAN_LOGITS: Final = np.linspace(-14.0, 8.0, 89)
"""Of the mean."""
SPREAD_LOGITS: Final = np.linspace(-14.0, 6.0, 61)
"""Of variance ÷ (mean · (1 − mean))."""
FLOOR: Final = 1e-9
#: The probability that each level stands for: up to half way to the next.
_EDGES: Final = np.concatenate([[0], (LEVELS[1:] + LEVELS[:-1]) / 2, [1]])
_MASSES: Final = np.diff(_EDGES)


def share_interval(
    table: FloatArray,
    means: FloatArray,
    variances: FloatArray,
    *,
    weights: FloatArray,
    n_raters: FloatArray,
    probability: float,
) -> tuple[FloatArray, FloatArray]:
    """Central interval of a mixture of Beta distributions, (n,) each.

    `table` is `quantile_table`'s; `means` and `variances` have shape (m, n),
    `weights` and `n_raters` (m,). A quantile of less than half a rater counts
    as none, since a share of n raters is a multiple of 1 / n.
    """
    quantiles = beta_quantiles(table, means, variances)
    half = 0.5 / n_raters[:, None]
    quantiles[quantiles < half] = 0
    quantiles[quantiles > 1 - half] = 1
    tails = ((1 - probability) / 2, (1 + probability) / 2)
    if len(weights) == 1:
        low, high = (int(np.abs(LEVELS - tail).argmin()) for tail in tails)
        return quantiles[low, 0], quantiles[high, 0]
    masses = np.outer(_MASSES, weights).ravel()
    points = quantiles.reshape(len(masses), -1).T
    order = points.argsort(axis=1)
    points = np.take_along_axis(points, order, axis=1)
    below = masses[order].cumsum(axis=1)
    rows = np.arange(len(points))
    low, high = ((below < tail).sum(axis=1) for tail in tails)
    last = points.shape[1] - 1
    return points[rows, low], points[rows, np.minimum(high, last)]


def beta_quantiles(
    table: FloatArray, mean: FloatArray, variance: FloatArray
) -> FloatArray:
    """Quantiles at LEVELS, (len(LEVELS), *mean.shape), from `table`."""
    inside = np.clip(mean, FLOOR, 1 - FLOOR)
    spread = np.clip(variance / (inside * (1 - inside)), FLOOR, 1 - 1e-3)
    row, down = _place(np.log(inside / (1 - inside)), MEAN_LOGITS)
    column, right = _place(np.log(spread / (1 - spread)), SPREAD_LOGITS)
    corners = table.shape[2]
    flat = table.reshape(len(table), -1)
    start = row * corners + column
    logits = (1 - down) * (
        (1 - right) * flat[:, start] + right * flat[:, start + 1]
    )
    start = start + corners
    logits += down * (
        (1 - right) * flat[:, start] + right * flat[:, start + 1]
    )
    return 1 / (1 + np.exp(-logits))


def _place(
    values: FloatArray, grid: FloatArray
) -> tuple[NDArray[np.integer], FloatArray]:
    steps = np.clip((values - grid[0]) / (grid[1] - grid[0]), 0, len(grid) - 1)
    index = np.minimum(steps.astype(int), len(grid) - 2)
    return index, steps - index
