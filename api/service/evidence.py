"""The counts behind an answer, and the SQL that reproduces them.

Counts come from the release's `serving.duckdb`; the SQL is written for the
warehouse they were exported from, with DuckDB's named parameters.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.vocabulary import (
    N_US_REGIONS,
    SOMEWHERE_IN_THE_US,
    UNKNOWN,
    Vocabulary,
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

Codes = tuple[int, int, int, int]


def evidence_segments(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Every (dimension, level) that evidence is counted for, in array order.

    Everyone, the levels of each dimension, then gender × age group.
    """
    return [
        EVERYONE,
        *vocabulary.all_levels,
        *(
            ("gender_age_group", f"{gender}|{age}")
            for gender in vocabulary.genders
            for age in vocabulary.age_groups
        ),
    ]


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


def segments_of(vocabulary: Vocabulary, codes: Codes) -> list[int]:
    """Indices in `evidence_segments` of a profile, everyone excepted.

    Gender with age group comes first: it says most about the person.
    """
    indices = [
        1 + first + code
        for first, code in zip(
            vocabulary.first_level.values(), codes, strict=True
        )
        if code >= 0
    ]
    if codes[0] >= 0 and codes[1] >= 0:
        both = codes[0] * len(vocabulary.age_groups) + codes[1]
        indices.insert(0, 1 + sum(vocabulary.shape) + both)
    return indices


def count_people(people: NDArray[np.integer], codes: Codes) -> int:
    """Number of people of a profile.

    `people` has their number by level of each of the four dimensions.
    """
    return int(people[tuple(_of_code(code) for code in codes)].sum())


def _of_code(code: int) -> slice:
    if code == UNKNOWN:
        return slice(None)
    if code == SOMEWHERE_IN_THE_US:
        return slice(N_US_REGIONS)
    return slice(code, code + 1)
