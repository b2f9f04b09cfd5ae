"""An audience for a film: what that side of the page shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from api import schemas, service
from api.pages import heat
from api.pages.audience_pictures import (
    audience_map,
    audience_plot,
    audience_quadrant,
    estimate_of,
    liking_of,
    support_of,
)
from api.pages.form_errors import error_messages
from api.pages.forms import (
    NO_GENRES,
    FormParser,
    audience_question,
    base_genres,
)
from api.pages.links import Choice, Download, choices, downloads
from api.pages.plots import IntervalPlot
from api.pages.quadrant import Quadrant
from api.pages.query import AUDIENCE_FIELDS, Query
from api.pages.similar import Similar, similar_films
from api.pages.translator import Translator
from api.service import LoadedRelease
from models_ml.errors import InvalidFields
from models_ml.titles import display_title
from models_ml.vocabulary import DEFAULT_BY, MEASURES, Vocabulary

_EXAMPLE_TITLES: Final = {
    "en": "The Singing Lighthouse",
    "pt": "O Farol Cantor",
}
#: Groups of a target that one sentence names; more are a list.
MAX_IN_SENTENCE: Final = 4
#: What the form asks of a film, its title first.
FILM_FIELDS: Final = (
    "title",
    "year",
    "film_genres",
    "n_raters",
    "comparables",
)

#: Where the answer begins: addresses lead there.
ANSWER: Final = "audience-answer"


@dataclass(frozen=True)
class SegmentRow:
    """A segment in the table of all numbers."""

    who: str
    cells: tuple[str, ...]
    is_target: bool


@dataclass(frozen=True)
class GenreSwitch:
    """A genre that can be put in or taken out of the film."""

    name: str
    href: str
    is_on: bool
    is_changed: bool


@dataclass(frozen=True)
class AudienceAnswer:
    """What is answered for a film."""

    film: str
    target: str
    target_groups: tuple[str, ...]
    """Where they are too many for the sentence."""
    has_target: bool
    turns_up: str
    assumes: tuple[str, ...]
    """What the caller said of the film, as it was used."""
    warnings: tuple[str, ...]
    known: tuple[str, str] | None
    """A known film of the same name: its title, and its page."""
    map: heat.Map | None
    """None but for two dimensions."""
    plot: IntervalPlot | None
    """None but for one dimension."""
    quadrant: Quadrant | None
    """None where segments have too many dimensions for a picture."""
    table: tuple[SegmentRow, ...]
    columns: tuple[str, ...]
    measures: tuple[Choice, ...]
    measure: str
    measure_hint: str
    interval: str
    switches: tuple[GenreSwitch, ...]
    change: str
    """What changed, in a sentence; blank: nothing was."""
    undo: str
    keep: str
    similar: tuple[Similar, ...]
    downloads: tuple[Download, ...]
    compare: str
    briefing: str


@dataclass(frozen=True)
class AudienceSide:
    """All of the side; no `answer` where fields are wrong, or cleared."""

    errors: dict[str, str]
    answer: AudienceAnswer | None
    is_example: bool
    query: Query
    """With the example's film, if that is what is answered."""
    genres: str
    by: tuple[str, ...]
    by_names: str
    hidden: tuple[tuple[str, str], ...]
    link: str


def audience_side(
    serving: LoadedRelease, query: Query, words: Translator
) -> AudienceSide:
    """The side that answers the query's question for an audience."""
    is_example = not query.has(FILM_FIELDS)
    is_cleared = not is_example and not query.one("title")
    is_cleared &= not query.has(FILM_FIELDS[1:])
    asked = query
    if is_example:
        asked = Query.parse(
            (*query.pairs, *example_film(serving.vocabulary, words.language)),
            serving.words,
        )
    errors: dict[str, str] = {}
    answer = None
    try:
        if not is_cleared:
            question = audience_question(serving, asked)
            answer = _answer(serving, asked, words, question)
    except InvalidFields as error:
        errors = error_messages(words, error)
    by = query.all("by") or DEFAULT_BY
    return AudienceSide(
        errors=errors,
        answer=answer,
        is_example=is_example,
        query=asked,
        genres=_genres(words, asked.all("film_genres")),
        by=by,
        by_names=", ".join(
            name for key, name in by_choices(words) if key in by
        ),
        hidden=query.without((*FILM_FIELDS, "by", "base")),
        link=asked.url(
            only=("lang", *AUDIENCE_FIELDS),
            changes={"side": "audience", "lang": query.one("lang")},
        ),
    )


def example_film(
    vocabulary: Vocabulary, language: str
) -> list[tuple[str, str]]:
    """Asked for when no film is, so that a first visit sees an answer."""
    return [
        ("title", _EXAMPLE_TITLES[language]),
        ("year", "2000"),
        *example_genres(vocabulary, ("Children's", "Musical")),
    ]


