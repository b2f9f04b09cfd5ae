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
from api.pages.similar import Similar, baseline_of, similar_films
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
    release: LoadedRelease, query: Query, translator: Translator
) -> AudienceSide:
    """The side that answers the query's question for an audience."""
    is_example = not query.has(FILM_FIELDS)
    is_cleared = not is_example and not query.one("title")
    is_cleared &= not query.has(FILM_FIELDS[1:])
    asked = query
    if is_example:
        asked = Query.parse(
            (
                *query.pairs,
                *example_film(release.vocabulary, translator.language),
            ),
            release.words,
        )
    errors: dict[str, str] = {}
    answer = None
    try:
        if not is_cleared:
            question = audience_question(release, asked)
            answer = _answer(release, asked, translator, question)
    except InvalidFields as error:
        errors = error_messages(translator, error)
    by = query.all("by") or DEFAULT_BY
    return AudienceSide(
        errors=errors,
        answer=answer,
        is_example=is_example,
        query=asked,
        genres=_genres(translator, asked.all("film_genres")),
        by=by,
        by_names=", ".join(
            name for key, name in by_choices(translator) if key in by
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
    """Asked for when no film is, so that the page opens on an answer."""
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
    release: LoadedRelease,
    query: Query,
    translator: Translator,
    question: service.AudienceQuestion,
) -> AudienceAnswer:
    answer = service.answer_audience(release, question)
    changes = _changes(release, query, question)
    measure = query.one("measure") or MEASURES[0]
    target, target_groups = target_text(translator, answer)
    film = question.movie
    kept = query.url("", only=AUDIENCE_FIELDS, changes={"base": None})
    return AudienceAnswer(
        film=film_name(film),
        target=target,
        target_groups=target_groups,
        has_target=bool(answer.target.segments),
        turns_up=turns_up_text(translator, answer),
        assumes=_assumes(translator, answer),
        warnings=tuple(
            translator.notice(notice.code, notice.values)
            for notice in answer.notices
        ),
        known=_known(release, query, film),
        map=audience_map(translator, answer, changes, measure),
        plot=audience_plot(translator, answer, measure),
        quadrant=audience_quadrant(translator, answer, measure),
        table=_table(translator, answer),
        columns=tuple(
            translator(f"column.{name}")
            for name in (
                "reach",
                "reach_index",
                "liking",
                "affinity",
                "people",
            )
        ),
        measures=_measures(query, translator, measure),
        measure=measure,
        measure_hint=_sentence_case(translator(f"measure.{measure}.hint")),
        interval=translator.percent(answer.interval),
        switches=_switches(query, translator, film, changes),
        change=change_text(translator, changes, measure),
        undo=_undo(query, changes),
        keep=query.url(changes={"base": None}, fragment=ANSWER),
        similar=similar_films(
            release,
            translator,
            query,
            answer.similar,
            baseline_of(release, answer),
        ),
        downloads=downloads("/audience", kept, translator.language),
        compare=query.url("/compare", only=("lang", *AUDIENCE_FIELDS)),
        briefing=query.url("/briefing", only=("lang", *AUDIENCE_FIELDS)),
    )


def film_name(film: schemas.FilmRequest) -> str:
    """The film as it was described: its title, and the year if it has one."""
    return f"{film.title} ({film.year})" if film.year else film.title


def _genres(translator: Translator, genres: Iterable[str]) -> str:
    return translator.genres(genres) or translator("no_genres")


def _sentence_case(text: str) -> str:
    """With a capital first letter; names inside keep theirs."""
    return text[:1].upper() + text[1:]


def _changes(
    release: LoadedRelease, query: Query, question: service.AudienceQuestion
) -> schemas.AudienceDifferences | None:
    """What a changed genre changes, if one was."""
    genres = base_genres(FormParser(query), release.words)
    if genres is None or set(genres) == set(question.movie.genres):
        return None
    movie = msgspec.structs.replace(question.movie, genres=genres)
    return service.answer_difference(
        release,
        service.DifferenceQuestion(replace(question, movie=movie), question),
    )


def target_text(
    translator: Translator, answer: schemas.Audiences
) -> tuple[str, tuple[str, ...]]:
    """The target in a sentence, and its groups where they are many."""
    groups = tuple(
        translator.people(segment, answer.by)
        for segment in answer.target.segments
    )
    if not groups:
        return translator("target.none"), ()
    if len(groups) > MAX_IN_SENTENCE:
        return translator(
            "target.many", n=translator.number(len(groups))
        ), groups
    return translator("target.some", who=translator.listed(list(groups))), ()


def turns_up_text(translator: Translator, answer: schemas.Audiences) -> str:
    """Who has most people beyond its baseline share, and who else has more."""
    segments = sorted(
        (s for s in answer.segments if s.n_users), key=_surplus, reverse=True
    )
    sure = [s for s in segments if s.reach_supported == "above"]
    most, *others = sure or segments
    told = translator(
        "turns_up.some" if sure else "turns_up.none",
        who=translator.people(most.segment),
        reach=translator.percent(most.reach.value),
        index=translator.number(most.reach_index.value),
        interval=heat.interval_text(
            translator, "reach_index", most.reach_index
        ),
    )
    if not sure or not others:
        return told
    return f"{told} {_also(translator, others)}"


def _also(
    translator: Translator, segments: Sequence[schemas.AudienceSegment]
) -> str:
    """The others that the map shows as more, or how many they are."""
    if len(segments) >= MAX_IN_SENTENCE:
        return translator(
            "turns_up.others", n=translator.number(len(segments))
        )
    named = [
        translator(
            "turns_up.one",
            who=translator.people(segment.segment),
            index=translator.number(segment.reach_index.value),
        )
        for segment in segments
    ]
    return translator("turns_up.also", who=translator.listed(named))


def _surplus(segment: schemas.AudienceSegment) -> float:
    """Share of the audience beyond the segment's baseline share."""
    index = segment.reach_index.value
    return segment.reach.value * (1 - 100 / index) if index else -1.0


def _known(
    release: LoadedRelease, query: Query, film: schemas.FilmRequest
) -> tuple[str, str] | None:
    """The known film of this title, of this year if one is given."""
    catalogue = release.catalogue
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
    translator: Translator, answer: schemas.Audiences
) -> tuple[SegmentRow, ...]:
    return tuple(
        SegmentRow(
            who=translator.people(segment.segment),
            cells=(
                translator.percent(segment.reach.value),
                _with_interval(translator, "reach_index", segment),
                translator.percent(liking_of(segment)),
                _with_interval(translator, "affinity", segment),
                translator.number(segment.n_users),
            ),
            is_target=segment.is_target,
        )
        for segment in answer.segments
    )


