"""Turns a page's query into requests; says what is wrong, field by field."""

from dataclasses import dataclass, field
from typing import Final, cast

from api import schemas
from api.pages.query import OTHER, PROFILE_FIELDS, Query
from models_ml.profile.parse import InvalidField, parse_profile
from models_ml.vocabulary import AGE_GROUPS, DIMENSIONS, GENRES

RANKINGS: Final = ("for_you", "liking", "distinctive")
MEASURES: Final = ("reach_index", "affinity")
#: Numbers of films that the page offers; the address takes 1 to MAX_ITEMS.
LIMITS: Final = (10, 20, 50)
MAX_DIMENSIONS: Final = 3
FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2200
#: Stands in `base` for a film without any genre.
NO_GENRES: Final = "none"


class InvalidForm(ValueError):  # noqa: N818 - as InvalidField
    """Fields of a page's form hold what has no meaning."""

    def __init__(self, errors: list[InvalidField]) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self.errors = errors


@dataclass
class FormParser:
    """Reads fields of a query and keeps what is wrong with them."""

    query: Query
    errors: list[InvalidField] = field(default_factory=list)

    def number(
        self, name: str, first: int, last: int, default: int | None = None
    ) -> int | None:
        """A whole number from `first` to `last`; None: not given or wrong."""
        text = self.query.one(name)
        if text is None:
            return default
        # At most nine digits: longer text is no number that is allowed.
        if text.isascii() and text.isdigit() and len(text) < 10:
            value = int(text)
            if first <= value <= last:
                return value
        self.refuse(name, text, f"{first} to {last}")
        return None

    def choice(self, name: str, allowed: tuple[str, ...], usual: str) -> str:
        """One of the words that are allowed."""
        text = self.query.one(name) or usual
        if text not in allowed:
            self.refuse(name, text, ", ".join(allowed))
        return text

    def words(self, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """Some of the words that are allowed, each once."""
        given = tuple(dict.fromkeys(self.query.all(name)))
        for text in given:
            if text not in allowed:
                self.refuse(name, text, ", ".join(allowed))
        return given

    def refuse(self, name: str, value: str, allowed: str) -> None:
        """Keep an error; `value` is what was given."""
        self.errors.append(InvalidField(name, value, allowed))

    def check(self) -> None:
        """Raise InvalidForm if anything was wrong."""
        if self.errors:
            raise InvalidForm(self.errors)


def recommendation_request(
    query: Query, prefix: str = ""
) -> schemas.RecommendationRequest:
    """The request for films; with the prefix OTHER, the second profile's.

    The second person has rated nothing. Raises InvalidForm.
    """
    reader = FormParser(query)
    profile = _profile(reader, prefix)
    filters = schemas.FilterRequest(
        genres=cast(tuple[schemas.Genre, ...], reader.words("genres", GENRES)),
        year_from=reader.number("year_from", FIRST_YEAR, LAST_YEAR),
        year_to=reader.number("year_to", FIRST_YEAR, LAST_YEAR),
    )
    limit = reader.number("limit", 1, schemas.MAX_ITEMS, LIMITS[0])
    rank_by = reader.choice("rank_by", RANKINGS, RANKINGS[0])
    ratings = _ratings(reader)
    reader.check()
    return schemas.RecommendationRequest(
        profile=profile,
        ratings=() if prefix else ratings,
        limit=limit or LIMITS[0],
        filters=filters,
        rank_by=cast(schemas.RankItemsBy, rank_by),
    )


def is_comparison(query: Query) -> bool:
    """Whether films for a second profile are asked for."""
    return query.has(("compare", *(OTHER + name for name in PROFILE_FIELDS)))


def _profile(reader: FormParser, prefix: str) -> schemas.ProfileRequest:
    given = {
        name: text
        for name in PROFILE_FIELDS
        if (text := reader.query.one(prefix + name)) is not None
    }
    if given.get("age") in AGE_GROUPS:
        # The page's one field for age takes a group too.
        given.setdefault("age_group", given.pop("age"))
    for name, text in given.items():
        try:
            parse_profile(**{name: text}, zip_prefixes={})
        except InvalidField as error:
            reader.refuse(prefix + name, text, error.allowed)
    wrong = {error.field for error in reader.errors}
    age = (
        reader.number(prefix + "age", 0, 120)
        if "age" in given and prefix + "age" not in wrong
        else None
    )
    return schemas.ProfileRequest(
        gender=given.get("gender"),
        age=age,
        age_group=given.get("age_group"),
        occupation=given.get("occupation"),
        nationality=given.get("nationality"),
        zip_code=given.get("zip_code"),
    )


def _ratings(reader: FormParser) -> tuple[schemas.RatingRequest, ...]:
    """Films rated by class, `260:4`; of one film the last rating counts."""
    given: dict[int, int] = {}
    for text in reader.query.all("rated"):
        movie, _, number = text.partition(":")
        if (
            not (movie.isascii() and movie.isdigit() and len(movie) < 10)
            or number not in ("1", "2", "3", "4")
            or int(movie) < 1
        ):
            reader.refuse("rated", text, "film:class, class 1 to 4")
        else:
            given[int(movie)] = int(number)
    if len(given) > schemas.MAX_RATINGS:
        reader.refuse(
            "rated", str(len(given)), f"at most {schemas.MAX_RATINGS} films"
        )
    return tuple(
        schemas.RatingRequest(movie_id, rating_class=number)
        for movie_id, number in given.items()
    )


def audience_request(query: Query) -> schemas.AudienceRequest:
    """The request for an audience; raises InvalidForm."""
    reader = FormParser(query)
    title = query.one("title") or ""
    if not 1 <= len(title) <= 300:
        reader.refuse("title", title, "a title of up to 300 characters")
    year = reader.number("year", FIRST_YEAR, LAST_YEAR)
    genres = reader.words("film_genres", GENRES)
    by = dimensions(reader)
    measure = reader.choice("measure", MEASURES, MEASURES[0])
    base_genres(query, reader)
    reader.check()
    return schemas.AudienceRequest(
        movie=schemas.FilmRequest(title, year, genres),
        by=by,
        rank_by=cast(schemas.RankSegmentsBy, measure),
        limit=schemas.MAX_SEGMENTS,
    )


def dimensions(reader: FormParser) -> tuple[schemas.Dimension, ...]:
    """The dimensions of segments: `by`, or gender and age group."""
    given = reader.words("by", tuple(DIMENSIONS))
    if len(given) > MAX_DIMENSIONS:
        reader.refuse(
            "by", ", ".join(given), f"at most {MAX_DIMENSIONS} of them"
        )
    return cast(
        tuple[schemas.Dimension, ...], given or ("gender", "age_group")
    )


def base_genres(query: Query, reader: FormParser) -> tuple[str, ...] | None:
    """The genres that a change started from; None: nothing was changed."""
    text = query.one("base")
    if text is None:
        return None
    genres = () if text == NO_GENRES else tuple(text.split("|"))
    for genre in genres:
        if genre not in GENRES:
            reader.refuse("base", genre, ", ".join(GENRES))
    return genres
