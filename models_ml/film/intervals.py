"""Quantiles of a Beta distribution with given mean and variance, fast.

A film's share of a segment among its raters lies between 0 and 1, is skewed
for small segments, and varies for three reasons: the film, the number of its
raters, and chance among them. Their variances add up, and the Beta
distribution with that mean and variance gives the interval.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.film.audience import FloatArray

MEAN_LOGITS: Final = np.linspace(-14.0, 8.0, 89)
"""Of the mean."""
SPREAD_LOGITS: Final = np.linspace(-14.0, 6.0, 61)
"""Of variance ÷ (mean · (1 − mean))."""
FLOOR: Final = 1e-9


def beta_quantiles(
    table: FloatArray, mean: FloatArray, variance: FloatArray
) -> FloatArray:
    """Quantiles, (n_probabilities, n), interpolated in `table`.

    A mean outside (0, 1) gives itself.
    """
    inside = np.clip(mean, FLOOR, 1 - FLOOR)
    spread = np.clip(variance / (inside * (1 - inside)), FLOOR, 1 - 1e-3)
    row, down = _place(np.log(inside / (1 - inside)), MEAN_LOGITS)
    column, right = _place(np.log(spread / (1 - spread)), SPREAD_LOGITS)
    logits = (1 - down) * (
        (1 - right) * table[:, row, column] + right * table[:, row, column + 1]
    ) + down * (
        (1 - right) * table[:, row + 1, column]
        + right * table[:, row + 1, column + 1]
    )
    quantiles = 1 / (1 + np.exp(-logits))
    quantiles[quantiles <= 2 * FLOOR] = 0
    return np.where((mean <= 0) | (mean >= 1), mean, quantiles)


def _place(
    values: FloatArray, grid: FloatArray
) -> tuple[NDArray[np.integer], FloatArray]:
    steps = np.clip((values - grid[0]) / (grid[1] - grid[0]), 0, len(grid) - 1)
    index = np.minimum(steps.astype(int), len(grid) - 2)
    return index, steps - index
