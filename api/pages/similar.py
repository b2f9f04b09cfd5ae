"""The most similar known films, with the audiences they really had."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from api import schemas, service
from api.pages import heat
from api.pages.bars import Bar, stacked_bar
from api.pages.query import Query
from api.pages.translator import Translator
from api.service import LoadedRelease
from models_ml.vocabulary import Vocabulary

BY: Final = ("gender", "age_group")
#: With fewer ratings expected of a cell, its colour would be mostly chance.
ENOUGH: Final = 10


@dataclass(frozen=True)
class Seat:
    """A cell of a film's small map; a place in a drawing."""

    x: int
    y: int
    step: str


@dataclass(frozen=True)
class Similar:
    """A known film and its actual audience."""

    title: str
    year: int | None
    genres: str
    href: str
    similarity: str
    audience: str
    bar: Bar
    seats: tuple[Seat, ...]


def similar_films(
    serving: LoadedRelease,
    words: Translator,
    query: Query,
    found: schemas.Audiences,
) -> tuple[Similar, ...]:
    """The films that the answer calls similar."""
    if not found.similar:
        return ()
    usual = _usual_shares(serving, found)
    return tuple(
        _similar(serving, words, query, film, usual) for film in found.similar
    )


def _usual_shares(
    serving: LoadedRelease, found: schemas.Audiences
) -> dict[tuple[str, ...], float]:
    """Each segment's share of everyone in per cent, by gender and age."""
    if found.by != BY:
        found = service.find_audience(
            serving,
            schemas.AudienceRequest(
                movie=found.movie, by=BY, limit=schemas.MAX_SEGMENTS
            ),
        )
    return {
        heat.key_of(s.segment): 1e4 * s.reach.value / s.reach_index.value
        for s in found.segments
        if s.reach_index.value
    }


def _similar(
    serving: LoadedRelease,
    words: Translator,
    query: Query,
    film: schemas.SimilarMovie,
    usual: Mapping[tuple[str, ...], float],
) -> Similar:
    row = serving.catalogue.index[film.movie_id]
    counts = serving.catalogue.counts[row]
    keys = _keys(words.vocabulary)
    ratings = counts[-len(keys) :, 0].tolist()
    return Similar(
        title=words.film(film.display_title, film.year),
        year=film.year,
        genres=", ".join(words.genre(genre) for genre in film.genres),
        href=query.url(f"/films/{film.movie_id}", only=("lang",)),
        similarity=words.percent(film.similarity),
        audience=_sentence(words, ratings),
        bar=stacked_bar(words, counts[0, 1:].tolist()),
        seats=_seats(words.vocabulary, ratings, usual),
    )


def _keys(vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """Gender × age group, in the order in which evidence ends with them."""
    return tuple(product(vocabulary.genders, vocabulary.age_groups))


def _sentence(words: Translator, ratings: list[int]) -> str:
    n_ratings = sum(ratings)
    keys = _keys(words.vocabulary)
    if not n_ratings:
        return words("reason.none")
    women = sum(
        n for n, key in zip(ratings, keys, strict=True) if key[0] == "F"
    )
    n_most, most = max(zip(ratings, keys, strict=True))
    return words.count(
        "similar.audience",
        n_ratings,
        women=words.percent(women / n_ratings),
        who=words.people(dict(zip(BY, most, strict=True))),
        share=words.percent(n_most / n_ratings),
    )


def _seats(
    vocabulary: Vocabulary,
    ratings: list[int],
    usual: Mapping[tuple[str, ...], float],
) -> tuple[Seat, ...]:
    total = sum(ratings)
    keys = _keys(vocabulary)
    seats = []
    for k, (n_ratings, key) in enumerate(zip(ratings, keys, strict=True)):
        expected = total * usual.get(key, 0.0) / 100
        step = "empty"
        if expected >= ENOUGH:
            step = heat.step_class(heat.index_step(100 * n_ratings / expected))
        y, x = divmod(k, len(vocabulary.age_groups))
        seats.append(Seat(x, y, step))
    return tuple(seats)
