"""Two films' audiences beside each other, and where they differ."""

from dataclasses import dataclass
from typing import Final

from api import schemas, service
from api.pages import heat
from api.pages.audience_pictures import estimate_of, support_of
from api.pages.audience_side import (
    FILM_FIELDS,
    example_film,
    example_genres,
    film_name,
    largest_changes,
    target_text,
    turns_up_text,
)
from api.pages.form_errors import error_messages
from api.pages.forms import audience_question
from api.pages.links import Choice, choices
from api.pages.plots import (
    Interval,
    IntervalPlot,
    Scale,
    interval_plot,
    points_scale,
)
from api.pages.query import (
    OTHER,
    OTHER_FILM_FIELDS,
    Query,
)
from api.pages.translator import Translator
from api.service import LoadedRelease
from models_ml.errors import InvalidField, InvalidFields
from models_ml.vocabulary import DEFAULT_BY, MEASURES

#: The second film, where none is asked for.
OTHER_EXAMPLE: Final = {
    "en": "The Last Comet",
    "pt": "O Último Cometa",
}
#: Groups that are drawn, those first of which the data support a difference.
MAX_ROWS: Final = 30


@dataclass(frozen=True)
class FilmAudience:
    """One of the two films, in a few sentences."""

    name: str
    target: str
    groups: tuple[str, ...]
    turns_up: str


@dataclass(frozen=True)
class CompareView:
    """All of the page below its head."""

    query: Query
    errors: dict[str, str]
    by: tuple[str, ...]
    hidden: tuple[tuple[str, str], ...]
    measures: tuple[Choice, ...]
    films: tuple[FilmAudience, ...]
    sentence: str
    plot: IntervalPlot | None


def compare_view(
    release: LoadedRelease, query: Query, translator: Translator
) -> CompareView:
    """The answer to both films, or what is wrong with them."""
    asked = _with_examples(release, query, translator.language)
    measure = asked.one("measure") or MEASURES[0]
    errors: dict[str, str] = {}
    films: tuple[FilmAudience, ...] = ()
    sentence, plot = "", None
    try:
        one, other = _questions(release, asked)
    except InvalidFields as error:
        errors = error_messages(translator, error)
    else:
        films = tuple(
            _film(release, translator, film) for film in (one, other)
        )
        changes = service.answer_difference(
            release, service.DifferenceQuestion(one, other)
        )
        sentence = largest_changes(translator, changes, measure)
        plot = _plot(translator, changes, measure)
    return CompareView(
        query=asked,
        errors=errors,
        by=asked.all("by") or DEFAULT_BY,
        hidden=asked.without((*FILM_FIELDS, *OTHER_FILM_FIELDS, "by", "base")),
        measures=choices(
            translator,
            MEASURES,
            measure,
            text=lambda name: f"measure.{name}",
            href=lambda name: asked.url("/compare", {"measure": name}),
        ),
        films=films,
        sentence=sentence,
        plot=plot,
    )


def _with_examples(
    release: LoadedRelease, query: Query, language: str
) -> Query:
    vocabulary = release.vocabulary
    pairs = list(query.pairs)
    if not query.has(FILM_FIELDS):
        pairs += example_film(vocabulary, language)
    if not query.has(OTHER_FILM_FIELDS):
        pairs += [
            (f"{OTHER}title", OTHER_EXAMPLE[language]),
            (f"{OTHER}year", "2000"),
            *(
                (f"{OTHER}{field}", name)
                for field, name in example_genres(
                    vocabulary, ("Action", "Sci-Fi")
                )
            ),
        ]
    return Query.parse(pairs, release.words)


def _questions(
    release: LoadedRelease, query: Query
) -> tuple[service.AudienceQuestion, service.AudienceQuestion]:
    """Both questions; raises all that is wrong with either."""
    shared = [pair for pair in query.pairs if pair[0] in ("by", "measure")]
    second = Query.parse(
        [
            *shared,
            *(
                (name.removeprefix(OTHER), value)
                for name, value in query.pairs
                if name in OTHER_FILM_FIELDS
            ),
        ],
        release.words,
    )
    wrong: list[InvalidField] = []
    answers = []
    for asked, prefix in ((query, ""), (second, OTHER)):
        try:
            answers.append(audience_question(release, asked))
        except InvalidFields as error:
            wrong += [
                InvalidField(
                    e.field
                    if e.field in ("by", "measure")
                    else prefix + e.field,
                    e.value,
                    e.allowed,
                )
                for e in error.errors
            ]
    if wrong:
        raise InvalidFields(wrong)
    return answers[0], answers[1]


def _film(
    release: LoadedRelease,
    translator: Translator,
    question: service.AudienceQuestion,
) -> FilmAudience:
    answer = service.answer_audience(release, question)
    target, groups = target_text(translator, answer)
    return FilmAudience(
        name=film_name(question.movie),
        target=target,
        groups=groups,
        turns_up=turns_up_text(translator, answer),
    )


def _plot(
    translator: Translator, changes: schemas.AudienceDifferences, measure: str
) -> IntervalPlot:
    """Groups by the difference, the largest gain first."""
    segments = [s for s in changes.segments if s.n_users][:MAX_ROWS]
    segments.sort(key=lambda s: -estimate_of(s, measure).value)
    rows = []
    for segment in segments:
        estimate = estimate_of(segment, measure)
        is_supported = support_of(segment, measure) != "none"
        rows.append(
            Interval(
                name=translator.people(segment.segment),
                value=estimate.value,
                low=estimate.low,
                high=estimate.high,
                is_supported=is_supported,
                text=heat.change_text(translator, measure, estimate.value),
                details=heat.change_sentence(
                    translator, measure, estimate, is_supported=is_supported
                ),
            )
        )
    name = translator(f"compare.axis.{measure}")
    if measure == "reach_index":
        return interval_plot(rows, Scale(name, 0.0, translator.signed))
    return interval_plot(rows, points_scale(translator, name))
