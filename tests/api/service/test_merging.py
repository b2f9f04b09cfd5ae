"""Segments are merged into groups that people name, exactly."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.service.merging import (
    age_span,
    group_text,
    merged_segments,
    rows_in,
)
from models_ml.arrays import BoolArray
from models_ml.source.movielens_levels import (
    AGE_GROUPS,
    DIMENSIONS,
    MOVIELENS_1M,
)

#: Tells of the levels of a segment, by dimension, whether it is chosen.
Chosen = Callable[[dict[str, str]], bool]

BYS = [
    ("gender",),
    ("occupation",),
    ("gender", "age_group"),
    ("age_group", "gender"),
    ("region", "age_group"),
    ("occupation", "gender", "age_group"),
]


def is_in(by: tuple[str, ...], chosen: Chosen) -> BoolArray:
    levels = product(*(DIMENSIONS[name] for name in by))
    return np.array([chosen(dict(zip(by, k, strict=True))) for k in levels])


def texts(by: tuple[str, ...], chosen: Chosen) -> list[str]:
    return [
        group_text(MOVIELENS_1M, by, group)
        for group in merged_segments(MOVIELENS_1M, by, is_in(by, chosen))
    ]


@st.composite
def segments(
    draw: st.DrawFn,
) -> Any:
    """A few groups' segments, with holes and strays."""
    by = draw(st.sampled_from(BYS))
    shape = tuple(len(DIMENSIONS[name]) for name in by)
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    cells = rng.random(shape) < draw(st.sampled_from([0, 0.05, 0.3, 0.9]))
    for _ in range(draw(st.integers(0, 3))):
        box = []
        for n in shape:
            first = int(rng.integers(n))
            box.append(slice(first, int(rng.integers(first, n)) + 1))
        cells[tuple(box)] = True
    return by, cells.ravel()


@settings(max_examples=300, deadline=None)
@given(segments())
def test_groups_hold_exactly_the_segments(question: Any) -> None:
    by, chosen = question
    groups = merged_segments(MOVIELENS_1M, by, chosen)
    held = np.zeros(len(chosen), dtype=bool)
    for group in groups:
        rows = rows_in(MOVIELENS_1M, by, group)
        assert not held[rows].all()  # none is there for nothing
        held[rows] = True
    np.testing.assert_array_equal(held, chosen)
    assert len(groups) <= chosen.sum()


def test_women_of_every_age_group_are_women_of_any_age() -> None:
    by = ("gender", "age_group")
    chosen = is_in(by, lambda s: s["gender"] == "F")
    assert merged_segments(MOVIELENS_1M, by, chosen) == [{"gender": ("F",)}]
    assert texts(by, lambda s: s["gender"] == "F") == ["women of any age"]


def test_neighbouring_age_groups_are_a_range() -> None:
    by = ("gender", "age_group")

    def chosen(segment: dict[str, str]) -> bool:
        return segment["age_group"] in AGE_GROUPS[1:3]

    assert merged_segments(MOVIELENS_1M, by, is_in(by, chosen)) == [
        {"age_group": ("18-24", "25-34")}
    ]
    assert texts(by, chosen) == ["people of 18 to 34"]


@pytest.mark.parametrize(
    ("groups", "text"),
    [
        (AGE_GROUPS[:1], "men under 18"),
        (AGE_GROUPS[:3], "men under 35"),
        (AGE_GROUPS[3:], "men of 35 and over"),
        (AGE_GROUPS[6:], "men of 56 and over"),
        (AGE_GROUPS[2:3], "men of 25 to 34"),
        (AGE_GROUPS[2:5], "men of 25 to 49"),
    ],
)
def test_ranges_in_words(groups: Any, text: str) -> None:
    by = ("gender", "age_group")
    assert texts(
        by, lambda s: s["gender"] == "M" and s["age_group"] in groups
    ) == [text]


def test_what_is_open_is_said() -> None:
    by = ("gender", "age_group", "occupation", "region")
    group = {"gender": ("F",), "occupation": ("writer",)}
    assert (
        group_text(MOVIELENS_1M, by, group)
        == "women of any age (writer, any region)"
    )
    assert group_text(
        MOVIELENS_1M, ("occupation",), {"occupation": ("writer",)}
    ) == ("people (writer)")


def test_overlapping_groups_are_taken_before_many_small_ones() -> None:
    """Women of any age, and everyone under 25: two groups, not nine."""
    by = ("gender", "age_group")
    groups = texts(
        by, lambda s: s["gender"] == "F" or s["age_group"] in AGE_GROUPS[:2]
    )
    assert sorted(groups) == ["people under 25", "women of any age"]


def test_no_segments_are_no_groups() -> None:
    assert (
        merged_segments(MOVIELENS_1M, ("gender",), np.zeros(2, dtype=bool))
        == []
    )


def test_ages_have_ends_or_none() -> None:
    assert age_span(MOVIELENS_1M, AGE_GROUPS[:1]) == (None, 17)
    assert age_span(MOVIELENS_1M, AGE_GROUPS[5:]) == (50, None)
