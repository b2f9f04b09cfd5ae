"""What requests mean: checked against the release that will answer.

Questions are hashable, and equal ones have equal answers. InvalidFields names
all that has no meaning.
"""

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from api import schemas
from api.service.catalogue import Catalogue, Filters
from api.service.release import LoadedRelease
from models_ml.errors import FieldErrors, InvalidField
from models_ml.film.known_films import KnownFilms
from models_ml.film.predictor import Film
from models_ml.notices import Notice
from models_ml.profile.parse import Profile, parse_profile
from models_ml.scale import RatingScale, told
from models_ml.vocabulary import (
    DEFAULT_BY,
    FILM_RANKINGS,
    MEASURES,
    RATING_CLASSES,
)
from models_ml.words import (
    FILM_RANKING,
    RATING_CLASS,
    SEGMENT_RANKING,
    DataWords,
)


class KnownFilm(NamedTuple):
    """A film that the person told of."""

    row: int
    """Row number of the film."""
    stars: int
    """Step of the data's rating scale; 0: not seen."""
    is_asked: bool
    """The person was asked about it."""


@dataclass(frozen=True)
class RecommendationQuestion:
    """A request for films, understood."""

    profile: Profile
    ignored: tuple[tuple[str, Any, Notice], ...]
    known: tuple[KnownFilm, ...]
    """In order of row number."""
    filters: Filters
    excluded: tuple[int, ...]
    """Row numbers, ascending."""
    rank_by: str
    limit: int
    n_questions: int = 0
    novelty: float = 0.0
    allow_sequels: bool = False
    described: tuple[Film, ...] = ()
    """Films nobody has rated, in the request's order."""
    only_described: bool = False


def understand_recommendation(
    release: LoadedRelease, request: schemas.RecommendationRequest
) -> RecommendationQuestion:
    """The request in the vocabulary's words and codes.

    Raises InvalidFields with all that has no meaning.
    """
    errors = FieldErrors()
    profile = errors.inside(
        "profile.", understand_profile, release, request.profile
    )
    known = errors.attempt(_understand_ratings, release, request.ratings)
    filters = errors.inside(
        "filters.", _understand_filters, release.words, request.filters
    )
    rank_by = errors.attempt(FILM_RANKING.parse, "rank_by", request.rank_by)
    if rank_by != FILM_RANKINGS[0] and request.novelty:
        errors.add(
            "novelty",
            request.novelty,
            f"0 where rank_by is not {FILM_RANKINGS[0]}",
        )
    described = errors.attempt(_understand_described, release.words, request)
    errors.check()
    assert profile and filters and rank_by  # noqa: S101, PT018 - checked
    excluded, unknown = _understand_excluded(release, request.filters.exclude)
    ignored = [
        (f"profile.{part.field}", part.value, part.notice)
        for part in profile.ignored
    ]
    return RecommendationQuestion(
        profile=profile,
        ignored=(*ignored, *unknown),
        known=known or (),
        filters=filters,
        excluded=excluded,
        rank_by=rank_by,
        limit=request.limit,
        n_questions=request.n_questions,
        novelty=request.novelty,
        allow_sequels=request.allow_sequels,
        described=described or (),
        only_described=not request.catalogue,
    )


def _understand_described(
    words: DataWords,
    request: schemas.RecommendationRequest,
) -> tuple[Film, ...]:
    errors = FieldErrors()
    if not request.catalogue and not request.movies:
        errors.add("movies", [], "one film or more where catalogue is false")
    movies = [
        errors.inside(f"movies[{k}].", _understand_film, words, movie)
        for k, movie in enumerate(request.movies)
    ]
    errors.check()
    return tuple(
        Film(movie.title, movie.year, movie.genres)
        for movie in movies
        if movie is not None
    )


def understand_profile(
    release: LoadedRelease, request: schemas.ProfileRequest
) -> Profile:
    """The profile that is described; raises InvalidFields."""
    return parse_profile(
        gender=request.gender,
        age=request.age,
        age_group=request.age_group,
        occupation=request.occupation,
        nationality=request.nationality,
        zip_code=request.zip_code,
        vocabulary=release.vocabulary,
        zip_prefixes=release.zip_prefixes,
    )


