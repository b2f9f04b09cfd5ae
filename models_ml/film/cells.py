"""The cells of the population: one for each combination of all dimensions.

Everything the audience predictor says of a segment is added up over cells, so
that all combinations of dimensions agree. Effects on cells are additive over
three blocks of levels: gender × age group, occupation, and the place (region,
or nationality where the data have it).
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray, IntArray
from models_ml.vocabulary import Vocabulary


@dataclass(frozen=True)
class Segments:
    """The groups of people that some of the dimensions tell apart."""

    by: tuple[str, ...]
    """The dimensions, in the order asked for."""
    axes: tuple[int, ...]
    """Their places in the vocabulary's order."""
    cells: "Cells"

    @property
    def levels(self) -> list[tuple[str, ...]]:
        """The segments, the first of `by` varying slowest."""
        dimensions = self.cells.vocabulary.dimensions
        return list(product(*(dimensions[name] for name in self.by)))

    def add_up(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of cells (n, n_cells) by segment (n, n_segments)."""
        shape = self.cells.shape
        grid = values.reshape(len(values), *shape)
        others = tuple(
            axis + 1 for axis in range(len(shape)) if axis not in self.axes
        )
        kept = grid.sum(axis=others)
        order = np.argsort(np.argsort(self.axes)) + 1
        total: NDArray[Any] = kept.transpose(0, *order)
        return total.reshape(len(values), -1)


@dataclass(frozen=True)
class Cells:
    """The cells of a vocabulary, and the levels that make them up."""

    vocabulary: Vocabulary

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Levels of gender, age group, occupation and place."""
        return self.vocabulary.shape

    @cached_property
    def n(self) -> int:
        """How many cells there are."""
        return int(np.prod(self.shape))

    @cached_property
    def blocks(self) -> tuple[int, int, int]:
        """Levels of gender × age group, of occupation, of place."""
        gender, age, occupation, place = self.shape
        return gender * age, occupation, place

    @cached_property
    def n_levels(self) -> int:
        """Levels of all blocks together."""
        return sum(self.blocks)

    @cached_property
    def level_of_cell(self) -> IntArray:
        """Which level of each block a cell has, shape (n, 3)."""
        gender, age, occupation, place = np.unravel_index(
            np.arange(self.n), self.shape
        )
        return np.stack(
            [
                gender * self.shape[1] + age,
                self.blocks[0] + occupation,
                self.blocks[0] + self.blocks[1] + place,
            ],
            axis=1,
        )

    def of_codes(self, codes: IntArray) -> IntArray:
        """The cells of complete profiles, (m,), from codes (m, 4)."""
        cells: IntArray = np.ravel_multi_index(tuple(codes.T), self.shape)
        return cells

    def spread(self, effects: FloatArray) -> FloatArray:
        """Effects of levels (n_levels, …) added up on cells (n, …)."""
        of_gender_age, of_occupation, of_place = self.level_of_cell.T
        total: FloatArray = (
            effects[of_gender_age] + effects[of_occupation] + effects[of_place]
        )
        return total

    def gather(self, values: FloatArray) -> FloatArray:
        """Values of cells (…, n) added up by level (…, n_levels)."""
        grid = values.reshape(*values.shape[:-1], *self.blocks)
        return np.concatenate(
            [
                grid.sum(axis=(-2, -1)),
                grid.sum(axis=(-3, -1)),
                grid.sum(axis=(-3, -2)),
            ],
            axis=-1,
        )

    def segments(self, by: tuple[str, ...]) -> Segments:
        """The segments of the dimensions `by`.

        Raises ValueError unless `by` is one or more dimensions, none twice.
        """
        known = list(self.vocabulary.dimensions)
        if not by or len(set(by)) != len(by) or not set(by) <= set(known):
            raise ValueError(
                f"by is {by!r}: it must be one or more of "
                f"{', '.join(known)}, each at most once"
            )
        return Segments(
            tuple(by), tuple(known.index(name) for name in by), self
        )
