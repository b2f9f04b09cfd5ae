"""A person's rating style: which classes they give more often than others.

Two people of the same taste may differ in how often they say "loved". The
factors of `predictor` know of taste and leniency, not of that. With d_c the
number of a person's k known ratings of step c less the number forecast for
the very films, and e the sum of squared errors over their variance, less k,
the odds of each class are multiplied by

    exp(B' [d_1 .. d_K, e] / (k + a))

B is fitted by `fit_style`. The expected stars are left as they are: they
have their own estimate of the person, and did not gain.
"""

from dataclasses import dataclass

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.scale import RatingScale

#: a: known ratings after which half of a surplus counts.
PRIOR_STRENGTH = 4.0


@dataclass(frozen=True)
class StyleModel:
    """How known ratings move the odds of the classes."""

    scale: RatingScale
    weights: FloatArray
    """B, shape (K + 1, 4)."""

    def odds(self, forecast: FloatArray, stars: IntArray) -> FloatArray:
        """What the classes' odds are multiplied by, shape (4,).

        `forecast` (k, K) are probabilities of the steps of the films that
        the person gave the steps `stars` (k,), by the predictor that knows
        them.
        """
        return np.exp(
            style_columns(self.scale, forecast, stars) @ self.weights
        )


def no_style(scale: RatingScale) -> StyleModel:
    """The model in which everyone has the same style."""
    return StyleModel(scale, np.zeros((scale.n + 1, 4)))


def style_columns(
    scale: RatingScale, forecast: FloatArray, stars: IntArray
) -> FloatArray:
    """The columns that B weighs, shape (K + 1,)."""
    count = np.bincount(stars, minlength=scale.n + 1)[1:]
    mean = forecast @ scale.values
    variance = np.maximum(forecast @ scale.values**2 - mean**2, 0.1)
    error = ((scale.values_of(stars) - mean) ** 2 / variance - 1).sum()
    draws = len(stars) + PRIOR_STRENGTH
    surplus = count - forecast.sum(axis=0)
    return np.array([*surplus, error]) / draws


def styled(probabilities: FloatArray, odds: FloatArray) -> FloatArray:
    """Class probabilities (n, 4) with their odds multiplied."""
    weighed = probabilities * odds
    result: FloatArray = weighed / weighed.sum(axis=1, keepdims=True)
    return result
