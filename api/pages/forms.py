"""Turns a page's query into requests; says what is wrong, field by field."""

import math
import re
from collections.abc import Callable
from typing import Final, TypeVar

from api import schemas, service
from api.pages.query import OTHER, PROFILE_FIELDS, Query
from api.service import LoadedRelease
from models_ml.errors import FieldErrors, InvalidField, InvalidFields
from models_ml.profile.parse import MAX_AGE
from models_ml.titles import MAX_TITLE
from models_ml.vocabulary import (
    DEFAULT_BY,
    FILM_RANKINGS,
    MEASURES,
)
from models_ml.words import (
    RATING_CLASS,
    SEGMENT_RANKING,
    DataWords,
    parse_number,
    parse_year,
)

T = TypeVar("T")
R = TypeVar("R")

#: Numbers of films that the page offers; the address takes 1 to MAX_ITEMS.
LIMITS: Final = (10, 20, 50)
#: Novelties that the page offers; the address takes any from 0 to 1.
NOVELTIES: Final = ("", "0.5", "1")
MAX_DIMENSIONS: Final = 3
#: Stand in `rated` for a film not seen, and for the answer to a question.
NOT_SEEN_CLASS: Final = "0"
ASKED: Final = "asked"
#: Stands in `base` for a film without any genre.
NO_GENRES: Final = "none"


class FormParser(FieldErrors):
    """Reads fields of a query and keeps what is wrong with them."""

    def __init__(self, query: Query) -> None:
        super().__init__()
        self.query = query

    def one(self, name: str, parse: Callable[[str, str], T]) -> T | None:
        """What `parse` makes of a field; None: not given, or wrong."""
        text = self.query.one(name)
        return None if text is None else self.attempt(parse, name, text)

    def understood(
        self,
        understand: Callable[[LoadedRelease, R], T],
        release: LoadedRelease,
        request: R,
        prefix: str = "",
    ) -> T:
        """What the request means; raises all that is wrong with the form."""
        try:
            question = understand(release, request)
        except InvalidFields as error:
            for one in error.errors:
                name = form_field(one.field, prefix)
                if name not in self.fields:
                    self.add(name, one.value, one.allowed)
        self.check()
        return question


def form_field(field: str, prefix: str = "") -> str:
    """The form's name of a request's field: `filters.genres[0]` is `genres`.

    Those of a profile begin with `prefix`.
    """
    path = re.sub(r"\[\d+\]", "", field)
    if path.startswith("ratings"):
        return "rated"
    name = path.rpartition(".")[2]
    if path == "movie.genres":
        return "film_genres"
    return prefix + name if path.startswith("profile.") else name


def recommendation_question(
    release: LoadedRelease, query: Query, prefix: str = ""
) -> service.RecommendationQuestion:
    """The question for films; with the prefix OTHER, the second profile's.

    The second person has rated nothing. Raises InvalidFields, in the names
    of the form's fields.
    """
    form = FormParser(query)
    request = schemas.RecommendationRequest(
        profile=_profile(form, prefix, release.words),
        ratings=() if prefix else _ratings(form),
        limit=form.one("limit", _limit) or LIMITS[0],
        filters=schemas.FilterRequest(
            genres=query.all("genres"),
            year_from=form.one("year_from", parse_year),
            year_to=form.one("year_to", parse_year),
        ),
        rank_by=query.one("rank_by") or FILM_RANKINGS[0],
        novelty=form.one("novelty", _novelty) or 0.0,
        allow_sequels=form.one("sequels", _sequels) or False,
    )
    return form.understood(
        service.understand_recommendation, release, request, prefix
    )


def _novelty(field: str, text: str) -> float:
    try:
        novelty = float(text)
    except ValueError:
        novelty = math.nan
    if not 0 <= novelty <= 1:
        raise InvalidField(field, text, "a number from 0 to 1")
    return novelty


def _sequels(field: str, text: str) -> bool:
    if text != "1":
        raise InvalidField(field, text, "1, or left out")
    return True


def _limit(field: str, text: str) -> int:
    return parse_number(field, text, 1, schemas.MAX_ITEMS)


def is_comparison(query: Query) -> bool:
    """Whether films for a second profile are asked for."""
    return query.has(("compare", *(OTHER + name for name in PROFILE_FIELDS)))


