"""The counts behind an answer, and the SQL that reproduces them.

Counts come from the release's `serving.duckdb`; the SQL is written for the
warehouse they were exported from, with DuckDB's named parameters.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.vocabulary import (
    AGE_GROUPS,
    DIMENSIONS,
    GENDERS,
    N_US_REGIONS,
    SOMEWHERE_IN_THE_US,
    UNKNOWN,
)

#: Ratings of a film by a segment that are enough to be shown as evidence.
ENOUGH_RATINGS: Final = 20

RATINGS_SQL: Final = (
    "select dimension, level, sum(n_ratings) as n_ratings, "
    "sum(n_hated) as n_hated, sum(n_disliked) as n_disliked, "
    "sum(n_liked) as n_liked, sum(n_loved) as n_loved "
    "from features.feat_movie_segments "
    "where movie_id = $movie_id and dimension = $dimension "
    "and level = $level group by dimension, level"
)

EVERYONE: Final = ("everyone", "everyone")

#: Every (dimension, level) that evidence is counted for, in array order.
SEGMENTS: Final = (
    EVERYONE,
    *(
        (name, level)
        for name, levels in DIMENSIONS.items()
        for level in levels
    ),
    *(
        ("gender_age_group", f"{gender}|{age}")
        for gender in GENDERS
        for age in AGE_GROUPS
    ),
)
SEGMENT_INDEX: Final = {segment: k for k, segment in enumerate(SEGMENTS)}

Codes = tuple[int, int, int, int]


def users_sql(by: Iterable[str]) -> str:
    """SQL that counts the people of each segment of the dimensions `by`."""
    names = ", ".join(by)
    return (
        f"select {names}, count(*) as n_users "  # noqa: S608 - our words
        f"from marts.dim_users group by {names}"
    )


def audience_sql(by: Iterable[str]) -> str:
    """SQL that counts a film's ratings by the dimensions `by`."""
    names = ", ".join(by)
    classes = ", ".join(
        f"count(*) filter (where rating_class = {k}) as n_{name}"
        for k, name in enumerate(("hated", "disliked", "liked", "loved"), 1)
    )
    return (
        f"select {names}, count(*) as n_ratings, {classes} "  # noqa: S608
        f"from marts.fct_ratings where movie_id = $movie_id group by {names}"
    )


def segments_of(codes: Codes) -> list[int]:
    """Indices in SEGMENTS that a profile belongs to, everyone excepted.

    Gender with age group comes first: it says most about the person.
    """
    indices = [
        SEGMENT_INDEX[name, levels[code]]
        for (name, levels), code in zip(DIMENSIONS.items(), codes, strict=True)
        if code >= 0
    ]
    if codes[0] >= 0 and codes[1] >= 0:
        both = f"{GENDERS[codes[0]]}|{AGE_GROUPS[codes[1]]}"
        indices.insert(0, SEGMENT_INDEX["gender_age_group", both])
    return indices


def count_people(people: NDArray[np.integer], codes: Codes) -> int:
    """People of a profile; `people` counts them by the four dimensions."""
    return int(people[tuple(_of_code(code) for code in codes)].sum())


def _of_code(code: int) -> slice:
    if code == UNKNOWN:
        return slice(None)
    if code == SOMEWHERE_IN_THE_US:
        return slice(N_US_REGIONS)
    return slice(code, code + 1)
