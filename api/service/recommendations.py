"""Which films for this person?"""

import numpy as np
from numpy.typing import NDArray

from api import schemas
from api.service.evidence import (
    ENOUGH_RATINGS,
    RATINGS_SQL,
    SEGMENTS,
    count_people,
    segments_of,
)
from api.service.labels import CLASS_LABELS
from api.service.release import LoadedRelease
from api.service.requests import (
    RecommendationQuestion,
    understand_recommendation,
)
from api.service.titles import display_title
from models_ml.person.predictor import KnownRatings, PersonScores
from models_ml.profile.parse import Profile


def recommend(
    serving: LoadedRelease, request: schemas.RecommendationRequest
) -> schemas.Recommendations:
    """Films for a person; InvalidFields names what has no meaning."""
    return answer_recommendation(
        serving, understand_recommendation(serving, request)
    )


def answer_recommendation(
    serving: LoadedRelease, question: RecommendationQuestion
) -> schemas.Recommendations:
    """The answer to an understood question."""
    codes = question.profile.codes
    rated = _known_ratings(question.rated)
    scores = serving.person.score(codes, rated)
    candidates = serving.catalogue.candidates(question.filters)
    left_out = [*question.excluded, *(row for row, _ in question.rated)]
    if left_out:
        kept = np.ones(len(scores.interest), dtype=bool)
        kept[left_out] = False
        candidates = candidates[kept[candidates]]
    best = _best(
        serving.person.rank_scores(scores, question.rank_by),
        candidates,
        question.limit,
    )
    return schemas.Recommendations(
        release=serving.version,
        data_generated=serving.data_generated,
        profile=schemas.Profile(**question.profile.understood()),
        ignored=tuple(
            schemas.Ignored(
                field, value, notice.text(), notice.code, dict(notice.values)
            )
            for field, value, notice in question.ignored
        ),
        rests_on=_group(serving, question.profile),
        n_ratings_used=len(question.rated),
        rank_by=question.rank_by,  # type: ignore[arg-type]
        n_candidates=len(candidates),
        differs_from_everyone=_difference(serving, question, best, candidates),
        evidence_sql=RATINGS_SQL,
        items=_suggestions(serving, scores, best, segments_of(codes)),
    )


def _known_ratings(rated: tuple[tuple[int, int], ...]) -> KnownRatings | None:
    if not rated:
        return None
    index, stars = np.array(rated, dtype=np.int64).T
    return KnownRatings(movie_index=index, stars=stars)


def _best(
    values: NDArray[np.floating],
    candidates: NDArray[np.integer],
    limit: int,
) -> NDArray[np.integer]:
    """The candidates of the highest values; ties go to the lower row."""
    kept = values[candidates]
    if limit < len(kept):
        least = np.partition(kept, len(kept) - limit)[len(kept) - limit]
        candidates = candidates[kept >= least]
        kept = values[candidates]
    return candidates[np.argsort(-kept, kind="stable")[:limit]]


def _difference(
    serving: LoadedRelease,
    question: RecommendationQuestion,
    best: NDArray[np.integer],
    candidates: NDArray[np.integer],
) -> schemas.Difference:
    # Nothing is distinctive for everyone: their list is then the usual one.
    usual = (
        "for_you" if question.rank_by == "distinctive" else question.rank_by
    )
    theirs = _best(serving.usual_values[usual], candidates, question.limit)
    different = len(set(best.tolist()) - set(theirs.tolist()))
    return schemas.Difference(
        n_different=different,
        n_items=len(best),
        sentence=f"{different} of your {len(best)} films differ from what "
        "everyone gets",
    )


def _group(serving: LoadedRelease, profile: Profile) -> schemas.Group:
    known = {
        name: level
        for name, level in profile.understood().items()
        if level is not None
    }
    if "region" in known:
        known.pop("country", None)
    return schemas.Group(
        segment=known,
        n_users=count_people(serving.catalogue.people, profile.codes),
    )


def _suggestions(
    serving: LoadedRelease,
    scores: PersonScores,
    best: NDArray[np.integer],
    segments: list[int],
) -> tuple[schemas.Suggestion, ...]:
    catalogue = serving.catalogue
    probabilities = scores.probabilities[best].tolist()
    stars = scores.expected_stars[best].tolist()
    interest = scores.interest[best].tolist()
    segments = [*segments, 0]  # everyone, for want of a nearer one
    counts = catalogue.counts[best][:, segments].tolist()
    return tuple(
        schemas.Suggestion(
            rank=k + 1,
            movie_id=int(catalogue.movie_ids[row]),
            title=catalogue.titles[row],
            display_title=display_title(catalogue.titles[row]),
            year=catalogue.years[row] or None,
            genres=catalogue.genres[row],
            probabilities=tuple(
                schemas.ClassProbability(number, *labels, probability)
                for (number, labels), probability in zip(
                    CLASS_LABELS, probabilities[k], strict=True
                )
            ),
            expected_stars=stars[k],
            interest=interest[k],
            evidence=_evidence(counts[k], segments),
        )
        for k, row in enumerate(best.tolist())
    )


def _evidence(
    counts: list[list[int]], segments: list[int]
) -> schemas.Evidence:
    """Counts of the first segment with enough, and of everyone: the last."""
    last = len(segments) - 1
    nearest = next(
        (k for k in range(last) if counts[k][0] >= ENOUGH_RATINGS), last
    )
    return schemas.Evidence(
        segment=schemas.Counts(*SEGMENTS[segments[nearest]], *counts[nearest]),
        everyone=schemas.Counts(*SEGMENTS[0], *counts[last]),
    )
