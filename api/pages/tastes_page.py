"""How groups and genres hang together: the third of the page's questions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api import schemas, service
from api.pages import heat
from api.pages.form_errors import error_messages
from api.pages.forms import FormParser
from api.pages.links import EXCEL_FIELD, Choice, Download, choices
from api.pages.plots import (
    Interval,
    IntervalPlot,
    Scale,
    index_scale,
    interval_plot,
    points_scale,
)
from api.pages.query import TASTE_QUESTION, Query
from api.pages.translator import Translator
from api.service import LoadedRelease
from models_ml.errors import InvalidFields

#: What the colours show, the default first.
MEASURES: Final = ("watching", "liking")
PAIRED: Final = "gender_age_group"
#: Dimensions whose levels have an order of their own.
ORDERED: Final = ("gender", "age_group", PAIRED)
#: Films of a group that are shown.
N_FILMS: Final = 12


@dataclass(frozen=True)
class FilmRow:
    """A film that the group differs in."""

    title: str
    year: int | None
    href: str
    liking: str
    watching: str
    n_raters: str


@dataclass(frozen=True)
class TastesView:
    """All of the page below its head."""

    lead: str
    errors: dict[str, str]
    dimensions: tuple[Choice, ...]
    measures: tuple[Choice, ...]
    levels: tuple[tuple[str, str], ...]
    genres: tuple[tuple[str, str], ...]
    level: str | None
    other: str | None
    genre: str | None
    hidden: tuple[tuple[str, str], ...]
    heading: str
    map: heat.Map | None
    """Of every group and genre, where neither is picked."""
    plot: IntervalPlot | None
    """Of one group, one genre or a pair of groups."""
    scale: str
    """The legend's measure."""
    films: tuple[FilmRow, ...]
    evidence_sql: str
    note: str
    downloads: tuple[Download, ...]


def tastes_view(
    release: LoadedRelease, query: Query, translator: Translator
) -> TastesView:
    """The page of the query's question, or of the default with errors."""
    question, errors = _question(query, translator)
    try:
        answer = service.tastes(release, question)
    except InvalidFields as error:
        errors = {**errors, **error_messages(translator, error)}
        question = service.TasteQuestion(None, None, None, None, N_FILMS)
        answer = service.tastes(release, question)
    measure = query.one("taste") or MEASURES[0]
    if measure not in MEASURES:
        measure = MEASURES[0]
    is_map = answer.level is None and answer.genre is None
    return TastesView(
        lead=_lead(translator, answer, measure),
        errors=errors,
        dimensions=_dimensions(query, translator, answer.dimension),
        measures=choices(
            translator,
            MEASURES,
            measure,
            text=lambda name: f"taste.{name}",
            href=lambda name: query.url("/groups", {"taste": name}),
        ),
        levels=_levels(release, translator, answer.dimension),
        genres=translator.by_name("genre", translator.vocabulary.genres),
        level=answer.level,
        other=answer.other,
        genre=answer.genre,
        hidden=query.without(("level", "other", "genre")),
        heading=_heading(translator, answer, measure),
        map=_map(translator, answer, measure) if is_map else None,
        plot=None if is_map else _plot(translator, answer, measure),
        scale="liking" if measure == "liking" else "reach_index",
        films=tuple(_film(query, translator, film) for film in answer.films),
        evidence_sql=f"-- $dimension = '{answer.dimension}'\n"
        f"{answer.evidence_sql}",
        note=_note(translator, answer, measure),
        downloads=_downloads(answer, translator.language),
    )


def _note(translator: Translator, answer: schemas.Tastes, measure: str) -> str:
    """How the numbers were made, and what tells them from the notebook's."""
    least = translator.number(answer.least_people)
    note = translator("tastes.note", least=least)
    if measure != "liking":
        return note
    return f"{note} {translator('tastes.liking.weights')}"


def _question(
    query: Query, translator: Translator
) -> tuple[service.TasteQuestion, dict[str, str]]:
    form = FormParser(query)
    measure = query.one("taste")
    if measure is not None and measure not in MEASURES:
        form.add("taste", measure, f"one of {', '.join(MEASURES)}")
    errors: dict[str, str] = {}
    try:
        form.check()
    except InvalidFields as error:
        errors = error_messages(translator, error)
    return (
        taste_question(query, N_FILMS),
        errors,
    )


def taste_question(query: Query, limit: int) -> service.TasteQuestion:
    """What the query asks, with so many films; not checked yet."""
    return service.TasteQuestion(
        query.one("dimension"),
        query.one("level"),
        query.one("other"),
        query.one("genre"),
        limit,
    )


