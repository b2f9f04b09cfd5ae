"""Which films for this person?"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from api import schemas
from api.candidates import Filters
from api.evidence import (
    ENOUGH_RATINGS,
    RATINGS_SQL,
    SEGMENTS,
    count_people,
    segments_of,
)
from api.labels import CLASS_LABELS
from api.serving import Serving
from api.titles import display_title
from models_ml.person.predictor import KnownRatings, PersonScores
from models_ml.profile import InvalidField, Profile, parse_profile

#: Stars that stand for a rating class; "liked" is 3 or 4, more often 4.
STARS_OF_CLASS: Final = (1, 2, 4, 5)


@dataclass(frozen=True)
class RecommendationQuestion:
    """A request for films, understood."""

    profile: Profile
    ignored: tuple[tuple[str, Any, str], ...]
    rated: tuple[tuple[int, int], ...]
    """Row number of the film and stars, in order of row number."""
    filters: Filters
    rank_by: str
    limit: int


def understand_recommendation(
    serving: Serving, request: schemas.RecommendationRequest
) -> RecommendationQuestion:
    """What the request means; InvalidField names what has no meaning."""
    profile = understand_profile(serving, request.profile)
    filters, unknown = _understand_filters(serving, request.filters)
    ignored = [
        (f"profile.{part.field}", part.value, part.reason)
        for part in profile.ignored
    ]
    return RecommendationQuestion(
        profile=profile,
        ignored=(*ignored, *unknown),
        rated=_understand_ratings(serving, request.ratings),
        filters=filters,
        rank_by=request.rank_by,
        limit=request.limit,
    )


def understand_profile(
    serving: Serving, given: schemas.ProfileRequest
) -> Profile:
    """The profile that was given; InvalidField says `profile.…`."""
    try:
        return parse_profile(
            gender=given.gender,
            age=given.age,
            age_group=given.age_group,
            occupation=given.occupation,
            nationality=given.nationality,
            zip_code=given.zip_code,
            zip_prefixes=serving.zip_prefixes,
        )
    except InvalidField as error:
        raise InvalidField(
            f"profile.{error.field}", error.value, error.allowed
        ) from error


def _understand_ratings(
    serving: Serving, given: tuple[schemas.RatingRequest, ...]
) -> tuple[tuple[int, int], ...]:
    known: dict[int, int] = {}
    for k, rating in enumerate(given):
        index = serving.catalogue.index.get(rating.movie_id)
        if index is None:
            raise InvalidField(
                f"ratings[{k}].movie_id",
                rating.movie_id,
                "the id of a film in GET /movies",
            )
        if index in known:
            raise InvalidField(
                f"ratings[{k}].movie_id",
                rating.movie_id,
                "each film once",
            )
        known[index] = _stars(rating, f"ratings[{k}]")
    return tuple(sorted(known.items()))


def _stars(rating: schemas.RatingRequest, field: str) -> int:
    if (rating.stars is None) == (rating.rating_class is None):
        raise InvalidField(
            f"{field}.stars",
            rating.stars,
            "either stars (1 to 5) or rating_class (1 to 4), not both",
        )
    if rating.stars is not None:
        return rating.stars
    assert rating.rating_class is not None  # noqa: S101 - one of the two is
    return STARS_OF_CLASS[rating.rating_class - 1]


def _understand_filters(
    serving: Serving, given: schemas.FilterRequest
) -> tuple[Filters, list[tuple[str, Any, str]]]:
    first, last = given.year_from, given.year_to
    if first is not None and last is not None and first > last:
        raise InvalidField(
            "filters.year_to", last, f"year_from ({first}) or later"
        )
    known = serving.catalogue.index
    unknown = [
        ("filters.exclude", movie_id, "there is no such film")
        for movie_id in given.exclude
        if movie_id not in known
    ]
    filters = Filters(
        genres=tuple(sorted(set(given.genres))),
        year_from=first,
        year_to=last,
        exclude=tuple(sorted({m for m in given.exclude if m in known})),
    )
    return filters, unknown


def recommend(
    serving: Serving, request: schemas.RecommendationRequest
) -> schemas.Recommendations:
    """Films for a person; InvalidField names what has no meaning."""
    return answer_recommendation(
        serving, understand_recommendation(serving, request)
    )


def answer_recommendation(
    serving: Serving, question: RecommendationQuestion
) -> schemas.Recommendations:
    """The answer to an understood question."""
    codes = question.profile.codes
    rated = _known_ratings(question.rated)
    scores = serving.person.score(codes, rated)
    candidates = serving.catalogue.candidates(question.filters)
    if rated is not None:
        candidates = np.setdiff1d(
            candidates, rated.movie_index, assume_unique=True
        )
    best = _best(
        serving.person.rank_scores(scores, question.rank_by),
        candidates,
        question.limit,
    )
    return schemas.Recommendations(
        release=serving.version,
        data_generated=serving.data_generated,
        profile=schemas.Profile(**question.profile.understood()),
        ignored=tuple(schemas.Ignored(*part) for part in question.ignored),
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
    serving: Serving,
    question: RecommendationQuestion,
    best: NDArray[np.integer],
    candidates: NDArray[np.integer],
) -> schemas.Difference:
    # Nothing is distinctive for everyone: their list is then the usual one.
    usual = (
        "for_you" if question.rank_by == "distinctive" else question.rank_by
    )
    theirs = _best(
        serving.person.rank_scores(serving.everyone, usual),
        candidates,
        question.limit,
    )
    different = len(set(best.tolist()) - set(theirs.tolist()))
    return schemas.Difference(
        n_different=different,
        n_items=len(best),
        sentence=f"{different} of your {len(best)} films differ from what "
        "everyone gets",
    )


def _group(serving: Serving, profile: Profile) -> schemas.Group:
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
    serving: Serving,
    scores: PersonScores,
    best: NDArray[np.integer],
    segments: list[int],
) -> tuple[schemas.Suggestion, ...]:
    catalogue = serving.catalogue
    probabilities = scores.probabilities[best].tolist()
    stars = scores.expected_stars[best].tolist()
    interest = scores.interest[best].tolist()
    counts = catalogue.counts[best].tolist()
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
    nearest = next((s for s in segments if counts[s][0] >= ENOUGH_RATINGS), 0)
    return schemas.Evidence(
        segment=schemas.Counts(*SEGMENTS[nearest], *counts[nearest]),
        everyone=schemas.Counts(*SEGMENTS[0], *counts[0]),
    )
