"""The cells of the population: gender × age group × occupation × region.

Everything the audience predictor says of a segment is added up over cells, so
that all combinations of dimensions agree. Effects on cells are additive over
three blocks of levels: gender × age group, occupation, region.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray, IntArray
from models_ml.vocabulary import DIMENSIONS

#: Levels of gender, age group, occupation and region.
SHAPE: Final = tuple(len(levels) for levels in DIMENSIONS.values())
N_CELLS: Final = int(np.prod(SHAPE))
#: Levels of gender × age group, of occupation, of region.
BLOCKS: Final = (SHAPE[0] * SHAPE[1], SHAPE[2], SHAPE[3])
N_LEVELS: Final = sum(BLOCKS)
_AXES: Final = {name: axis for axis, name in enumerate(DIMENSIONS)}


def level_of_cell() -> IntArray:
    """Which level of each block a cell has, shape (N_CELLS, 3)."""
    gender, age, occupation, region = np.unravel_index(
        np.arange(N_CELLS), SHAPE
    )
    return np.stack(
        [
            gender * SHAPE[1] + age,
            BLOCKS[0] + occupation,
            BLOCKS[0] + BLOCKS[1] + region,
        ],
        axis=1,
    )


def spread(effects: FloatArray) -> FloatArray:
    """Effects of levels (N_LEVELS, …) added up on cells (N_CELLS, …)."""
    levels = level_of_cell()
    return (
        effects[levels[:, 0]] + effects[levels[:, 1]] + effects[levels[:, 2]]
    )


def gather(values: FloatArray) -> FloatArray:
    """Values of cells (…, N_CELLS) added up by level (…, N_LEVELS)."""
    grid = values.reshape(*values.shape[:-1], BLOCKS[0], *BLOCKS[1:])
    return np.concatenate(
        [
            grid.sum(axis=(-2, -1)),
            grid.sum(axis=(-3, -1)),
            grid.sum(axis=(-3, -2)),
        ],
        axis=-1,
    )


def axes_of(by: tuple[str, ...]) -> list[int]:
    """The axes of SHAPE that `by` names.

    Raises ValueError unless `by` is one or more dimensions, none twice.
    """
    if not by or len(set(by)) != len(by) or not set(by) <= set(_AXES):
        raise ValueError(
            f"by is {by!r}: it must be one or more of "
            f"{', '.join(_AXES)}, each at most once"
        )
    return [_AXES[name] for name in by]


def add_up(values: NDArray[Any], axes: list[int]) -> NDArray[Any]:
    """Values of cells (n, N_CELLS) added up by segment (n, n_segments).

    Segments are in the order of the vocabulary, the first of `axes` varying
    slowest.
    """
    grid = values.reshape(len(values), *SHAPE)
    others = tuple(axis + 1 for axis in range(len(SHAPE)) if axis not in axes)
    kept = grid.sum(axis=others)
    order = np.argsort(np.argsort(axes)) + 1
    result: NDArray[Any] = kept.transpose(0, *order).reshape(len(values), -1)
    return result
