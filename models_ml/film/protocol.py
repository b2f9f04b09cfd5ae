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
    """Words of `vocabulary.GENRES`; others are warned about and unused."""


@dataclass(frozen=True)
class Audience:
    """A film's audience by segment; every array has one entry per level.

    Intervals (`_low`, `_high`) are 80 % intervals.
    """

    by: tuple[str, ...]
    """The dimensions that make up a segment."""
    levels: list[tuple[str, ...]]
    """One label per dimension of `by`, in the vocabulary's order."""
    reach: FloatArray
    """Share of the film's audience; sums to 1."""
    reach_low: FloatArray
    reach_high: FloatArray
    reach_index: FloatArray
    """100 × reach ÷ the segment's share of all ratings of all films."""
    probabilities: FloatArray
    """Shape (n, 4): hated, disliked, liked, loved; rows sum to 1."""
    probabilities_low: FloatArray
    probabilities_high: FloatArray
    affinity: FloatArray
    """In probability: .05 is five points likelier to like the film."""
    affinity_low: FloatArray
    affinity_high: FloatArray
    n_users: NDArray[np.int64]
    """People of the segment in the training data."""
    is_target: NDArray[np.bool_]
    """Segments that the interval of the affinity supports as a target."""

    def __len__(self) -> int:
        return len(self.levels)


class FittedShares(Protocol):
    """What a fitted candidate can do."""

    def shares(self, films: Sequence[Film]) -> FloatArray:
        """Shares of gender × age group, (n, 14); rows sum to 1."""
        ...
