"""Segments merged into the groups that a person would name.

All seven age groups of women are "women of any age", neighbouring age groups
are a range: the fewest such groups that hold the segments asked for, and no
other segment.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.vocabulary import Vocabulary

#: Dimensions whose neighbouring levels make a range.
_ORDERED: Final = frozenset({"age_group"})

#: Dimension → its levels; a dimension left out is open.
MergedSegment = Mapping[str, tuple[str, ...]]


def merged_segments(
    vocabulary: Vocabulary, by: Sequence[str], is_in: NDArray[np.bool_]
) -> list[MergedSegment]:
    """Groups that together hold the segments `is_in`, and no others.

    `is_in` has an entry per segment of the dimensions `by`, in the
    vocabulary's order. A group has one level, all levels or (of age groups) a
    run of levels of each dimension. Groups are taken greedily, each the one
    that holds most of what is still missing: at most 1 + ln(n) times the
    fewest (Chvátal, "A greedy heuristic for the set-covering problem", 1979).
    """
    shape = tuple(len(vocabulary.dimensions[name]) for name in by)
    missing = np.asarray(is_in, dtype=bool).reshape(shape).copy()
    masks = [_choices(name, n) for name, n in zip(by, shape, strict=True)]
    is_inside = _counts(missing, masks) == _sizes(masks)
    # Of groups that add as much, the largest: below 1 for every size.
    prefer = _sizes(masks) / (1.0 + np.prod(shape))
    groups = []
    while missing.any():
        gains = np.where(is_inside, _counts(missing, masks) + prefer, 0)
        best = int(gains.argmax())
        choice = [
            np.flatnonzero(mask[k])
            for mask, k in zip(
                masks, np.unravel_index(best, gains.shape), strict=True
            )
        ]
        missing[np.ix_(*choice)] = False
        groups.append(_named(vocabulary, by, choice))
    return groups


def _choices(name: str, n: int) -> NDArray[np.float32]:
    """What a group may have of a dimension, (n_choices, n_levels) of 0, 1."""
    rows = np.arange(n)
    if name in _ORDERED:
        ends = np.array(list(combinations(range(n + 1), 2)))
        runs = (ends[:, :1] <= rows) & (rows < ends[:, 1:])
        return runs.astype(np.float32)
    return np.vstack([np.ones(n), np.eye(n)]).astype(np.float32)


def _counts(
    cells: NDArray[np.bool_], masks: list[NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Cells in every combination of the dimensions' choices."""
    counts = cells.astype(np.float32)
    for mask in masks:
        # The first axis is summed and becomes the last: all come round.
        counts = np.tensordot(counts, mask, axes=(0, 1))
    return counts


def _sizes(masks: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return _counts(
        np.ones([mask.shape[1] for mask in masks], dtype=bool), masks
    )


def _named(
    vocabulary: Vocabulary,
    by: Sequence[str],
    choice: Sequence[NDArray[np.integer]],
) -> MergedSegment:
    levels = {
        name: tuple(vocabulary.dimensions[name][k] for k in rows)
        for name, rows in zip(by, choice, strict=True)
    }
    return {
        name: names
        for name, names in levels.items()
        if len(names) < len(vocabulary.dimensions[name])
    }


def rows_in(
    vocabulary: Vocabulary, by: Sequence[str], group: MergedSegment
) -> NDArray[np.integer]:
    """Row numbers of a group's segments, in the vocabulary's order."""
    shape = tuple(len(vocabulary.dimensions[name]) for name in by)
    chosen = np.ones(shape, dtype=bool)
    for axis, name in enumerate(by):
        known = vocabulary.dimensions[name]
        mask = np.isin(known, group.get(name, known))
        chosen &= mask.reshape(
            [-1 if k == axis else 1 for k in range(len(by))]
        )
    return np.flatnonzero(chosen)


def age_span(
    vocabulary: Vocabulary, groups: Sequence[str]
) -> tuple[int | None, int | None]:
    """Lowest and highest age in years of a run of age groups; None: no end."""
    ages, lowest = vocabulary.age_groups, vocabulary.lowest_ages
    first, last = ages.index(groups[0]), ages.index(groups[-1])
    return (
        lowest[first] if first else None,
        lowest[last + 1] - 1 if last + 1 < len(lowest) else None,
    )


def group_text(
    vocabulary: Vocabulary, by: Sequence[str], group: MergedSegment
) -> str:
    """A group in English: "women of 18 to 34 (writer, any region)"."""
    (gender,) = group.get("gender", ("any",))
    named = {"F": "women", "M": "men", "any": "people"}
    text = named.get(gender, f"people of gender {gender}")
    if "age_group" in by:
        text = f"{text} {_ages(vocabulary, group.get('age_group'))}"
    rest = [
        ", ".join(group.get(name, (f"any {name}",)))
        for name in vocabulary.dimensions
        if name in by and name not in ("gender", "age_group")
    ]
    return f"{text} ({', '.join(rest)})" if rest else text


def _ages(vocabulary: Vocabulary, groups: Sequence[str] | None) -> str:
    if groups is None:
        return "of any age"
    if set(groups) - set(vocabulary.groups_with_ages):
        return f"of age {', '.join(groups)}"
    low, high = age_span(vocabulary, groups)
    if low is None:
        assert high is not None  # noqa: S101 - all groups are `None`
        return f"under {high + 1}"
    return f"of {low} and over" if high is None else f"of {low} to {high}"
