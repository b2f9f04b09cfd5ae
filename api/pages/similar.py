"""Known films like one: how similar, and with whose audience in common."""

from collections.abc import Iterable, Mapping, Sequence
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
#: With fewer ratings of a film, or expected of a cell, a share would be mostly
#: chance.
ENOUGH: Final = service.LEAST_RATINGS


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
    bar: Bar | None
    """None: the ratings are too few for shares."""
    seats: tuple[Seat, ...]


@dataclass(frozen=True)
class Overlapping:
    """A film that has much of another's audience."""

    title: str
    year: int | None
    href: str
    share: str
    """Of someone who rated the other film: how likely they rate it."""
    everyone: str
    n_ratings: str


def similar_films(
    release: LoadedRelease,
    translator: Translator,
    query: Query,
    films: Sequence[schemas.SimilarMovie],
    baseline: Mapping[tuple[str, ...], float],
) -> tuple[Similar, ...]:
    """Films that are called similar; `baseline` as `baseline_shares` tells."""
    return tuple(
        _similar(release, translator, query, film, baseline) for film in films
    )


def baseline_shares(
    segments: Iterable[schemas.AudienceSegment | schemas.PredictedSegment],
    keys: Iterable[tuple[str, ...]],
) -> dict[tuple[str, ...], float]:
    """Each segment's share of everyone in per cent, by `BY`."""
    return {
        key: 1e4 * s.reach.value / s.reach_index.value
        for s, key in zip(segments, keys, strict=True)
        if s.reach_index.value
    }


def baseline_of(
    release: LoadedRelease, answer: schemas.Audiences
) -> dict[tuple[str, ...], float]:
    """The same, of whatever segments the answer has."""
    if answer.by != BY:
        answer = service.find_audience(
            release,
            schemas.AudienceRequest(
                movie=answer.movie, by=BY, limit=schemas.MAX_SEGMENTS
            ),
        )
    keys = [heat.key_of(s.segment) for s in answer.segments]
    return baseline_shares(answer.segments, keys)


def overlapping_films(
    release: LoadedRelease,
    translator: Translator,
    query: Query,
    movie_id: int,
) -> tuple[Overlapping, ...]:
    """Films whose audience overlaps most with a known film's."""
    return tuple(
        Overlapping(
            title=translator.film(film.display_title, film.year),
            year=film.year,
            href=query.url(f"/films/{film.movie_id}", only=("lang",)),
            share=translator.percent(film.interest),
            everyone=translator.percent(film.interest_of_everyone),
            n_ratings=translator.number(film.n_ratings),
        )
        for film in service.overlapping_movies(release, movie_id).items
    )


def _similar(
    release: LoadedRelease,
    translator: Translator,
    query: Query,
    film: schemas.SimilarMovie,
    baseline: Mapping[tuple[str, ...], float],
) -> Similar:
    row = release.catalogue.index[film.movie_id]
    counts = release.catalogue.counts[row]
    keys = _keys(translator.vocabulary)
    ratings = counts[-len(keys) :, 0].tolist()
    return Similar(
        title=translator.film(film.display_title, film.year),
        year=film.year,
        genres=translator.genres(film.genres),
        href=query.url(f"/films/{film.movie_id}", only=("lang",)),
        similarity=translator.percent(film.similarity),
        audience=_sentence(translator, ratings),
        bar=stacked_bar(translator, counts[0, 1:].tolist())
        if sum(ratings) >= ENOUGH
        else None,
        seats=_seats(translator.vocabulary, ratings, baseline),
    )


def _keys(vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """Gender × age group, in the order in which evidence ends with them."""
    return tuple(product(vocabulary.genders, vocabulary.age_groups))


def _sentence(translator: Translator, ratings: list[int]) -> str:
    n_ratings = sum(ratings)
    keys = _keys(translator.vocabulary)
    if not n_ratings:
        return translator("reason.none")
    if n_ratings < ENOUGH:
        return translator.count("similar.few", n_ratings)
    women = sum(
        n for n, key in zip(ratings, keys, strict=True) if key[0] == "F"
    )
    n_most, most = max(zip(ratings, keys, strict=True))
    return translator.count(
        "similar.audience",
        n_ratings,
        women=translator.percent(women / n_ratings),
        who=translator.people(dict(zip(BY, most, strict=True))),
        share=translator.percent(n_most / n_ratings),
    )


def _seats(
    vocabulary: Vocabulary,
    ratings: list[int],
    baseline: Mapping[tuple[str, ...], float],
) -> tuple[Seat, ...]:
    total = sum(ratings)
    keys = _keys(vocabulary)
    seats = []
    for k, (n_ratings, key) in enumerate(zip(ratings, keys, strict=True)):
        expected = total * baseline.get(key, 0.0) / 100
        step = "empty"
        if expected >= ENOUGH:
            step = heat.step_class(heat.index_step(100 * n_ratings / expected))
        y, x = divmod(k, len(vocabulary.age_groups))
        seats.append(Seat(x, y, step))
    return tuple(seats)
