"""How good a release is: what was measured of it, as its manifest tells."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

#: Under this name the record's metrics hold it.
QUALITY: Final = "quality"


class Reference(msgspec.Struct, frozen=True):
    """A simpler model, judged on the same folds."""

    name: str
    log_loss: float


class Bin(msgspec.Struct, frozen=True, array_like=True):
    """Predictions alike: their mean, what came true, how many they are."""

    predicted: float
    actual: float
    n_ratings: float


class GroupError(msgspec.Struct, frozen=True):
    """The errors for one group of people."""

    dimension: str
    level: str
    n_users: int
    n_ratings: int
    log_loss: float
    mae: float
    """In stars."""
    reference_log_loss: float | None = None
    """Of the film's mean alone, for the same people."""


class Coverage(msgspec.Struct, frozen=True):
    """How many actual shares lay in the intervals that were predicted."""

    by: tuple[str, ...]
    interval: float
    share: float


class TaskQuality(msgspec.Struct, frozen=True):
    """What was measured of one predictor, on people or films not seen."""

    candidate: str
    stage: str
    """`test`: the last fold; `validation`: the fold before it."""
    log_loss: float
    references: tuple[Reference, ...]
    placebo_log_loss: float | None = None
    """With profiles, or films, permuted before fitting."""
    mae: float | None = None
    """In stars."""
    top_segment_hit_rate: float | None = None
    """Top segment among the true three, of films with 50 ratings or more."""
    reliability: tuple[Bin, ...] = ()
    """Of the probability of liking or loving."""
    groups: tuple[GroupError, ...] = ()
    coverage: tuple[Coverage, ...] = ()


class Quality(msgspec.Struct, frozen=True):
    """What was measured; None where nothing was."""

    new_person: TaskQuality | None = None
    new_film: TaskQuality | None = None


def read_quality(metrics: Mapping[str, Any]) -> Quality:
    """What a record's metrics tell; nothing where they do not.

    Raises msgspec.ValidationError for another form.
    """
    return msgspec.convert(metrics.get(QUALITY, {}), Quality)
