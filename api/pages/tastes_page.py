"""How groups and genres hang together: the third of the page's questions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api import schemas, service
from api.pages import heat
from api.pages.form_errors import error_messages
from api.pages.forms import FormParser
from api.pages.links import Choice, Download, choices
from api.pages.plots import Interval, IntervalPlot, interval_plot
from api.pages.query import Query
from api.pages.translator import Translator
from api.service import LoadedRelease
from models_ml.errors import InvalidFields
from models_ml.words import plain

#: What the colours show, the default first.
MEASURES: Final = ("watching", "liking")
PAIRED: Final = "gender_age_group"
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
    serving: LoadedRelease, query: Query, words: Translator
) -> TastesView:
    """The page of the query's question, or of the default with errors."""
    question, errors = _question(query, words)
    try:
        answer = service.tastes(serving, question)
    except InvalidFields as error:
        errors = {**errors, **error_messages(words, error)}
        question = service.TasteQuestion("gender", None, None, None, N_FILMS)
        answer = service.tastes(serving, question)
    measure = query.one("taste") or MEASURES[0]
    if measure not in MEASURES:
        measure = MEASURES[0]
    is_map = answer.level is None and answer.genre is None
    return TastesView(
        lead=_lead(words, answer, measure),
        errors=errors,
        dimensions=_dimensions(query, words, answer.dimension),
        measures=choices(
            words,
            MEASURES,
            measure,
            text=lambda name: f"taste.{name}",
            href=lambda name: query.url("/groups", {"taste": name}),
        ),
        levels=_levels(serving, words, answer.dimension),
        genres=tuple(
            sorted(
                (
                    (name, words.genre(name))
                    for name in words.vocabulary.genres
                ),
                key=lambda option: plain(option[1]),
            )
        ),
        level=answer.level,
        other=answer.other,
        genre=answer.genre,
        hidden=query.without(("level", "other", "genre")),
        heading=_heading(words, answer),
        map=_map(words, answer, measure) if is_map else None,
        plot=None if is_map else _plot(words, answer, measure),
        scale="liking" if measure == "liking" else "reach_index",
        films=tuple(_film(query, words, film) for film in answer.films),
        evidence_sql=answer.evidence_sql,
        note=words("tastes.note", least=words.number(answer.least_people)),
        downloads=(Download("JSON", _json_address(answer)),),
    )


def _question(
    query: Query, words: Translator
) -> tuple[service.TasteQuestion, dict[str, str]]:
    reader = FormParser(query)
    measure = query.one("taste")
    if measure is not None and measure not in MEASURES:
        reader.add("taste", measure, f"one of {', '.join(MEASURES)}")
    errors: dict[str, str] = {}
    try:
        reader.check()
    except InvalidFields as error:
        errors = error_messages(words, error)
    return (
        service.TasteQuestion(
            query.one("dimension") or "gender",
            query.one("level"),
            query.one("other"),
            query.one("genre"),
            N_FILMS,
        ),
        errors,
    )


def _json_address(answer: schemas.Tastes) -> str:
    parts = {
        "dimension": answer.dimension,
        "level": answer.level,
        "other": answer.other,
        "genre": answer.genre,
    }
    pairs = tuple((name, value) for name, value in parts.items() if value)
    return Query(pairs).url("/tastes")


def group_name(words: Translator, dimension: str, level: str) -> str:
    """A group in words: "women", "women of 25 to 34"."""
    if dimension == PAIRED:
        gender, age_group = level.split("|")
        return words.people({"gender": gender, "age_group": age_group})
    if dimension in ("gender", "age_group"):
        return words.people({dimension: level})
    return words.level(dimension, level)