def _downloads(answer: schemas.Tastes, language: str) -> tuple[Download, ...]:
    parts = {name: getattr(answer, name) for name in TASTE_QUESTION}
    asked = Query(tuple((k, value) for k, value in parts.items() if value))
    table = f"{asked.url('/tastes.csv')}&{EXCEL_FIELD}={language}"
    return (
        Download("CSV", table),
        Download("JSON", asked.url("/tastes")),
    )


def _people(translator: Translator, dimension: str, level: str) -> str:
    """A group inside a sentence: "women of 25 to 34", "people (writer)"."""
    return translator.people(_levels_of(dimension, level))


def _short(translator: Translator, dimension: str, level: str) -> str:
    """A group as heads of tables and lists to pick from have it."""
    return " ".join(
        translator.level(name, part)
        for name, part in _levels_of(dimension, level).items()
    )


def _levels_of(dimension: str, level: str) -> dict[str, str]:
    """A group's levels; a paired group has two."""
    if dimension != PAIRED:
        return {dimension: level}
    return dict(zip(("gender", "age_group"), level.split("|"), strict=True))


def _dimensions(
    query: Query, translator: Translator, chosen: str
) -> tuple[Choice, ...]:
    def href(name: str) -> str:
        return query.url(
            "/groups",
            {"dimension": name, "level": None, "other": None},
            only=("lang", "taste", "genre", "dimension"),
        )

    names = (*translator.vocabulary.dimensions, PAIRED)
    return choices(
        translator,
        names,
        chosen,
        text=lambda name: f"dimension.{name}",
        href=href,
        hints=False,
    )


def _levels(
    release: LoadedRelease, translator: Translator, dimension: str
) -> tuple[tuple[str, str], ...]:
    question = service.TasteQuestion(dimension, None, None, None, 0)
    levels = dict.fromkeys(
        cell.level for cell in service.tastes(release, question).genres
    )
    ordered = sorted(
        levels, key=lambda level: _place(translator, dimension, level)
    )
    return tuple((k, _short(translator, dimension, k)) for k in ordered)


def _place(
    translator: Translator, dimension: str, level: str
) -> tuple[int, ...]:
    """Where a level stands in the vocabulary's order."""
    known = translator.vocabulary.dimensions
    return tuple(
        known[name].index(part) if part in known[name] else len(known[name])
        for name, part in _levels_of(dimension, level).items()
    )


def _heading(
    translator: Translator, answer: schemas.Tastes, measure: str
) -> str:
    if answer.level:
        other = (
            _people(translator, answer.dimension, answer.other)
            if answer.other
            else translator("tastes.others")
        )
        group = _people(translator, answer.dimension, answer.level)
        return translator(
            f"tastes.heading.{measure}.group", group=group, other=other
        )
    if answer.genre:
        return translator(
            f"tastes.heading.{measure}.genre",
            genre=translator.genre_inside(answer.genre),
        )
    return translator("tastes.heading.all")


def _of(
    cell: schemas.GenreTaste | schemas.FilmTaste, measure: str
) -> schemas.TasteDifference | None:
    return cell.liking if measure == "liking" else cell.watching


def _baseline(measure: str) -> float:
    return 0.0 if measure == "liking" else 100.0


def _value(translator: Translator, measure: str, value: float) -> str:
    """Points of liking, or the index of watching."""
    if measure == "liking":
        return translator.signed(100 * value, 1)
    return translator.number(value)


def _lead(translator: Translator, answer: schemas.Tastes, measure: str) -> str:
    """The clearest difference, in a sentence; or that there is none."""
    told = [
        (cell, difference)
        for cell in answer.genres
        if (difference := _of(cell, measure)) and difference.is_supported
    ]
    if not told:
        return translator("tastes.lead.none")
    cell, difference = max(told, key=lambda pair: _clearness(measure, pair[1]))
    is_more = difference.value > _baseline(measure)
    other = (
        _people(translator, answer.dimension, answer.other)
        if answer.other
        else translator("tastes.others")
    )
    return translator(
        f"tastes.lead.{measure}.{'more' if is_more else 'less'}",
        group=_people(translator, answer.dimension, cell.level),
        genre=translator.genre_inside(cell.genre),
        other=other,
        **_magnitude(translator, measure, difference),
    )


def _magnitude(
    translator: Translator, measure: str, difference: schemas.TasteDifference
) -> dict[str, str]:
    """The difference after "more" or "less": points have no sign then."""
    ends = (difference.low, difference.high)
    if measure == "watching":
        numbers = (difference.value, *ends)
    else:
        low, high = sorted(100 * abs(end) for end in ends)
        numbers = (100 * abs(difference.value), low, high)
    digits = 0 if measure == "watching" else 1
    return {
        name: translator.number(number, digits)
        for name, number in zip(("value", "low", "high"), numbers, strict=True)
    }


def _clearness(measure: str, difference: schemas.TasteDifference) -> float:
    """How far the nearer end of the interval is from no difference."""
    if measure == "liking":
        return max(difference.low, -difference.high)
    low, high = math.log(difference.low / 100), math.log(difference.high / 100)
    return max(low, -high)


