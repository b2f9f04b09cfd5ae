"""Profiles as columns: what a person's gender, age, … add up to.

A block is a set of dimensions; it has one column for each combination of
their levels. The columns of a complete profile are zeros and ones. For a part
that is not given they are expectations over the people who share what is
given, so that not knowing is an ordinary level everywhere.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.vocabulary import (
    N_US_REGIONS,
    SOMEWHERE_IN_THE_US,
    UNKNOWN,
    Vocabulary,
)

_GENDER, _AGE, _OCCUPATION, _PLACE = range(4)

#: Blocks of columns, the coarse ones first: interest uses only those.
BLOCKS: Final[tuple[tuple[int, ...], ...]] = (
    (),
    (_GENDER,),
    (_AGE,),
    (_OCCUPATION,),
    (_PLACE,),
    (_GENDER, _AGE),
    (_GENDER, _OCCUPATION),
    (_AGE, _OCCUPATION),
)
N_COARSE_BLOCKS: Final = 7

#: People added in proportion to the product of the shares of the levels, so
#: that a combination nobody has is still possible.
_SMOOTHING: Final = 50.0


@dataclass(frozen=True)
class ProfileColumns:
    """Where the columns of each block stand."""

    shape: tuple[int, ...]
    """Levels of each dimension."""

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Columns of each block."""
        return tuple(
            int(np.prod([self.shape[axis] for axis in block], dtype=int))
            for block in BLOCKS
        )

    @cached_property
    def n(self) -> int:
        """All columns."""
        return sum(self.sizes)

    @cached_property
    def n_coarse(self) -> int:
        """Columns of the coarse blocks, the first ones."""
        return sum(self.sizes[:N_COARSE_BLOCKS])

    @cached_property
    def block_of_column(self) -> IntArray:
        """The block that each column belongs to."""
        return np.repeat(np.arange(len(BLOCKS)), self.sizes)

    def active(self, codes: IntArray) -> IntArray:
        """The column of each block, (m, blocks), of complete profiles."""
        columns = []
        start = 0
        for block, size in zip(BLOCKS, self.sizes, strict=True):
            index = np.zeros(len(codes), dtype=np.intp)
            for axis in block:
                index = index * self.shape[axis] + codes[:, axis]
            columns.append(start + index)
            start += size
        return np.stack(columns, axis=1)

    def of_cells(self, cells: FloatArray) -> FloatArray:
        """Expected columns of people who are spread so, shape (n,).

        `cells` are shares that sum to 1, of any shape with as many entries
        as there are combinations of levels.
        """
        grid = cells.reshape(self.shape)
        axes = set(range(len(self.shape)))
        return np.concatenate(
            [
                grid.sum(axis=tuple(axes - set(block))).ravel()
                for block in BLOCKS
            ]
        )


@dataclass(frozen=True)
class ProfileEncoder:
    """Turns profile codes into columns."""

    vocabulary: Vocabulary
    population: FloatArray
    """Share of people in each cell, of the vocabulary's shape, all above 0,
    sum 1."""

    @cached_property
    def columns(self) -> ProfileColumns:
        """Where the columns stand."""
        return ProfileColumns(self.vocabulary.shape)

    def encode(self, codes: IntArray) -> FloatArray:
        """Columns of profiles, shape (m, columns.n), from codes (m, 4).

        Raises ValueError for a code that is no level.
        """
        self._check(codes)
        encoded = np.zeros((len(codes), self.columns.n))
        complete = (codes >= 0).all(axis=1)
        rows = np.flatnonzero(complete)
        encoded[rows[:, None], self.columns.active(codes[rows])] = 1
        for row in np.flatnonzero(~complete):
            encoded[row] = self._expected(codes[row])
        return encoded

    def _check(self, codes: IntArray) -> None:
        """Raise ValueError for a code outside the levels of its dimension."""
        dimensions = self.vocabulary.dimensions
        for axis, (name, levels) in enumerate(dimensions.items()):
            lowest = SOMEWHERE_IN_THE_US if name == "region" else UNKNOWN
            column = codes[:, axis]
            wrong = (column < lowest) | (column >= len(levels))
            if wrong.any():
                raise ValueError(
                    f"{name} has code {column[wrong][0]}: it must be from "
                    f"{lowest} to {len(levels) - 1}"
                )

    def _expected(self, codes: IntArray) -> FloatArray:
        cells = np.zeros(self.population.shape)
        known_parts = tuple(_levels(int(code)) for code in codes)
        cells[known_parts] = self.population[known_parts]
        return self.columns.of_cells(cells / cells.sum())

    def to_state(self) -> dict[str, Any]:
        """Plain data for `from_state`."""
        return {
            "vocabulary": self.vocabulary.to_rows(),
            "population": self.population,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "ProfileEncoder":
        """The encoder that `to_state` described."""
        return cls(
            Vocabulary.from_rows(state["vocabulary"]), state["population"]
        )


def _levels(code: int) -> slice:
    if code >= 0:
        return slice(code, code + 1)
    if code == SOMEWHERE_IN_THE_US:
        return slice(0, N_US_REGIONS)
    return slice(None)


def fit_encoder(
    vocabulary: Vocabulary, codes: IntArray, n_users: IntArray
) -> ProfileEncoder:
    """The encoder of a population: `n_users` (m,) people of each profile.

    `codes` (m, 4) are of complete profiles.
    """
    counts = np.zeros(vocabulary.shape)
    np.add.at(counts, tuple(codes.T), n_users)
    smooth = np.ones(vocabulary.shape)
    for axis, size in enumerate(vocabulary.shape):
        others = tuple(set(range(counts.ndim)) - {axis})
        marginal = counts.sum(axis=others) + 1
        shape = [1] * counts.ndim
        shape[axis] = size
        smooth = smooth * (marginal / marginal.sum()).reshape(shape)
    population = counts + _SMOOTHING * smooth
    return ProfileEncoder(vocabulary, population / population.sum())