def _dimensions(
    query: Query, words: Translator, chosen: str
) -> tuple[Choice, ...]:
    def href(name: str) -> str:
        return query.url(
            "/groups",
            {"dimension": name, "level": None, "other": None},
            only=("lang", "taste", "genre", "dimension"),
        )

    names = (*words.vocabulary.dimensions, PAIRED)
    return choices(
        words,
        names,
        chosen,
        text=lambda name: f"dimension.{name}",
        href=href,
        hints=False,
    )


def _levels(
    serving: LoadedRelease, words: Translator, dimension: str
) -> tuple[tuple[str, str], ...]:
    question = service.TasteQuestion(dimension, None, None, None, 0)
    levels = dict.fromkeys(
        cell.level for cell in service.tastes(serving, question).genres
    )
    ordered = sorted(levels, key=lambda level: _place(words, dimension, level))
    return tuple((k, group_name(words, dimension, k)) for k in ordered)


def _place(words: Translator, dimension: str, level: str) -> tuple[int, ...]:
    """Where a level stands in the vocabulary's order."""
    names = ("gender", "age_group") if dimension == PAIRED else (dimension,)
    known = words.vocabulary.dimensions
    return tuple(
        known[name].index(part) if part in known[name] else len(known[name])
        for name, part in zip(names, level.split("|"), strict=False)
    )


def _heading(words: Translator, answer: schemas.Tastes) -> str:
    if answer.level and answer.other:
        return words(
            "tastes.heading.pair",
            group=group_name(words, answer.dimension, answer.level),
            other=group_name(words, answer.dimension, answer.other),
        )
    if answer.level:
        group = group_name(words, answer.dimension, answer.level)
        return words("tastes.heading.group", group=group)
    if answer.genre:
        return words("tastes.heading.genre", genre=words.genre(answer.genre))
    return words("tastes.heading.all")


def _of(
    cell: schemas.GenreTaste | schemas.FilmTaste, measure: str
) -> schemas.TasteDifference | None:
    return cell.liking if measure == "liking" else cell.watching


def _usual(measure: str) -> float:
    return 0.0 if measure == "liking" else 100.0


def _value(words: Translator, measure: str, value: float) -> str:
    """Points of liking, or the index of watching."""
    if measure == "liking":
        return words.signed(100 * value, 1)
    return words.number(value)


def _lead(words: Translator, answer: schemas.Tastes, measure: str) -> str:
    """The clearest difference, in a sentence; or that there is none."""
    told = [
        (cell, difference)
        for cell in answer.genres
        if (difference := _of(cell, measure)) and difference.is_supported
    ]
    if not told:
        return words("tastes.lead.none")
    cell, difference = max(told, key=lambda pair: _clearness(measure, pair[1]))
    is_more = difference.value > _usual(measure)
    other = (
        group_name(words, answer.dimension, answer.other)
        if answer.other
        else words("tastes.others")
    )
    return words(
        f"tastes.lead.{measure}.{'more' if is_more else 'less'}",
        group=group_name(words, answer.dimension, cell.level),
        genre=words.genre(cell.genre),
        other=other,
        **_magnitude(words, measure, difference),
    )


def _magnitude(
    words: Translator, measure: str, difference: schemas.TasteDifference
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
        name: words.number(number, digits)
        for name, number in zip(("value", "low", "high"), numbers, strict=True)
    }


def _clearness(measure: str, difference: schemas.TasteDifference) -> float:
    """How far the nearer end of the interval is from no difference."""
    if measure == "liking":
        return max(difference.low, -difference.high)
    low, high = math.log(difference.low / 100), math.log(difference.high / 100)
    return max(low, -high)


def _map(words: Translator, answer: schemas.Tastes, measure: str) -> heat.Map:
    cells = {(cell.genre, cell.level): cell for cell in answer.genres}
    levels = sorted(
        {cell.level for cell in answer.genres},
        key=lambda level: _place(words, answer.dimension, level),
    )
    genres = sorted(
        {cell.genre for cell in answer.genres},
        key=lambda genre: plain(words.genre(genre)),
    )
    return heat.Map(
        caption=_heading(words, answer),
        corner=words("field.genre"),
        columns_name=words(f"dimension.{answer.dimension}"),
        columns=tuple(
            group_name(words, answer.dimension, level) for level in levels
        ),
        rows=tuple(
            heat.Row(
                words.genre(genre),
                tuple(
                    _cell(words, answer, cells.get((genre, level)), measure)
                    for level in levels
                ),
            )
            for genre in genres
        ),
    )


