"""The table from which `intervals` reads quantiles; made once, at the fit."""

import numpy as np
import scipy.special

from models_ml.arrays import FloatArray
from models_ml.film.intervals import (
    FLOOR,
    LEVELS,
    MEAN_LOGITS,
    SPREAD_LOGITS,
)


def quantile_table() -> FloatArray:
    """Logits of quantiles, (len(LEVELS), means, spreads)."""
    mean = scipy.special.expit(MEAN_LOGITS)[:, None]
    size = 1 / scipy.special.expit(SPREAD_LOGITS) - 1
    quantiles = [
        scipy.special.betaincinv(mean * size, (1 - mean) * size, probability)
        for probability in LEVELS
    ]
    inside = np.clip(np.nan_to_num(np.array(quantiles)), FLOOR, 1 - FLOOR)
    result: FloatArray = scipy.special.logit(inside)
    return result