def _map(
    translator: Translator, answer: schemas.Tastes, measure: str
) -> heat.Map:
    cells = {(cell.genre, cell.level): cell for cell in answer.genres}
    levels = sorted(
        {cell.level for cell in answer.genres},
        key=lambda level: _place(translator, answer.dimension, level),
    )
    genres = {cell.genre for cell in answer.genres}
    return heat.Map(
        caption=_heading(translator, answer, measure),
        corner=translator("field.genre"),
        columns_name=translator(f"dimension.{answer.dimension}"),
        columns=tuple(
            _short(translator, answer.dimension, level) for level in levels
        ),
        rows=tuple(
            heat.Row(
                name,
                tuple(
                    _cell(
                        translator, answer, cells.get((genre, level)), measure
                    )
                    for level in levels
                ),
            )
            for genre, name in translator.by_name("genre", genres)
        ),
    )


def _cell(
    translator: Translator,
    answer: schemas.Tastes,
    cell: schemas.GenreTaste | None,
    measure: str,
) -> heat.Cell:
    difference = _of(cell, measure) if cell else None
    if cell is None or difference is None:
        return heat.Cell("", "empty", translator("tastes.nobody"), ())
    step = heat.step_class(_step(measure, difference.value))
    return heat.Cell(
        value=_value(translator, measure, difference.value),
        step=step if difference.is_supported else f"unsure {step}",
        who=f"{_people(translator, answer.dimension, cell.level)}"
        f" · {translator.genre(cell.genre)}",
        details=_details(translator, cell, difference, measure),
    )


def _step(measure: str, value: float) -> int:
    if measure == "watching":
        return heat.index_step(value)
    return heat.liking_step(value)


def _details(
    translator: Translator,
    cell: schemas.GenreTaste,
    difference: schemas.TasteDifference,
    measure: str,
) -> tuple[str, ...]:
    told = "told" if difference.is_supported else "unsupported"
    return (
        translator(
            f"tastes.value.{measure}",
            value=_value(translator, measure, difference.value),
            low=_value(translator, measure, difference.low),
            high=_value(translator, measure, difference.high),
        ),
        translator(
            "tastes.people",
            raters=translator.number(cell.n_raters),
            users=translator.number(cell.n_users),
            ratings=translator.number(cell.n_ratings),
        ),
        translator(f"tastes.{told}"),
    )


def _plot(
    translator: Translator, answer: schemas.Tastes, measure: str
) -> IntervalPlot:
    rows: list[Interval] = []
    for cell in _in_order(translator, answer, measure):
        difference = _of(cell, measure)
        if difference is None:
            continue
        name = (
            _short(translator, answer.dimension, cell.level)
            if answer.genre and not answer.level
            else translator.genre(cell.genre)
        )
        rows.append(
            Interval(
                name=name,
                value=difference.value,
                low=difference.low,
                high=difference.high,
                is_supported=difference.is_supported,
                text=_value(translator, measure, difference.value),
                details=" ".join(
                    _details(translator, cell, difference, measure)
                ),
            )
        )
    return interval_plot(rows, _scale(translator, measure))


def _scale(translator: Translator, measure: str) -> Scale:
    name = translator(f"tastes.axis.{measure}")
    if measure == "watching":
        return index_scale(translator, name)
    return points_scale(translator, name)


def _in_order(
    translator: Translator, answer: schemas.Tastes, measure: str
) -> Sequence[schemas.GenreTaste]:
    """Ages and genders as they always stand, all else by the difference."""
    is_ordered = answer.dimension in ORDERED
    if answer.genre and not answer.level and is_ordered:
        return sorted(
            answer.genres,
            key=lambda cell: _place(translator, answer.dimension, cell.level),
        )

    def difference(cell: schemas.GenreTaste) -> float:
        taste = _of(cell, measure)
        return taste.value if taste else -math.inf

    return sorted(answer.genres, key=difference, reverse=True)


def _film(
    query: Query, translator: Translator, film: schemas.FilmTaste
) -> FilmRow:
    return FilmRow(
        title=translator.film(film.display_title, film.year),
        year=film.year or None,
        href=query.url(f"/films/{film.movie_id}", only=("lang",)),
        liking=_estimate(translator, "liking", film.liking),
        watching=_estimate(translator, "watching", film.watching),
        n_raters=translator.number(film.n_raters),
    )


def _estimate(
    translator: Translator,
    measure: str,
    difference: schemas.TasteDifference | None,
) -> str:
    if difference is None:
        return translator("tastes.none")
    return translator(
        "tastes.estimate",
        value=_value(translator, measure, difference.value),
        low=_value(translator, measure, difference.low),
        high=_value(translator, measure, difference.high),
    )
