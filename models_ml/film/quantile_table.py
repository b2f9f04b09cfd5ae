"""The table from which `intervals` reads quantiles; made once, at the fit."""

import numpy as np
import scipy.special

from models_ml.film.audience import FloatArray
from models_ml.film.intervals import FLOOR, MEAN_LOGITS, SPREAD_LOGITS


def quantile_table(probabilities: tuple[float, ...]) -> FloatArray:
    """Logits of quantiles, (len(probabilities), means, spreads)."""
    mean = scipy.special.expit(MEAN_LOGITS)[:, None]
    size = 1 / scipy.special.expit(SPREAD_LOGITS) - 1
    found = [
        scipy.special.betaincinv(mean * size, (1 - mean) * size, probability)
        for probability in probabilities
    ]
    inside = np.clip(np.nan_to_num(np.array(found)), FLOOR, 1 - FLOOR)
    return scipy.special.logit(inside)