def _with_interval(
    translator: Translator, measure: str, segment: schemas.AudienceSegment
) -> str:
    estimate = estimate_of(segment, measure)
    return heat.value_and_interval(translator, measure, estimate)


def _measures(
    query: Query, translator: Translator, chosen: str
) -> tuple[Choice, ...]:
    def href(name: str) -> str:
        measure = None if name == MEASURES[0] else name
        return query.url(changes={"measure": measure}, fragment=ANSWER)

    return choices(
        translator,
        MEASURES,
        chosen,
        text=lambda name: f"measure.{name}",
        href=href,
    )


def _switches(
    query: Query,
    translator: Translator,
    film: schemas.FilmRequest,
    changes: schemas.AudienceDifferences | None,
) -> tuple[GenreSwitch, ...]:
    start = changes.movie.genres if changes else film.genres
    switches = []
    known = translator.vocabulary.genres
    for genre, name in translator.by_name("genre", known):
        is_on = genre in film.genres
        genres = [g for g in known if (g in film.genres) != (g == genre)]
        is_back = set(genres) == set(start)
        switched = {
            "film_genres": genres,
            "base": None if is_back else "|".join(start) or NO_GENRES,
        }
        switches.append(
            GenreSwitch(
                name=name,
                href=query.url(changes=switched, fragment=ANSWER),
                is_on=is_on,
                is_changed=is_on != (genre in start),
            )
        )
    return tuple(switches)


def change_text(
    translator: Translator,
    changes: schemas.AudienceDifferences | None,
    measure: str,
) -> str:
    """The largest gain and loss that the data support, or that none is."""
    if changes is None:
        return ""
    told = translator(
        "change.before",
        before=translator.genres_inside(changes.movie.genres)
        or translator("no_genres"),
    )
    return f"{told} {largest_changes(translator, changes, measure)}"


def largest_changes(
    translator: Translator, changes: schemas.AudienceDifferences, measure: str
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
                translator(
                    f"change.{key}",
                    who=translator.people(most.segment),
                    value=translator(
                        f"change.{measure}",
                        value=heat.change_text(
                            translator, measure, estimate.value
                        ),
                    ),
                    interval=heat.change_interval(
                        translator, measure, estimate
                    ),
                )
            )
    return " ".join(sentences) or translator("change.none")


def _undo(query: Query, changes: schemas.AudienceDifferences | None) -> str:
    if changes is None:
        return ""
    back = {"film_genres": changes.movie.genres, "base": None}
    return query.url(changes=back, fragment=ANSWER)


def _assumes(
    translator: Translator, answer: schemas.Audiences
) -> tuple[str, ...]:
    """What the answer rests on that the caller said of the film."""
    told = []
    if answer.n_raters is not None:
        told.append(translator.count("audience.raters", answer.n_raters))
    if answer.comparables:
        films = translator.listed(
            [
                f"{film.display_title} ({film.year})"
                for film in answer.comparables
            ]
        )
        told.append(translator("audience.comparables", films=films))
    return tuple(told)


def by_choices(translator: Translator) -> tuple[tuple[str, str], ...]:
    """The dimensions of segments: values of `by`, and names in words."""
    return tuple(
        (name, translator(f"dimension.{name}"))
        for name in translator.vocabulary.dimensions
    )
