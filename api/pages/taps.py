"""Five taps: films to ask about, and what the last answer changed."""

from dataclasses import dataclass, replace
from typing import Final

from api import schemas, service
from api.pages.forms import parse_rating, rating_text
from api.pages.query import Query
from api.pages.translator import Translator
from api.service import LoadedRelease
from models_ml.vocabulary import RATING_CLASSES

#: Films that are asked about at a time.
N_TAPS: Final = 5
NOT_SEEN: Final = "not_seen"


@dataclass(frozen=True)
class Answer:
    """A button: an answer about a film."""

    name: str
    """A rating class, or NOT_SEEN."""
    text: str
    label: str
    """With the film's title, for those who only hear it."""
    value: str
    """What it adds to the address."""


@dataclass(frozen=True)
class Tile:
    """A film to ask about."""

    title: str
    year: int | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Change:
    """How many places a film moved with the last answer."""

    text: str
    step: str
    """`up` or `down`."""


@dataclass(frozen=True)
class Changes:
    """What the last answer changed in the list."""

    sentence: str = ""
    of_film: dict[int, Change] | None = None
    """By the film's id; those that stayed are left out."""


def tiles(
    translator: Translator, questions: tuple[schemas.Question, ...]
) -> tuple[Tile, ...]:
    """A tile for each film to ask about."""
    return tuple(
        Tile(
            translator.film(question.display_title, question.year),
            question.year,
            tuple(
                _answer(translator, question, rating)
                for rating in _possible_answers(question.movie_id)
            ),
        )
        for question in questions
    )


def _possible_answers(movie_id: int) -> list[schemas.RatingRequest]:
    """From hated to loved, and not seen.

    In the order of the bars, their legend, the cards' buttons and the scale
    from 0 to 10: whoever knows one knows where to tap.
    """
    numbers = range(1, len(RATING_CLASSES) + 1)
    return [
        *(
            schemas.RatingRequest(movie_id, rating_class=number, asked=True)
            for number in numbers
        ),
        schemas.RatingRequest(movie_id, seen=False),
    ]


def _answer(
    translator: Translator,
    question: schemas.Question,
    rating: schemas.RatingRequest,
) -> Answer:
    text = answer_text(translator, rating)
    return Answer(
        name=answer_name(rating),
        text=text,
        label=translator(
            "taps.answer",
            title=translator.film(question.display_title, question.year),
            answer=text,
        ),
        value=rating_text(rating),
    )


def answer_name(rating: schemas.RatingRequest) -> str:
    """The rating class that the page's address gave, or NOT_SEEN."""
    if not rating.seen:
        return NOT_SEEN
    assert isinstance(rating.rating_class, int)  # noqa: S101 - as it parses
    return RATING_CLASSES[rating.rating_class - 1]


def answer_text(translator: Translator, rating: schemas.RatingRequest) -> str:
    """The answer in the page's language."""
    name = answer_name(rating)
    return translator("taps.not_seen" if name == NOT_SEEN else f"class.{name}")


def changes(
    release: LoadedRelease,
    query: Query,
    translator: Translator,
    question: service.RecommendationQuestion,
    answer: schemas.Recommendations,
) -> Changes:
    """How the list differs from that without the last answer."""
    texts = query.all("rated")
    if not texts:
        return Changes()
    last = parse_rating("rated", texts[-1])
    row = release.catalogue.index[last.catalogue_id]
    before = replace(
        question,
        known=tuple(film for film in question.known if film.row != row),
    )
    ranks = service.ranks(release, before)
    index = release.catalogue.index
    ranked = {
        item.catalogue_id: int(ranks[index[item.catalogue_id]])
        for item in answer.items
    }
    # a film of a series that another film of it held back had no rank
    n_new = sum(not 0 < rank <= len(answer.items) for rank in ranked.values())
    told = {
        "title": translator.film(
            release.catalogue.titles[row], release.catalogue.years[row]
        ),
        "answer": answer_text(translator, last),
    }
    return Changes(
        translator.count("taps.told", n_new, **told)
        if n_new
        else translator("taps.told.none", **told),
        {
            item.catalogue_id: _change(
                translator, ranked[item.catalogue_id], item.rank
            )
            for item in answer.items
            if ranked[item.catalogue_id] != item.rank
        },
    )


def _change(translator: Translator, before: int, after: int) -> Change:
    """Of a film's rank; `before` is 0 where it had none."""
    if before == 0:
        return Change(translator("taps.new"), "up")
    places = before - after
    return Change(
        translator.count(
            "taps.places", abs(places), n=translator.signed(places)
        ),
        "up" if places > 0 else "down",
    )
