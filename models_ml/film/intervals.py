"""Quantiles of a film's share of a segment among its raters, fast.

The share lies between 0 and 1, is skewed for small segments, and varies for
three reasons: the film, chance among its raters, and how many they are. For a
given number of raters a Beta distribution with the mean and variance of the
first two stands for it; not knowing the number, a mixture of such.
"""

from statistics import NormalDist
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


def _masses(levels: FloatArray) -> FloatArray:
    """The probability that each level stands for: half way to the next."""
    edges = np.concatenate([[0], (levels[1:] + levels[:-1]) / 2, [1]])
    return np.diff(edges)


#: One distribution alone needs more levels than a mixture of several: eight
#: steps between two of LEVELS, linear in the normal quantile.
_NORMAL: Final = np.array([NormalDist().inv_cdf(level) for level in LEVELS])
_FINE_NORMAL: Final = np.interp(
    np.linspace(0, len(LEVELS) - 1, 8 * (len(LEVELS) - 1) + 1),
    np.arange(len(LEVELS)),
    _NORMAL,
)
_FINER: Final = np.stack(
    [np.interp(_FINE_NORMAL, _NORMAL, unit) for unit in np.eye(len(LEVELS))],
    axis=1,
)
_FINE_MASSES: Final = _masses(
    np.array([NormalDist().cdf(value) for value in _FINE_NORMAL])
)
_MASSES: Final = _masses(LEVELS)


def share_interval(
    table: FloatArray,
    means: FloatArray,
    variances: FloatArray,
    *,
    weights: FloatArray,
    n_raters: FloatArray,
    centre: FloatArray,
    probability: float,
) -> tuple[FloatArray, FloatArray]:
    """Interval around `centre` (n,) of a mixture of Beta distributions.

    It takes the fraction `probability` of the mass below the centre, nearest
    to it, and of the mass above: so it holds that probability in all, and the
    centre, however skewed the mixture. `table` is `quantile_table`'s; `means`
    and `variances` have shape (m, n), `weights` and `n_raters` (m,). A
    quantile of less than half a rater counts as none, since a share of n
    raters is a multiple of 1 / n. Both ends have shape (n,).
    """
    quantiles = beta_quantiles(table, means, variances)
    level_masses = _MASSES
    if len(weights) == 1:
        quantiles = _FINER @ quantiles.reshape(len(LEVELS), -1)
        quantiles = quantiles.reshape(-1, *means.shape)
        level_masses = _FINE_MASSES
    half = 0.5 / n_raters[:, None]
    quantiles[quantiles < half] = 0
    quantiles[quantiles > 1 - half] = 1
    masses = np.append(np.outer(level_masses, weights).ravel(), 0)
    # The centre is a point without mass: the quantile function runs through
    # it, so an end on either side of its probability is on that side of it.
    points = np.vstack([quantiles.reshape(-1, means.shape[1]), centre]).T
    order = points.argsort(axis=1, kind="stable")
    points = np.take_along_axis(points, order, axis=1)
    mass = masses[order]
    middles = mass.cumsum(axis=1) - mass / 2
    below = np.take_along_axis(middles, order.argmax(axis=1)[:, None], axis=1)[
        :, 0
    ]
    left, right, step = _between(middles, points, (1 - probability) * below)
    low = np.where(left == 0, 0, left + step * (right - left))
    left, right, step = _between(
        middles, points, below + probability * np.maximum(1 - below, 0)
    )
    high = np.where(right == 1, 1, right - (1 - step) * (right - left))
    return low, high


def _between(
    middles: FloatArray, points: FloatArray, level: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The neighbours (n,) of a quantile, and how far it lies between them."""
    last = points.shape[1] - 1
    rows = np.arange(len(points))
    right = np.minimum((middles < level[:, None]).sum(axis=1), last)
    left = np.maximum(right - 1, 0)
    width = middles[rows, right] - middles[rows, left]
    step = np.divide(
        level - middles[rows, left],
        width,
        out=np.ones_like(level),
        where=width > 0,
    )
    return points[rows, left], points[rows, right], np.clip(step, 0, 1)


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
