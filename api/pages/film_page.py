"""A known film: its predicted audience beside the actual one."""

from dataclasses import dataclass
from typing import Final

from api import schemas, service
from api.pages import heat
from api.pages.bars import Bar, stacked_bar
from api.pages.form_errors import error_messages
from api.pages.forms import FormParser, dimensions
from api.pages.links import Download, downloads
from api.pages.query import Query
from api.pages.similar import (
    BY,
    ENOUGH,
    Overlapping,
    Similar,
    baseline_shares,
    overlapping_films,
    similar_films,
)
from api.pages.translator import Translator
from api.service import LoadedRelease
from models_ml.errors import InvalidFields
from models_ml.vocabulary import DEFAULT_BY

#: Of the table of all numbers, after the group.
_COLUMNS: Final = (
    *("reach", "reach_actual", "index", "index_actual"),
    *("liked", "liked_actual", "ratings"),
)


@dataclass(frozen=True)
class Compared:
    """A number, predicted and actual."""

    name: str
    predicted: str
    actual: str


@dataclass(frozen=True)
class FilmView:
    """All of the film's page below its head."""

    title: str
    year: int | None
    genres: str
    n_ratings: str
    has_ratings: bool
    few: str
    """That its ratings are too few to say whose; blank: they are not."""
    bar: Bar
    errors: dict[str, str]
    by: tuple[str, ...]
    hidden: tuple[tuple[str, str], ...]
    maps: tuple[heat.Map, ...]
    """Predicted, then actual; none for too many dimensions."""
    compared: tuple[Compared, ...]
    lead: str
    covered: str
    """How many actual shares the intervals hold; blank with few ratings."""
    record: str
    """How often such intervals held; blank: not counted."""
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    """A group, then what `columns` name."""
    similar: tuple[Similar, ...]
    overlapping: tuple[Overlapping, ...]
    overlap: str
    """What `overlapping` means, or why the film has none."""
    downloads: tuple[Download, ...]
    ask: str
    """The address that asks for this film as if it were new."""


def film_view(
    release: LoadedRelease, query: Query, translator: Translator, movie_id: int
) -> FilmView:
    """The page of a film; raises service.NotFound."""
    form = FormParser(query)
    by = dimensions(form, release.words)
    errors: dict[str, str] = {}
    try:
        form.check()
    except InvalidFields as error:
        errors = error_messages(translator, error)
        by = DEFAULT_BY
    audience = service.movie(release, movie_id, by)
    film = audience.movie
    kept = query.url("", only=("by",))
    path = f"/films/{movie_id}/audience"
    few = film.n_ratings < ENOUGH
    return FilmView(
        title=translator.film(film.display_title, film.year),
        year=film.year,
        genres=translator.genres(film.genres),
        n_ratings=translator.count("film.ratings", film.n_ratings),
        has_ratings=film.n_ratings > 0,
        few=translator.count("similar.few", film.n_ratings)
        if few and film.n_ratings
        else "",
        bar=stacked_bar(
            translator,
            [film.n_hated, film.n_disliked, film.n_liked, film.n_loved],
        ),
        errors=errors,
        by=tuple(by),
        hidden=query.without(("by",)),
        maps=_maps(translator, audience),
        compared=_compared(translator, audience),
        lead=translator("film.lead" if film.n_ratings else "film.lead.new"),
        covered="" if few else _covered(translator, audience),
        record=record_text(translator, audience.predicted.record),
        columns=tuple(translator(f"film.column.{c}") for c in _COLUMNS),
        table=_table(translator, audience),
        similar=_similar(release, translator, query, audience),
        overlapping=overlapping_films(release, translator, query, movie_id),
        overlap=translator(
            "film.overlap.few" if few else "film.overlap.lead",
            n=translator.number(ENOUGH),
        ),
        downloads=downloads(path, kept, translator.language),
        ask=query.url(
            changes={
                "side": "audience",
                "title": film.display_title,
                "year": str(film.year) if film.year else None,
                "film_genres": film.genres,
                "lang": query.one("lang"),
            },
            only=("by",),
            fragment="audience-answer",
        ),
    )


def _similar(
    release: LoadedRelease,
    translator: Translator,
    query: Query,
    audience: schemas.MovieAudience,
) -> tuple[Similar, ...]:
    """The most similar other films."""
    film = audience.movie
    if audience.by != BY:
        audience = service.movie(release, film.movie_id, BY)
    films = service.movies_like(release, film.movie_id).items
    baseline = baseline_shares(
        [segment.predicted for segment in audience.segments],
        [heat.key_of(segment.segment) for segment in audience.segments],
    )
    return similar_films(release, translator, query, films, baseline)