def _profile(
    form: FormParser, prefix: str, words: DataWords
) -> schemas.ProfileRequest:
    texts = {
        name: text
        for name in PROFILE_FIELDS
        if (text := form.query.one(prefix + name)) is not None
    }
    if texts.get("age") in words.vocabulary.age_groups:
        # The page's one field for age takes a group too.
        texts.setdefault("age_group", texts.pop("age"))
    age = None
    if "age" in texts:
        age = form.attempt(
            parse_number, prefix + "age", texts["age"], 0, MAX_AGE
        )
    return schemas.ProfileRequest(
        gender=texts.get("gender"),
        age=age,
        age_group=texts.get("age_group"),
        occupation=texts.get("occupation"),
        nationality=texts.get("nationality"),
        zip_code=texts.get("zip_code"),
    )


def _ratings(form: FormParser) -> tuple[schemas.RatingRequest, ...]:
    """What the address tells of films; of one film the last answer counts."""
    parsed = [
        form.attempt(parse_rating, "rated", text)
        for text in form.query.all("rated")
    ]
    rated = {rating.catalogue_id: rating for rating in parsed if rating}
    if len(rated) > schemas.MAX_RATINGS:
        form.add(
            "rated", str(len(rated)), f"at most {schemas.MAX_RATINGS} films"
        )
    return tuple(rated.values())


def parse_rating(field: str, text: str) -> schemas.RatingRequest:
    """A film and what was told of it: `260:4`, `260:loved`, `260:0`.

    Class 0 is "not seen". With `:asked` behind the class it is the answer to
    a question.
    """
    film, _, told = text.partition(":")
    word, _, asked = told.partition(":")
    name = RATING_CLASS.find(word)
    if (
        (name is None and word != NOT_SEEN_CLASS)
        or asked not in ("", ASKED)
        or not film.strip("0").isdecimal()
    ):
        raise InvalidField(field, text, "film:class, class 0 to 4")
    movie_id = parse_number(field, film, 1, 2**31 - 1)
    if name is None:
        return schemas.RatingRequest(movie_id, seen=False)
    number = RATING_CLASS.names.index(name) + 1
    return schemas.RatingRequest(
        movie_id, rating_class=number, asked=bool(asked)
    )


def rating_text(rating: schemas.RatingRequest) -> str:
    """What `parse_rating` reads as this rating."""
    if not rating.seen:
        return f"{rating.catalogue_id}:{NOT_SEEN_CLASS}"
    text = f"{rating.catalogue_id}:{rating.rating_class}"
    return f"{text}:{ASKED}" if rating.asked else text


def audience_question(
    release: LoadedRelease, query: Query
) -> service.AudienceQuestion:
    """The question for an audience.

    Raises InvalidFields, in the names of the form's fields.
    """
    form = FormParser(query)
    title = query.one("title") or ""
    if len(title) > MAX_TITLE:
        form.add("title", title, f"a title of up to {MAX_TITLE} characters")
    base_genres(form, release.words)
    request = schemas.AudienceRequest(
        movie=schemas.FilmRequest(
            title, form.one("year", parse_year), query.all("film_genres")
        ),
        by=dimensions(form, release.words),
        rank_by=form.one("measure", _measure) or MEASURES[0],
        limit=schemas.MAX_SEGMENTS,
        n_raters=query.one("n_raters"),
        comparables=comparables(query),
    )
    return form.understood(service.understand_audience, release, request)


def comparables(query: Query) -> tuple[str, ...]:
    """The films that are named, semicolons between."""
    names = [
        name.strip()
        for text in query.all("comparables")
        for name in text.split(";")
    ]
    return tuple(name for name in names if name)


def _measure(field: str, text: str) -> str:
    measure = SEGMENT_RANKING.parse(field, text)
    if measure not in MEASURES:
        raise InvalidField(field, text, f"one of {', '.join(MEASURES)}")
    return measure


def dimensions(form: FormParser, words: DataWords) -> tuple[str, ...]:
    """The dimensions of segments: `by`, or gender and age group."""
    values = form.query.all("by")
    if not values:
        return DEFAULT_BY
    try:
        return words.parse_by("by", values, MAX_DIMENSIONS)
    except InvalidFields as error:
        form.add("by", ", ".join(values), error.errors[0].allowed)
        return DEFAULT_BY


def base_genres(form: FormParser, words: DataWords) -> tuple[str, ...] | None:
    """The genres that a change started from; None: nothing was changed."""
    text = form.query.one("base")
    if text is None:
        return None
    if text == NO_GENRES:
        return ()
    genres = [
        form.attempt(words.genre.parse, "base", word)
        for word in text.split("|")
    ]
    return tuple(genre for genre in genres if genre is not None)