def _cell(
    words: Translator,
    answer: schemas.Tastes,
    cell: schemas.GenreTaste | None,
    measure: str,
) -> heat.Cell:
    difference = _of(cell, measure) if cell else None
    if cell is None or difference is None:
        return heat.Cell("", "empty", words("tastes.nobody"), ())
    step = heat.step_class(_step(measure, difference.value))
    return heat.Cell(
        value=_value(words, measure, difference.value),
        step=step if difference.is_supported else f"unsure {step}",
        who=f"{group_name(words, answer.dimension, cell.level)}"
        f" · {words.genre(cell.genre)}",
        details=_details(words, cell, difference, measure),
    )


def _step(measure: str, value: float) -> int:
    if measure == "watching":
        return heat.index_step(value)
    return heat.liking_step(value)


def _details(
    words: Translator,
    cell: schemas.GenreTaste,
    difference: schemas.TasteDifference,
    measure: str,
) -> tuple[str, ...]:
    told = "told" if difference.is_supported else "unsupported"
    return (
        words(
            f"tastes.value.{measure}",
            value=_value(words, measure, difference.value),
            low=_value(words, measure, difference.low),
            high=_value(words, measure, difference.high),
        ),
        words(
            "tastes.people",
            raters=words.number(cell.n_raters),
            users=words.number(cell.n_users),
            ratings=words.number(cell.n_ratings),
        ),
        words(f"tastes.{told}"),
    )


def _plot(
    words: Translator, answer: schemas.Tastes, measure: str
) -> IntervalPlot:
    rows: list[Interval] = []
    for cell in _in_order(words, answer, measure):
        difference = _of(cell, measure)
        if difference is None:
            continue
        name = (
            group_name(words, answer.dimension, cell.level)
            if answer.genre and not answer.level
            else words.genre(cell.genre)
        )
        rows.append(
            Interval(
                name=name,
                value=difference.value,
                low=difference.low,
                high=difference.high,
                is_supported=difference.is_supported,
                text=_value(words, measure, difference.value),
                details=" ".join(_details(words, cell, difference, measure)),
            )
        )
    return interval_plot(rows, _usual(measure))


def _in_order(
    words: Translator, answer: schemas.Tastes, measure: str
) -> Sequence[schemas.GenreTaste]:
    """Groups as they always stand, genres by the difference."""
    if answer.genre and not answer.level:
        return sorted(
            answer.genres,
            key=lambda cell: _place(words, answer.dimension, cell.level),
        )

    def difference(cell: schemas.GenreTaste) -> float:
        found = _of(cell, measure)
        return found.value if found else -math.inf

    return sorted(answer.genres, key=difference, reverse=True)


def _film(query: Query, words: Translator, film: schemas.FilmTaste) -> FilmRow:
    return FilmRow(
        title=words.film(film.display_title, film.year),
        year=film.year or None,
        href=query.url(f"/films/{film.movie_id}", only=("lang",)),
        liking=_estimate(words, "liking", film.liking),
        watching=_estimate(words, "watching", film.watching),
        n_raters=words.number(film.n_raters),
    )


def _estimate(
    words: Translator,
    measure: str,
    difference: schemas.TasteDifference | None,
) -> str:
    if difference is None:
        return words("tastes.none")
    return words(
        "tastes.estimate",
        value=_value(words, measure, difference.value),
        low=_value(words, measure, difference.low),
        high=_value(words, measure, difference.high),
    )