def _maps(
    translator: Translator, audience: schemas.MovieAudience
) -> tuple[heat.Map, ...]:
    if len(audience.by) > 2:
        return ()
    predicted, actual = {}, {}
    for segment in audience.segments:
        key = heat.key_of(segment.segment)
        predicted[key] = _predicted_cell(translator, segment)
        actual[key] = _actual_cell(
            translator, segment, audience.movie.n_ratings < ENOUGH
        )
    return (
        heat.heat_map(
            translator, translator("film.predicted"), audience.by, predicted
        ),
        heat.heat_map(
            translator, translator("film.actual"), audience.by, actual
        ),
    )


def _predicted_cell(
    translator: Translator, segment: schemas.ActualSegment
) -> heat.Cell:
    index = segment.predicted.reach_index
    step = heat.estimate_class(
        "reach_index", index.value, segment.predicted.reach_supported
    )
    details = [
        heat.measure_sentence(translator, "reach_index", index),
        translator.count("cell.people", segment.n_users),
    ]
    if not segment.n_users:
        step = "empty"
        details.append(translator("cell.empty"))
    elif step.startswith("unsure"):
        details.append(translator("cell.unsure"))
    return heat.Cell(
        value=translator.number(index.value) if segment.n_users else "–",
        step=step,
        who=translator.people(segment.segment),
        details=tuple(details),
    )


def _actual_cell(
    translator: Translator, segment: schemas.ActualSegment, few: bool
) -> heat.Cell:
    """With `few` ratings of the film an index would be chance."""
    index = segment.reach_index
    who = translator.people(segment.segment)
    if few and segment.n_users:
        details = (
            translator.count("cell.ratings", segment.n_ratings),
            translator.count("cell.people", segment.n_users),
        )
        return heat.Cell("–", "empty", who, details)
    if index is None or not segment.n_users:
        return heat.Cell("–", "empty", who, (translator("cell.empty"),))
    return heat.Cell(
        value=translator.number(index),
        step=heat.step_class(heat.index_step(index)),
        who=who,
        details=(
            translator("cell.actual_index", value=translator.number(index)),
            translator.count("cell.ratings", segment.n_ratings),
            translator.count("cell.people", segment.n_users),
        ),
    )


def _compared(
    translator: Translator, audience: schemas.MovieAudience
) -> tuple[Compared, ...]:
    """Liking of the whole audience, and the share of women if known."""
    segments = audience.segments
    total = sum(segment.n_ratings for segment in segments)
    liked = sum(s.n_liked + s.n_loved for s in segments)
    numbers = [
        (
            "film.liked",
            sum(s.predicted.reach.value * s.predicted.liked for s in segments),
            liked / total if total else None,
        )
    ]
    if "gender" in audience.by:
        women = [s for s in segments if s.segment["gender"] == "F"]
        numbers.append(
            (
                "film.women",
                sum(s.predicted.reach.value for s in women),
                sum(s.n_ratings for s in women) / total if total else None,
            )
        )
    return tuple(
        Compared(
            translator(name),
            translator.percent(predicted),
            "–" if actual is None else translator.percent(actual),
        )
        for name, predicted, actual in numbers
    )


def _covered(translator: Translator, audience: schemas.MovieAudience) -> str:
    """How many actual shares lie in the predicted intervals."""
    known = [s for s in audience.segments if s.reach is not None and s.n_users]
    inside = sum(
        s.predicted.reach.low <= (s.reach or 0.0) <= s.predicted.reach.high
        for s in known
    )
    if not known:
        return ""
    return translator(
        "film.covered",
        k=translator.number(inside),
        n=translator.number(len(known)),
        interval=translator.percent(audience.interval),
    )


def record_text(
    translator: Translator, record: schemas.IntervalRecord | None
) -> str:
    """How often such intervals held, for films like this one."""
    if record is None:
        return ""
    is_open = record.raters_to is None
    return translator(
        "film.record.open" if is_open else "film.record",
        n=translator.number(record.n_films),
        low=translator.number(record.raters_from),
        high=translator.number((record.raters_to or 1) - 1),
        held=translator.percent(record.held),
        interval=translator.percent(record.interval),
    )


def _table(
    translator: Translator, audience: schemas.MovieAudience
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            translator.people(s.segment),
            translator.percent(s.predicted.reach.value),
            "–" if s.reach is None else translator.percent(s.reach),
            translator.number(s.predicted.reach_index.value),
            "–" if s.reach_index is None else translator.number(s.reach_index),
            translator.percent(s.predicted.liked),
            "–" if s.liked is None else translator.percent(s.liked),
            translator.number(s.n_ratings),
        )
        for s in audience.segments
    )