def example_genres(
    vocabulary: Vocabulary, preferred: Sequence[str]
) -> list[tuple[str, str]]:
    """Fields of the genres of an example that the data have.

    Where they have none of `preferred`, their own first two.
    """
    names = [name for name in preferred if name in vocabulary.genres]
    return [("film_genres", name) for name in names or vocabulary.genres[:2]]


def _answer(
    serving: LoadedRelease,
    query: Query,
    words: Translator,
    question: service.AudienceQuestion,
) -> AudienceAnswer:
    found = service.answer_audience(serving, question)
    changes = _changes(serving, query, question)
    measure = query.one("measure") or MEASURES[0]
    target, target_groups = target_text(words, found)
    film = question.movie
    kept = query.url("", only=AUDIENCE_FIELDS, changes={"base": None})
    return AudienceAnswer(
        film=film_name(film),
        target=target,
        target_groups=target_groups,
        has_target=bool(found.target.segments),
        turns_up=turns_up_text(words, found),
        assumes=_assumes(words, found),
        warnings=tuple(
            words.notice(notice.code, notice.values)
            for notice in found.notices
        ),
        known=_known(serving, query, film),
        map=audience_map(words, found, changes, measure),
        plot=audience_plot(words, found, measure),
        quadrant=audience_quadrant(words, found, measure),
        table=_table(words, found),
        columns=tuple(
            words(f"column.{name}")
            for name in (
                "reach",
                "reach_index",
                "liking",
                "affinity",
                "people",
            )
        ),
        measures=_measures(query, words, measure),
        measure=measure,
        measure_hint=_sentence_case(words(f"measure.{measure}.hint")),
        interval=words.percent(found.interval),
        switches=_switches(query, words, film, changes),
        change=change_text(words, changes, measure),
        undo=_undo(query, changes),
        keep=query.url(changes={"base": None}, fragment=ANSWER),
        similar=similar_films(serving, words, query, found),
        downloads=downloads("/audience", kept, words.language),
        compare=query.url("/compare", only=("lang", *AUDIENCE_FIELDS)),
        briefing=query.url("/briefing", only=("lang", *AUDIENCE_FIELDS)),
    )


def film_name(film: schemas.FilmRequest) -> str:
    """The film as it was described: its title, and the year if it has one."""
    return f"{film.title} ({film.year})" if film.year else film.title


def _genres(words: Translator, genres: Iterable[str]) -> str:
    """Genres in words, in the order of the list."""
    names = [words.genre(genre) for genre in genres]
    return ", ".join(names) or words("no_genres")


def _sentence_case(text: str) -> str:
    """With a capital first letter; names inside keep theirs."""
    return text[:1].upper() + text[1:]


def _changes(
    serving: LoadedRelease, query: Query, question: service.AudienceQuestion
) -> schemas.AudienceDifferences | None:
    """What a changed genre changes, if one was."""
    genres = base_genres(FormParser(query), serving.words)
    if genres is None or set(genres) == set(question.movie.genres):
        return None
    movie = msgspec.structs.replace(question.movie, genres=genres)
    return service.answer_difference(
        serving,
        service.DifferenceQuestion(replace(question, movie=movie), question),
    )


def target_text(
    words: Translator, found: schemas.Audiences
) -> tuple[str, tuple[str, ...]]:
    """The target in a sentence, and its groups where they are many."""
    groups = tuple(
        words.people(segment, found.by) for segment in found.target.segments
    )
    if not groups:
        return words("target.none"), ()
    if len(groups) > MAX_IN_SENTENCE:
        return words("target.many", n=words.number(len(groups))), groups
    return words("target.some", who=words.listed(list(groups))), ()


def turns_up_text(words: Translator, found: schemas.Audiences) -> str:
    """Who has most people beyond its usual share, and who else has more."""
    segments = sorted(
        (s for s in found.segments if s.n_users), key=_surplus, reverse=True
    )
    sure = [s for s in segments if s.reach_supported == "above"]
    most, *others = sure or segments
    told = words(
        "turns_up.some" if sure else "turns_up.none",
        who=words.people(most.segment),
        reach=words.percent(most.reach.value),
        index=words.number(most.reach_index.value),
        interval=heat.interval_text(words, "reach_index", most.reach_index),
    )
    if not sure or not others:
        return told
    return f"{told} {_also(words, others)}"


def _also(
    words: Translator, segments: Sequence[schemas.AudienceSegment]
) -> str:
    """The others that the map shows as more, or how many they are."""
    if len(segments) >= MAX_IN_SENTENCE:
        return words("turns_up.others", n=words.number(len(segments)))
    named = [
        words(
            "turns_up.one",
            who=words.people(segment.segment),
            index=words.number(segment.reach_index.value),
        )
        for segment in segments
    ]
    return words("turns_up.also", who=words.listed(named))


