"""A film as a caller describes it, and the audience that is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray


@dataclass(frozen=True)
class Film:
    """All that is known of a film nobody has rated."""

    title: str
    year: int | None
    """Year of release; None: not known."""
    genres: tuple[str, ...]
    """Genres of the vocabulary; others are told of and unused."""


@dataclass(frozen=True)
class Audience:
    """A film's audience by segment; every array has one entry per level.

    Each `_low` and `_high` is an interval of the probability asked for, and
    holds its value.
    """

    by: tuple[str, ...]
    """The dimensions that make up a segment."""
    levels: list[tuple[str, ...]]
    """One label per dimension of `by`, in the vocabulary's order."""
    reach: FloatArray
    """Expected share of the film's audience; sums to 1."""
    reach_low: FloatArray
    """The interval of the share among the raters of the one film: with few
    of them it is wide by chance alone."""
    reach_high: FloatArray
    expected_low: FloatArray
    """The interval of the expected share: what a campaign would meet, without
    the chance of who the film's few raters are."""
    expected_high: FloatArray
    reach_index: FloatArray
    """100 × reach ÷ the segment's share of all ratings of all films."""
    index_low: FloatArray
    """That of the expected share, as an index."""
    index_high: FloatArray
    supported: NDArray[np.int8]
    """What the data say of the reach index: -1 below 100, +1 above, 0 no
    difference (see `support`)."""
    probabilities: FloatArray
    """Shape (n, 4): hated, disliked, liked, loved; rows sum to 1."""
    probabilities_low: FloatArray
    probabilities_high: FloatArray
    affinity: FloatArray
    """In probability: .05 is five points likelier to like the film."""
    affinity_low: FloatArray
    affinity_high: FloatArray
    affinity_supported: NDArray[np.int8]
    """What the data say of the affinity: -1 below 0, +1 above, 0 no
    difference (see `support`)."""
    n_users: NDArray[np.int64]
    """People of the segment in the training data."""
    is_target: NDArray[np.bool_]
    """Segments that like the film more, supported and by enough to matter
    (see `support`)."""

    def __len__(self) -> int:
        return len(self.levels)


@dataclass(frozen=True)
class AudienceDifference:
    """What changes from one film to another, by segment.

    Values are the other's minus the one's. Intervals are of the joint
    distribution of both answers, and hold their values.
    """

    by: tuple[str, ...]
    levels: list[tuple[str, ...]]
    reach: FloatArray
    """Of the expected share."""
    reach_low: FloatArray
    reach_high: FloatArray
    reach_index: FloatArray
    index_low: FloatArray
    index_high: FloatArray
    reach_supported: NDArray[np.int8]
    """Of share and index alike: -1 falls, +1 rises, 0 no difference that the
    data support."""
    probabilities: FloatArray
    """Shape (n, 4)."""
    probabilities_low: FloatArray
    probabilities_high: FloatArray
    probabilities_supported: NDArray[np.int8]
    """Shape (n, 4)."""
    affinity: FloatArray
    affinity_low: FloatArray
    affinity_high: FloatArray
    affinity_supported: NDArray[np.int8]
    n_users: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.levels)


@dataclass(frozen=True)
class SegmentOrder:
    """The probability that one segment exceeds another for one film."""

    affinity: float
    reach_index: float


@dataclass(frozen=True)
class IntervalRecord:
    """How often intervals held the actual shares of films like a film."""

    interval: float
    """The probability that they promise."""
    held: float
    """The fraction of segments' actual shares within `reach_low/high`."""
    n_films: int
    """Films that this was counted on, each predicted without itself."""
    raters_from: int
    """They have so many raters or more, ..."""
    raters_to: int | None
    """... and fewer than so many; None: no bound."""


@dataclass(frozen=True)
class KnownAudience:
    """What would have been said of a known film without its own ratings."""

    audience: Audience
    record: IntervalRecord | None
    """None where it was not counted: for other dimensions than its five
    sets, or told the number of raters."""


class FittedShares(Protocol):
    """What a fitted candidate can do."""

    def shares(self, films: Sequence[Film]) -> FloatArray:
        """Shares of gender × age group, (n, 14); rows sum to 1."""
        ...
