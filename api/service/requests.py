"""What requests mean: checked against the release that will answer.

Questions are hashable, and equal ones have equal answers. InvalidField names
what has no meaning.
"""

from dataclasses import dataclass
from typing import Any, Final

from api import schemas
from api.service.catalogue import Filters
from api.service.release import LoadedRelease
from models_ml.profile.parse import InvalidField, Profile, parse_profile
from models_ml.vocabulary import DIMENSIONS

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
    excluded: tuple[int, ...]
    """Row numbers, ascending."""
    rank_by: str
    limit: int


def understand_recommendation(
    serving: LoadedRelease, request: schemas.RecommendationRequest
) -> RecommendationQuestion:
    """What the request means; InvalidField names what has no meaning."""
    profile = understand_profile(serving, request.profile)
    filters = _understand_filters(request.filters)
    excluded, unknown = _understand_excluded(serving, request.filters.exclude)
    ignored = [
        (f"profile.{part.field}", part.value, part.reason)
        for part in profile.ignored
    ]
    return RecommendationQuestion(
        profile=profile,
        ignored=(*ignored, *unknown),
        rated=_understand_ratings(serving, request.ratings),
        filters=filters,
        excluded=excluded,
        rank_by=request.rank_by,
        limit=request.limit,
    )


def understand_profile(
    serving: LoadedRelease, given: schemas.ProfileRequest
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
    serving: LoadedRelease, given: tuple[schemas.RatingRequest, ...]
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


def _understand_filters(given: schemas.FilterRequest) -> Filters:
    first, last = given.year_from, given.year_to
    if first is not None and last is not None and first > last:
        raise InvalidField(
            "filters.year_to", last, f"year_from ({first}) or later"
        )
    return Filters(tuple(sorted(set(given.genres))), first, last)


def _understand_excluded(
    serving: LoadedRelease, movie_ids: tuple[int, ...]
) -> tuple[tuple[int, ...], list[tuple[str, Any, str]]]:
    """Row numbers of the films to leave out, and what is no film."""
    index = serving.catalogue.index
    unknown = [
        ("filters.exclude", movie_id, "there is no such film")
        for movie_id in movie_ids
        if movie_id not in index
    ]
    known = {index[movie_id] for movie_id in movie_ids if movie_id in index}
    return tuple(sorted(known)), unknown


def understand_audience(
    serving: LoadedRelease, request: schemas.AudienceRequest
) -> schemas.AudienceRequest:
    """The request, whose fields agree; else InvalidField."""
    del serving
    if not request.movie.title.strip():
        raise InvalidField("movie.title", request.movie.title, "a title")
    understand_by(request.by)
    return request


def understand_by(by: tuple[str, ...]) -> None:
    """InvalidField unless `by` holds dimensions, each at most once."""
    if not by or len(set(by)) != len(by) or not set(by) <= set(DIMENSIONS):
        raise InvalidField(
            "by", list(by), f"each at most once of {', '.join(DIMENSIONS)}"
        )
