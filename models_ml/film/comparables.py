"""Known films that a caller holds to be like a new one, as observations.

What such a film was beyond its own prediction, the new one may be too. In each
coordinate what sets the film x, and each comparable c, apart from its
prediction is

    e = √(ρ V) · u + √((1 − ρ) V) · own,

with V the variance of the prediction, u shared by x and all its comparables,
and ρ the field's correlation, learnt on past films (`params`). A comparable's
ratings show e_c with the variance of their noise; u given all comparables is
Gaussian, and so is x.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.film.belief import Belief
from models_ml.film.held_out import HeldOut


def with_comparables(
    belief: Belief,
    held_out: HeldOut,
    rows: Sequence[int],
    params: Mapping[str, float],
) -> Belief:
    """The belief, given the known films `rows` as comparables."""
    if not rows:
        return belief
    index = list(rows)
    spread = np.array([belief.score_spread])
    score, variance = _shifted(
        np.array([belief.score]),
        spread**2,
        held_out.score_miss[index, None],
        np.repeat(spread[None] ** 2, len(index), axis=0),
        noise=np.zeros((len(index), 1)),
        correlation=params["popularity.comparables"],
    )
    changed: dict[str, FloatArray] = {}
    for name in ("reach", "quality", "interaction"):
        values, variances = _shifted(
            getattr(belief, name),
            getattr(belief, f"{name}_variance"),
            getattr(held_out, f"{name}_misses")[index],
            getattr(held_out, f"{name}_variance")[index],
            noise=getattr(held_out, f"{name}_noise")[index],
            correlation=params[f"{name}.comparables"],
        )
        changed |= {name: values, f"{name}_variance": variances}
    return replace(
        belief,
        score=float(score[0]),
        score_spread=float(np.sqrt(variance[0])),
        **changed,
    )


def _shifted(
    mean: FloatArray,
    variance: FloatArray,
    misses: FloatArray,
    variances: FloatArray,
    *,
    noise: FloatArray,
    correlation: float,
) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of x's coordinates, (K,), given its comparables.

    `misses`, `variances` and `noise` (m, K) are of the comparables.
    """
    own = (1 - correlation) * variances + noise
    slopes = np.sqrt(correlation * variances)
    precision = 1 + (slopes**2 / own).sum(axis=0)
    shared = (slopes * misses / own).sum(axis=0) / precision
    known = 1 - 1 / precision
    return (
        mean + np.sqrt(correlation * variance) * shared,
        variance * (1 - correlation * known),
    )