def _surplus(segment: schemas.AudienceSegment) -> float:
    """Share of the audience beyond the segment's usual share."""
    index = segment.reach_index.value
    return segment.reach.value * (1 - 100 / index) if index else -1.0


def _known(
    serving: LoadedRelease, query: Query, film: schemas.FilmRequest
) -> tuple[str, str] | None:
    """The known film of this title, of this year if one is given."""
    catalogue = serving.catalogue
    for row in catalogue.by_title.rows(film.title):
        if film.year in (None, catalogue.years[row]):
            title = display_title(catalogue.titles[row])
            return (
                f"{title} ({catalogue.years[row]})",
                query.url(
                    f"/films/{catalogue.movie_ids[row]}", only=("lang", "by")
                ),
            )
    return None


def _table(
    words: Translator, found: schemas.Audiences
) -> tuple[SegmentRow, ...]:
    return tuple(
        SegmentRow(
            who=words.people(segment.segment),
            cells=(
                words.percent(segment.reach.value),
                _with_interval(words, "reach_index", segment),
                words.percent(liking_of(segment)),
                _with_interval(words, "affinity", segment),
                words.number(segment.n_users),
            ),
            is_target=segment.is_target,
        )
        for segment in found.segments
    )


def _with_interval(
    words: Translator, measure: str, segment: schemas.AudienceSegment
) -> str:
    estimate = estimate_of(segment, measure)
    value = heat.value_text(words, measure, estimate.value)
    return f"{value} ({heat.interval_text(words, measure, estimate)})"


def _measures(
    query: Query, words: Translator, chosen: str
) -> tuple[Choice, ...]:
    def href(name: str) -> str:
        measure = None if name == MEASURES[0] else name
        return query.url(changes={"measure": measure}, fragment=ANSWER)

    return choices(
        words,
        MEASURES,
        chosen,
        text=lambda name: f"measure.{name}",
        href=href,
    )


def _switches(
    query: Query,
    words: Translator,
    film: schemas.FilmRequest,
    changes: schemas.AudienceDifferences | None,
) -> tuple[GenreSwitch, ...]:
    start = changes.movie.genres if changes else film.genres
    found = []
    known = words.vocabulary.genres
    for genre in known:
        is_on = genre in film.genres
        genres = [g for g in known if (g in film.genres) != (g == genre)]
        is_back = set(genres) == set(start)
        switched = {
            "film_genres": genres,
            "base": None if is_back else "|".join(start) or NO_GENRES,
        }
        found.append(
            GenreSwitch(
                name=words.genre(genre),
                href=query.url(changes=switched, fragment=ANSWER),
                is_on=is_on,
                is_changed=is_on != (genre in start),
            )
        )
    return tuple(found)


def change_text(
    words: Translator,
    changes: schemas.AudienceDifferences | None,
    measure: str,
) -> str:
    """The largest gain and loss that the data support, or that none is."""
    if changes is None:
        return ""
    told = words("change.before", before=_genres(words, changes.movie.genres))
    return f"{told} {largest_changes(words, changes, measure)}"


def largest_changes(
    words: Translator, changes: schemas.AudienceDifferences, measure: str
) -> str:
    """The largest gain and loss that the data support, or that none is."""
    sentences = []
    for key, direction in (("gain", "above"), ("loss", "below")):
        moved = [
            s for s in changes.segments if support_of(s, measure) == direction
        ]
        if moved:
            most = max(moved, key=lambda s: abs(estimate_of(s, measure).value))
            estimate = estimate_of(most, measure)
            sentences.append(
                words(
                    f"change.{key}",
                    who=words.people(most.segment),
                    value=words(
                        f"change.{measure}",
                        value=heat.change_text(words, measure, estimate.value),
                    ),
                    interval=heat.change_interval(words, measure, estimate),
                )
            )
    return " ".join(sentences) or words("change.none")


def _undo(query: Query, changes: schemas.AudienceDifferences | None) -> str:
    if changes is None:
        return ""
    back = {"film_genres": changes.movie.genres, "base": None}
    return query.url(changes=back, fragment=ANSWER)


def _assumes(words: Translator, found: schemas.Audiences) -> tuple[str, ...]:
    """What the answer rests on that the caller said of the film."""
    told = []
    if found.n_raters is not None:
        told.append(words.count("audience.raters", found.n_raters))
    if found.comparables:
        films = words.listed(
            [
                f"{film.display_title} ({film.year})"
                for film in found.comparables
            ]
        )
        told.append(words("audience.comparables", films=films))
    return tuple(told)


def by_choices(words: Translator) -> tuple[tuple[str, str], ...]:
    """The dimensions of segments: values of `by`, and names in words."""
    return tuple(
        (name, words(f"dimension.{name}"))
        for name in words.vocabulary.dimensions
    )
