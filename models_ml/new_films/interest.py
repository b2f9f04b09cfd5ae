"""Interest in a film nobody has rated: how many will rate it, and who."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.film.outlook import Outlook
from models_ml.person.encoding import (
    BLOCKS,
    N_COARSE_BLOCKS,
    ProfileEncoder,
)

#: Prior strength, in people, of no effect of a column, as for known films.
_PRIOR_PEOPLE: Final = 100.0


def baseline_of(outlooks: Sequence[Outlook], n_users: int) -> FloatArray:
    """Share of all people who will rate each film, shape (n,)."""
    return np.array([each.n_raters for each in outlooks]) / max(n_users, 1)


def effects_of(
    outlooks: Sequence[Outlook], encoder: ProfileEncoder, n_users: int
) -> FloatArray:
    """Of the profile's columns on interest, (n_coarse, n).

    A level that makes up twice its share of the film's raters is twice as
    likely to rate it. A pair of levels adds what the two do not.
    """
    layout = encoder.columns
    people = layout.of_cells(encoder.population)[: layout.n_coarse]
    raters = np.array([layout.of_cells(each.cells) for each in outlooks])
    raters = raters[:, : layout.n_coarse]
    ratio = raters / people - 1
    effects = np.zeros_like(ratio)
    block_of = layout.block_of_column[: layout.n_coarse]
    single = {
        block[0]: ratio[:, block_of == number]
        for number, block in enumerate(BLOCKS[:N_COARSE_BLOCKS])
        if len(block) == 1
    }
    for number, block in enumerate(BLOCKS[:N_COARSE_BLOCKS]):
        columns = block_of == number
        effects[:, columns] = ratio[:, columns]
        if len(block) == 2:
            one, other = (single[axis] for axis in block)
            both = one[:, :, None] + other[:, None, :]
            effects[:, columns] -= both.reshape(len(ratio), -1)
    effects *= people * n_users / (people * n_users + _PRIOR_PEOPLE)
    return (baseline_of(outlooks, n_users)[:, None] * effects).T
