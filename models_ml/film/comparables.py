"""Known films that a caller holds to be like a new one, as observations.

What such a film was beyond its own prediction, the new one may be too. In each
coordinate what sets the film x, and each comparable c, apart from its
prediction is

    e = √(ρ V) · u + √((1 − ρ) V) · own,

with V the variance of the prediction and u shared by x and all its
comparables. A comparable's ratings show e_c with the variance of their noise;
u given all comparables is Gaussian, and so is x given ρ. How alike the
comparables prove to be decides how much is learnt from them: ρ is averaged
over, weighted by the likelihood of what they show of reach and popularity,
each of CORRELATIONS as likely beforehand. So films that are alike in nothing
but their genres, which is known already, move little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.film.belief import Belief
from models_ml.film.held_out import HeldOut

CORRELATIONS: Final = np.array([0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9])
_FIELDS: Final = ("reach", "quality", "interaction")


@dataclass(frozen=True)
class _Shift:
    """What m comparables say of K coordinates, for each correlation."""

    mean: FloatArray
    """(correlations, K)."""
    variance: FloatArray
    log_likelihood: FloatArray
    """Of the comparables, all coordinates together, (correlations,)."""

    def averaged(self, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Mean and variance over the correlations, (K,) each."""
        mean = weights @ self.mean
        spread = self.variance + (self.mean - mean) ** 2
        return mean, weights @ spread


def with_comparables(
    belief: Belief, held_out: HeldOut, rows: Sequence[int]
) -> Belief:
    """The belief, given the known films `rows` as comparables."""
    if not rows:
        return belief
    index = list(rows)
    shifts = {
        name: _shift(
            getattr(belief, name),
            getattr(belief, f"{name}_variance"),
            misses=getattr(held_out, f"{name}_misses")[index],
            variances=getattr(held_out, f"{name}_variance")[index],
            noise=getattr(held_out, f"{name}_noise")[index],
        )
        for name in _FIELDS
    }
    spread = np.full((len(index), 1), belief.score_spread**2)
    popularity = _shift(
        np.array([belief.score]),
        spread[0],
        misses=held_out.score_miss[index, None],
        variances=spread,
        noise=np.zeros_like(spread),
    )
    weights = _weights(
        shifts["reach"].log_likelihood + popularity.log_likelihood
    )
    score, variance = popularity.averaged(weights)
    changed: Mapping[str, FloatArray] = {
        name: part
        for field, shift in shifts.items()
        for name, part in zip(
            (field, f"{field}_variance"), shift.averaged(weights), strict=True
        )
    }
    return replace(
        belief,
        score=float(score[0]),
        score_spread=float(np.sqrt(variance[0])),
        **changed,
    )


def _shift(
    mean: FloatArray,
    variance: FloatArray,
    *,
    misses: FloatArray,
    variances: FloatArray,
    noise: FloatArray,
) -> _Shift:
    """From x's mean and variance (K,) and the comparables' arrays (m, K)."""
    rho = CORRELATIONS[:, None]
    own = (1 - CORRELATIONS[:, None, None]) * variances + noise
    slopes = np.sqrt(CORRELATIONS[:, None, None] * variances)
    precision = 1 + (slopes**2 / own).sum(axis=1)
    weighted = (slopes * misses / own).sum(axis=1)
    # Sherman-Morrison, for the covariance own + slopes · slopesᵀ.
    square = (misses**2 / own).sum(axis=1) - weighted**2 / precision
    size = np.log(own).sum(axis=1) + np.log(precision)
    return _Shift(
        mean=mean + np.sqrt(rho * variance) * weighted / precision,
        variance=variance * (1 - rho * (1 - 1 / precision)),
        log_likelihood=-0.5 * (square + size).sum(axis=1),
    )


def _weights(log_likelihood: FloatArray) -> FloatArray:
    likelihood = np.exp(log_likelihood - log_likelihood.max())
    result: FloatArray = likelihood / likelihood.sum()
    return result
