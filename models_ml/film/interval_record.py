"""How often intervals held, counted on known films without their ratings.

A release carries it, so that beside what would have been said of a known film
stands how good such words were of films like it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from models_ml.film.protocol import IntervalRecord
from models_ml.film.scorer import INTERVALS
from models_ml.vocabulary import DEFAULT_BY, Vocabulary

#: Films are like each other that have so many raters or more, and fewer than
#: the next number.
RATER_BANDS: Final = (1, 10, 50, 200, 600)


def recorded_bys(vocabulary: Vocabulary) -> tuple[tuple[str, ...], ...]:
    """What it is counted for: each dimension, and gender × age group."""
    return (*((name,) for name in vocabulary.dimensions), DEFAULT_BY)


def record_of(
    record: Mapping[str, Any],
    bys: Sequence[Sequence[str]],
    by: Sequence[str],
    interval: float,
    n_raters: float,
) -> IntervalRecord | None:
    """That of films with about `n_raters`; None if not counted for `by`.

    `bys` are those that `recorded_bys` gives.
    """
    names = [sorted(recorded) for recorded in bys]
    if sorted(by) not in names:
        return None
    band = int(np.digitize(n_raters, RATER_BANDS)) - 1
    place = names.index(sorted(by)), list(INTERVALS).index(interval), band
    after = RATER_BANDS[band + 1 : band + 2]
    return IntervalRecord(
        interval=interval,
        held=float(record["held"][place]),
        n_films=int(record["n_films"][band]),
        raters_from=RATER_BANDS[band],
        raters_to=after[0] if after else None,
    )