def _understand_ratings(
    release: LoadedRelease, ratings: tuple[schemas.RatingRequest, ...]
) -> tuple[KnownFilm, ...]:
    errors = FieldErrors()
    known: dict[int, KnownFilm] = {}
    scale = release.vocabulary.scale
    for k, rating in enumerate(ratings):
        inside = f"ratings[{k}]."
        step = errors.inside(inside, _step, scale, rating)
        row = errors.inside(inside, _row, release.catalogue, rating, known)
        if row is not None:
            is_asked = rating.asked or not rating.seen
            known[row] = KnownFilm(row, step or 0, is_asked)
    errors.check()
    return tuple(sorted(known.values()))


def _row(
    catalogue: Catalogue, rating: schemas.RatingRequest, others: Container[int]
) -> int:
    """Row number of the rated film, which is none of `others`."""
    field, film = _named_film(rating)
    row = catalogue.row_of(film)
    if row is None:
        allowed = f"the {field} of a film in GET /movies"
        raise InvalidField(field, film, allowed)
    if row in others:
        raise InvalidField(field, film, "each film once")
    return row


def _named_film(rating: schemas.RatingRequest) -> tuple[str, int | str]:
    """The field that names the film, and its value."""
    movie_id, source_id = rating.movie_id, rating.source_id
    if movie_id is not None and source_id is None:
        return "movie_id", movie_id
    if source_id is not None and movie_id is None:
        return "source_id", source_id
    raise InvalidField(
        "movie_id",
        movie_id,
        "either movie_id or source_id, and only one of them",
        instead=["source_id"],
    )


def _step(scale: RatingScale, rating: schemas.RatingRequest) -> int:
    """The step of the scale; 0: not seen."""
    told_by = (rating.stars, rating.score, rating.rating_class)
    n_told = sum(value is not None for value in told_by)
    if not rating.seen:
        if n_told == 0:
            return 0
        raise InvalidField("seen", False, "true where a film has a rating")
    if n_told != 1:
        raise InvalidField(
            "stars",
            rating.stars,
            "either stars (0 to 5), score (0 to 10) or rating_class (1 to 4),"
            " and only one of them",
            instead=["score", "rating_class"],
        )
    if rating.stars is not None:
        return _step_of(scale, "stars", rating.stars, 1)
    if rating.score is not None:
        return _step_of(scale, "score", rating.score, 2)
    number = rating.rating_class
    if isinstance(number, str):
        name = RATING_CLASS.parse("rating_class", number)
        number = RATING_CLASSES.index(name) + 1
    assert number is not None  # noqa: S101 - one of the three is
    return scale.step_of_class(number - 1)


def _step_of(
    scale: RatingScale, field: str, value: float, per_star: int
) -> int:
    """The step of a rating of which one star has `per_star`."""
    step = scale.step_of(value / per_star)
    if step is None:
        steps = told(per_star * scale.values)
        raise InvalidField(field, value, f"one of the data's ratings: {steps}")
    return step


def _understand_filters(
    words: DataWords, request: schemas.FilterRequest
) -> Filters:
    errors = FieldErrors()
    genres = errors.attempt(words.parse_genres, "genres", request.genres)
    first, last = request.year_from, request.year_to
    if first is not None and last is not None and first > last:
        errors.add("year_to", last, f"year_from ({first}) or later")
    errors.check()
    return Filters(genres or (), first, last)


def _understand_excluded(
    release: LoadedRelease, films: tuple[int | str, ...]
) -> tuple[tuple[int, ...], list[tuple[str, Any, Notice]]]:
    """Row numbers of the films to leave out, and what is no film."""
    rows = [release.catalogue.row_of(film) for film in films]
    unknown = [
        ("filters.exclude", film, Notice("filters.no_such_film"))
        for film, row in zip(films, rows, strict=True)
        if row is None
    ]
    known = {row for row in rows if row is not None}
    return tuple(sorted(known)), unknown


@dataclass(frozen=True)
class AudienceQuestion:
    """A request for an audience, understood."""

    movie: schemas.FilmRequest
    by: tuple[str, ...]
    rank_by: str
    limit: int
    n_raters: int | None = None
    comparables: tuple[int, ...] = ()
    """Ascending movie_ids."""

    @property
    def film(self) -> Film:
        """The film as the predictor takes it."""
        return Film(self.movie.title, self.movie.year, self.movie.genres)


@dataclass(frozen=True)
class DifferenceQuestion:
    """A request for what changes from one film to another, understood."""

    one: AudienceQuestion
    other: AudienceQuestion
    """Of the same `by`."""


@dataclass(frozen=True)
class ChanceQuestion:
    """A request for which of two segments is ahead, understood."""

    audience: AudienceQuestion
    segment: tuple[str, ...]
    """A level of each dimension of the audience's `by`."""
    other: tuple[str, ...]


