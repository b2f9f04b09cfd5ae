"""Profiles as columns: what a person's gender, age, … add up to.

A block is a set of dimensions; it has one column for each combination of
their levels. The columns of a complete profile are zeros and ones. For a part
that is not given they are expectations over the people who share what is
given, so that not knowing is an ordinary level everywhere.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.vocabulary import (
    AGE_GROUPS,
    DIMENSIONS,
    GENDERS,
    N_US_REGIONS,
    OCCUPATIONS,
    REGIONS,
    SOMEWHERE_IN_THE_US,
    UNKNOWN,
)

SHAPE: Final = (len(GENDERS), len(AGE_GROUPS), len(OCCUPATIONS), len(REGIONS))
_GENDER, _AGE, _OCCUPATION, _REGION = range(4)

#: Blocks of columns, the coarse ones first: interest uses only those.
BLOCKS: Final[tuple[tuple[int, ...], ...]] = (
    (),
    (_GENDER,),
    (_AGE,),
    (_OCCUPATION,),
    (_REGION,),
    (_GENDER, _AGE),
    (_GENDER, _OCCUPATION),
    (_AGE, _OCCUPATION),
)
N_COARSE_BLOCKS: Final = 7

_SIZES: Final = tuple(
    int(np.prod([SHAPE[axis] for axis in block], dtype=int))
    for block in BLOCKS
)
_STARTS: Final = np.concatenate([[0], np.cumsum(_SIZES)])
N_COLUMNS: Final = int(_STARTS[-1])
N_COARSE_COLUMNS: Final = int(_STARTS[N_COARSE_BLOCKS])
#: The block that each column belongs to.
BLOCK_OF_COLUMN: Final = np.repeat(np.arange(len(BLOCKS)), _SIZES)

#: People added in proportion to the product of the shares of the levels, so
#: that a combination nobody has is still possible.
_SMOOTHING: Final = 50.0


def active_columns(codes: IntArray) -> IntArray:
    """The column of each block, shape (m, blocks), of complete profiles."""
    columns = []
    for block, start in zip(BLOCKS, _STARTS[:-1], strict=True):
        index = np.zeros(len(codes), dtype=np.intp)
        for axis in block:
            index = index * SHAPE[axis] + codes[:, axis]
        columns.append(start + index)
    return np.stack(columns, axis=1)


def check_codes(codes: IntArray) -> None:
    """Raise ValueError for a code outside the levels of its dimension."""
    for axis, (name, levels) in enumerate(DIMENSIONS.items()):
        lowest = SOMEWHERE_IN_THE_US if name == "region" else UNKNOWN
        column = codes[:, axis]
        wrong = (column < lowest) | (column >= len(levels))
        if wrong.any():
            raise ValueError(
                f"{name} has code {column[wrong][0]}: it must be from "
                f"{lowest} to {len(levels) - 1}"
            )


def columns_of_cells(cells: FloatArray) -> FloatArray:
    """Expected columns of people who are spread so, shape (N_COLUMNS,).

    `cells` (SHAPE) are shares that sum to 1.
    """
    axes = set(range(len(SHAPE)))
    return np.concatenate(
        [cells.sum(axis=tuple(axes - set(block))).ravel() for block in BLOCKS]
    )


@dataclass(frozen=True)
class ProfileEncoder:
    """Turns profile codes into columns."""

    population: FloatArray
    """Share of people in each cell, shape SHAPE, all above 0, sum 1."""

    def encode(self, codes: IntArray) -> FloatArray:
        """Columns of profiles, shape (m, N_COLUMNS), from codes (m, 4).

        Raises ValueError for a code that is no level.
        """
        check_codes(codes)
        encoded = np.zeros((len(codes), N_COLUMNS))
        complete = (codes >= 0).all(axis=1)
        rows = np.flatnonzero(complete)
        encoded[rows[:, None], active_columns(codes[rows])] = 1
        for row in np.flatnonzero(~complete):
            encoded[row] = self._expected(codes[row])
        return encoded

    def _expected(self, codes: IntArray) -> FloatArray:
        cells = np.zeros(SHAPE)
        given = tuple(
            _levels(axis, int(code)) for axis, code in enumerate(codes)
        )
        cells[given] = self.population[given]
        return columns_of_cells(cells / cells.sum())

    def to_state(self) -> dict[str, Any]:
        """Plain data for `from_state`."""
        return {"population": self.population}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "ProfileEncoder":
        """The encoder that `to_state` described."""
        return cls(state["population"])


def _levels(axis: int, code: int) -> slice:
    if code >= 0:
        return slice(code, code + 1)
    if axis == _REGION and code == SOMEWHERE_IN_THE_US:
        return slice(0, N_US_REGIONS)
    return slice(None)


def fit_encoder(codes: IntArray, n_users: IntArray) -> ProfileEncoder:
    """The encoder of a population: `n_users` (m,) people of each profile.

    `codes` (m, 4) are of complete profiles.
    """
    counts = np.zeros(SHAPE)
    np.add.at(counts, tuple(codes.T), n_users)
    smooth = np.ones(SHAPE)
    for axis, size in enumerate(SHAPE):
        others = tuple(set(range(len(SHAPE))) - {axis})
        marginal = counts.sum(axis=others) + 1
        shape = [1] * len(SHAPE)
        shape[axis] = size
        smooth = smooth * (marginal / marginal.sum()).reshape(shape)
    population = counts + _SMOOTHING * smooth
    return ProfileEncoder(population / population.sum())
