"""What changes from one film to another, and which segment is ahead."""

import numpy as np
from numpy.typing import NDArray

from api import schemas
from api.service.audiences import INTERVAL, SUPPORT, named_movies
from api.service.evidence import count_people
from api.service.labels import CLASS_LABELS
from api.service.merging import group_text
from api.service.release import LoadedRelease
from api.service.requests import (
    AudienceQuestion,
    ChanceQuestion,
    DifferenceQuestion,
)
from models_ml.film.predictor import AudienceDifference
from models_ml.vocabulary import UNKNOWN, Vocabulary


def answer_difference(
    release: LoadedRelease, question: DifferenceQuestion
) -> schemas.AudienceDifferences:
    """What changes from one film to the other, by segment.

    Changes that the data support come first.
    """
    one, other = question.one, question.other
    change = release.film.difference(
        one.film,
        other.film,
        one.by,
        INTERVAL,
        n_raters=(one.n_raters, other.n_raters),
        comparables=(one.comparables, other.comparables),
    )
    values, supported = _ranked_by(change, one.rank_by)
    order = np.lexsort((-np.abs(values), supported == 0))
    return schemas.AudienceDifferences(
        release=release.version,
        data_generated=release.data_generated,
        movie=one.movie,
        other=other.movie,
        by=one.by,
        rank_by=one.rank_by,  # type: ignore[arg-type]
        n_raters=one.n_raters,
        other_n_raters=other.n_raters,
        comparables=named_movies(release, one.comparables),
        other_comparables=named_movies(release, other.comparables),
        interval=INTERVAL,
        n_segments=len(change),
        n_supported=int(np.count_nonzero(supported)),
        sentence=_sentence(release.vocabulary, change, one.rank_by, order),
        segments=tuple(
            _segment(change, rank, row)
            for rank, row in enumerate(order[: one.limit].tolist(), 1)
        ),
    )


def _ranked_by(
    change: AudienceDifference, rank_by: str
) -> tuple[NDArray[np.floating], NDArray[np.integer]]:
    """The values and whether they are supported."""
    if rank_by == "affinity":
        return change.affinity, change.affinity_supported
    return change.reach_index, change.reach_supported


def _sentence(
    vocabulary: Vocabulary,
    change: AudienceDifference,
    rank_by: str,
    order: NDArray[np.integer],
) -> str:
    """The largest change that the data support, or that there is none."""
    values, supported = _ranked_by(change, rank_by)
    first = int(order[0])
    if not supported[first]:
        return "Nothing changes, as far as the data can tell."
    levels = {
        name: (level,)
        for name, level in zip(change.by, change.levels[first], strict=True)
    }
    amount = (
        f"{100 * values[first]:+.1f} points of affinity"
        if rank_by == "affinity"
        else f"{values[first]:+.0f} of reach index"
    )
    return (
        f"The data support a change for {np.count_nonzero(supported)} of "
        f"{len(change)} segments, the largest for "
        f"{group_text(vocabulary, change.by, levels)}: {amount}."
    )


def _segment(
    change: AudienceDifference, rank: int, row: int
) -> schemas.SegmentDifference:
    c = change
    return schemas.SegmentDifference(
        rank=rank,
        segment=dict(zip(c.by, c.levels[row], strict=True)),
        reach=_estimate(row, c.reach, c.reach_low, c.reach_high),
        reach_index=_estimate(row, c.reach_index, c.index_low, c.index_high),
        reach_supported=SUPPORT[int(c.reach_supported[row])],
        probabilities=tuple(
            schemas.ClassDifference(
                number,
                *labels,
                float(c.probabilities[row, k]),
                float(c.probabilities_low[row, k]),
                float(c.probabilities_high[row, k]),
                SUPPORT[int(c.probabilities_supported[row, k])],
            )
            for k, (number, labels) in enumerate(CLASS_LABELS)
        ),
        affinity=_estimate(row, c.affinity, c.affinity_low, c.affinity_high),
        affinity_supported=SUPPORT[int(c.affinity_supported[row])],
        n_users=int(c.n_users[row]),
    )


def _estimate(row: int, *arrays: NDArray[np.floating]) -> schemas.Estimate:
    return schemas.Estimate(*(float(array[row]) for array in arrays))


def answer_chance(
    release: LoadedRelease, question: ChanceQuestion
) -> schemas.SegmentChance:
    """The probability that one segment is ahead of the other."""
    asked = question.audience
    chance = release.film.chance_of_more(
        asked.film,
        asked.by,
        question.segment,
        question.other,
        n_raters=asked.n_raters,
        comparables=asked.comparables,
    )
    return schemas.SegmentChance(
        release=release.version,
        data_generated=release.data_generated,
        movie=asked.movie,
        segment=dict(zip(asked.by, question.segment, strict=True)),
        other=dict(zip(asked.by, question.other, strict=True)),
        n_raters=asked.n_raters,
        comparables=named_movies(release, asked.comparables),
        n_users=_n_users(release, asked, question.segment),
        other_n_users=_n_users(release, asked, question.other),
        affinity=chance.affinity,
        reach_index=chance.reach_index,
    )


def _n_users(
    release: LoadedRelease, asked: AudienceQuestion, levels: tuple[str, ...]
) -> int:
    """People of a segment in the data."""
    known = dict(zip(asked.by, levels, strict=True))
    gender, age_group, occupation, place = (
        names.index(known[name]) if name in known else UNKNOWN
        for name, names in release.vocabulary.dimensions.items()
    )
    return count_people(
        release.catalogue.people, (gender, age_group, occupation, place)
    )