def understand_audience(
    release: LoadedRelease, request: schemas.AudienceRequest
) -> AudienceQuestion:
    """The request in the vocabulary's words; raises InvalidFields."""
    errors = FieldErrors()
    by = errors.attempt(release.words.parse_by, "by", request.by)
    rank_by = errors.attempt(SEGMENT_RANKING.parse, "rank_by", request.rank_by)
    known = release.film.known_films
    movie = errors.inside(
        "movie.", _understand_film, release.words, request.movie
    )
    n_raters = errors.attempt(_n_raters, known, "n_raters", request.n_raters)
    comparables = errors.attempt(
        known.parse_comparables,
        "comparables",
        request.comparables,
        release.catalogue.movie_id_of,
    )
    errors.check()
    assert movie and by and rank_by  # noqa: S101, PT018 - checked
    return AudienceQuestion(
        movie, by, rank_by, request.limit, n_raters, comparables or ()
    )


def _n_raters(
    known: KnownFilms, field: str, value: str | int | None
) -> int | None:
    return None if value is None else known.parse_n_raters(field, value)


def understand_difference(
    release: LoadedRelease, request: schemas.DifferenceRequest
) -> DifferenceQuestion:
    """The request in the vocabulary's words; raises InvalidFields."""
    errors = FieldErrors()
    one = errors.attempt(
        understand_audience,
        release,
        schemas.AudienceRequest(
            request.movie,
            request.by,
            request.rank_by,
            request.limit,
            request.n_raters,
            request.comparables,
        ),
    )
    known = release.film.known_films
    other = errors.inside(
        "other.", _understand_film, release.words, request.other
    )
    n_raters = errors.attempt(
        _n_raters, known, "other_n_raters", request.other_n_raters
    )
    comparables = errors.attempt(
        known.parse_comparables,
        "other_comparables",
        request.other_comparables,
        release.catalogue.movie_id_of,
    )
    if one and one.rank_by not in MEASURES:
        errors.add(
            "rank_by",
            request.rank_by,
            f"one of {', '.join(MEASURES)}",
        )
    errors.check()
    assert one and other  # noqa: S101, PT018 - checked
    return DifferenceQuestion(
        one,
        replace(
            one, movie=other, n_raters=n_raters, comparables=comparables or ()
        ),
    )


def understand_chance(
    release: LoadedRelease, request: schemas.ChanceRequest
) -> ChanceQuestion:
    """The request in the vocabulary's words; raises InvalidFields."""
    errors = FieldErrors()
    segment = errors.inside(
        "segment", _understand_segment, release.words, request.segment
    )
    other = errors.inside(
        "other", _understand_segment, release.words, request.other
    )
    by = tuple(segment) if segment else DEFAULT_BY
    audience = errors.attempt(
        understand_audience,
        release,
        schemas.AudienceRequest(
            request.movie,
            by,
            n_raters=request.n_raters,
            comparables=request.comparables,
        ),
    )
    if segment and other and tuple(segment) != tuple(other):
        errors.add(
            "other",
            request.other,
            f"a level of each of {', '.join(segment)}, as `segment` has",
        )
    errors.check()
    assert segment and other and audience  # noqa: S101, PT018 - checked
    return ChanceQuestion(
        audience, tuple(segment.values()), tuple(other.values())
    )


def _understand_segment(
    words: DataWords, levels: dict[str, str]
) -> dict[str, str]:
    """A level by dimension, in the vocabulary's order of dimensions."""
    errors = FieldErrors()
    dimensions = words.dimension.names
    named: dict[str, str] = {}
    for word, level in levels.items():
        name = errors.attempt(words.dimension.parse, "", word)
        if name in named:
            errors.add("", word, "each dimension at most once")
        elif name:
            named[name] = (
                errors.attempt(words.levels[name].parse, f".{word}", level)
                or ""
            )
    if not levels:
        errors.add("", levels, f"a level of any of {', '.join(dimensions)}")
    errors.check()
    return {name: named[name] for name in dimensions if name in named}


def _understand_film(
    words: DataWords, request: schemas.FilmRequest
) -> schemas.FilmRequest:
    errors = FieldErrors()
    if not request.title.strip():
        errors.add("title", request.title, "a title")
    genres = errors.attempt(words.parse_genres, "genres", request.genres)
    errors.check()
    return schemas.FilmRequest(request.title, request.year, genres or ())
