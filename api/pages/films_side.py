"""Films for a person: what that side of the page shows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from api import schemas, service
from api.pages.bars import Bar, stacked_bar
from api.pages.form_errors import error_messages
from api.pages.forms import (
    LIMITS,
    NOVELTIES,
    is_comparison,
    parse_rating,
    rating_text,
    recommendation_question,
)
from api.pages.links import Choice, Download, choices, downloads
from api.pages.query import (
    COMPARISON_FIELDS,
    FILMS_FIELDS,
    OTHER,
    PROFILE_FIELDS,
    Query,
)
from api.pages.slope import Slope, slope
from api.pages.taps import (
    N_TAPS,
    Change,
    Changes,
    Tile,
    answer_name,
    answer_text,
    changes,
    tiles,
)
from api.pages.translator import Translator
from api.service import LoadedRelease
from models_ml.errors import FieldErrors, InvalidFields
from models_ml.vocabulary import FILM_RANKINGS

DISTINCTIVE: Final = "distinctive"
#: Where the answer begins: addresses lead there.
ANSWER: Final = "films-answer"


@dataclass(frozen=True)
class Card:
    """A film of the list."""

    rank: str
    movie_id: int
    title: str
    year: int | None
    genres: str
    bar: Bar
    stars: str
    interest: str | None
    """None with ratings known, when it is no calibrated probability."""
    reason: str
    href: str
    is_shared: bool
    """In the other profile's list too."""
    change: Change | None


@dataclass(frozen=True)
class Listing:
    """The list of films for one profile."""

    heading: str
    rests_on: str
    differs: str
    ignored: tuple[str, ...]
    notices: tuple[str, ...]
    cards: tuple[Card, ...]
    n_candidates: str
    downloads: tuple[Download, ...]
    can_rate: bool


@dataclass(frozen=True)
class Chip:
    """A film that the person told of, and the address without it."""

    title: str
    rating: str
    name: str
    href: str


@dataclass(frozen=True)
class FilmsSide:
    """All of the side; `listings` is empty where fields are wrong."""

    errors: dict[str, str]
    heading: str
    """Whom the first list is for."""
    listings: tuple[Listing, ...]
    distinctive: Listing | None
    """Beside the list for the person: what sets the person apart."""
    in_both: str
    slope: Slope | None
    """Of two people's lists."""
    tiles: tuple[Tile, ...]
    """Films to ask about."""
    told: str
    """What the last answer changed."""
    chips: tuple[Chip, ...]
    clear: str
    rankings: tuple[Choice, ...]
    ranking: str
    ranking_hint: str
    limits: tuple[tuple[int, str], ...]
    """Lengths of lists that the form offers."""
    limit: int
    novelties: tuple[tuple[str, str], ...]
    """Of the lists that the form offers; empty: they have none."""
    is_filtered: bool
    is_compared: bool
    hidden: tuple[tuple[str, str], ...]
    """What the form passes on."""
    link: str


def films_side(
    release: LoadedRelease, query: Query, translator: Translator
) -> FilmsSide:
    """The side that answers the query's question for films."""
    compared = is_comparison(query)
    errors: dict[str, str] = {}
    listings: tuple[Listing, ...] = ()
    asked: tuple[Tile, ...] = ()
    chips: tuple[Chip, ...] = ()
    changed = Changes()
    limit = LIMITS[0]
    distinctive: Listing | None = None
    in_both = ""
    drawn: Slope | None = None
    try:
        questions = _questions(release, query, compared)
        limit = questions[0].limit
        answers = [
            service.answer_recommendation(release, question)
            for question in questions
        ]
        asked = tiles(translator, answers[0].questions)
        changed = changes(release, query, translator, questions[0], answers[0])
        chips = _chips(release, query, translator)
        listings, in_both = _listings(query, translator, answers, changed)
        if compared:
            drawn = slope(translator, *(answer.items for answer in answers))
        else:
            distinctive = _distinctive(
                release, query, translator, questions[0]
            )
    except InvalidFields as error:
        errors = error_messages(translator, error)
    return FilmsSide(
        errors=errors,
        heading=listings[0].heading if listings else "",
        listings=listings,
        distinctive=distinctive,
        in_both=in_both,
        slope=drawn,
        tiles=asked,
        told=changed.sentence,
        chips=chips,
        clear=query.url(changes={"rated": None}, fragment=ANSWER),
        rankings=_rankings(query, translator),
        ranking=_ranking(query, translator),
        ranking_hint=_ranking(query, translator, ".hint"),
        limits=tuple((n, str(n)) for n in sorted({*LIMITS, limit})),
        limit=limit,
        novelties=_novelties(query, translator),
        is_filtered=query.has(
            ("genres", "year_from", "year_to", "novelty", "sequels")
        ),
        is_compared=compared,
        hidden=_hidden(query),
        link=query.url(only=("lang", *FILMS_FIELDS), changes=_alone(query)),
    )


def _alone(query: Query) -> dict[str, str | None]:
    return {"side": "films", "lang": query.one("lang")}


def _hidden(query: Query) -> tuple[tuple[str, str], ...]:
    """What the form's own controls do not send."""
    own = (
        *PROFILE_FIELDS,
        *COMPARISON_FIELDS,
        "genres",
        "year_from",
        "year_to",
        "limit",
        "novelty",
        "sequels",
    )
    return query.without(own)


def _questions(
    release: LoadedRelease, query: Query, compared: bool
) -> list[service.RecommendationQuestion]:
    """The one question, or both; raises InvalidFields.

    The first person is also asked about films.
    """
    errors = FieldErrors()
    questions = [
        errors.attempt(recommendation_question, release, query, prefix)
        for prefix in ("", OTHER)[: 1 + compared]
    ]
    errors.check()
    first, *other = [question for question in questions if question]
    return [replace(first, n_questions=N_TAPS), *other]


def _distinctive(
    release: LoadedRelease,
    query: Query,
    translator: Translator,
    question: service.RecommendationQuestion,
) -> Listing | None:
    """The list of what sets the person apart; None where nothing does."""
    if question.rank_by != FILM_RANKINGS[0]:
        return None
    answer = service.answer_recommendation(
        release,
        replace(question, rank_by=DISTINCTIVE, novelty=0.0, n_questions=0),
    )
    if not answer.rests_on.segment and not question.known:
        return None
    marks = _Marks(set(), {})
    kept = query.without(("rank_by", "novelty"))
    beside = Query((*kept, ("rank_by", DISTINCTIVE)))
    return _listing(beside, translator, answer, marks, "")


def _listings(
    query: Query,
    translator: Translator,
    answers: list[schemas.Recommendations],
    changed: Changes,
) -> tuple[tuple[Listing, ...], str]:
    lists = [
        {item.catalogue_id for item in answer.items} for answer in answers
    ]
    shared = lists[0] & lists[1] if len(lists) == 2 else set()
    in_both = ""
    if len(lists) == 2:
        in_both = translator.count("films.in_both", len(shared))
    return tuple(
        _listing(
            query,
            translator,
            answer,
            _Marks(shared, {} if k else changed.of_film or {}),
            OTHER if k else "",
        )
        for k, answer in enumerate(answers)
    ), in_both


@dataclass(frozen=True)
class _Marks:
    """What is marked in a list, by the film's id."""

    shared: set[int]
    changed: Mapping[int, Change]


def _listing(
    query: Query,
    translator: Translator,
    answer: schemas.Recommendations,
    marks: _Marks,
    prefix: str,
) -> Listing:
    segment = answer.rests_on.segment
    who = translator.people(segment)
    return Listing(
        heading=translator("films.list", who=who)
        if segment
        else translator("films.list_all"),
        rests_on=_rests_on(translator, answer.rests_on),
        differs=_differs(translator, answer),
        ignored=tuple(_ignored(translator, part) for part in answer.ignored),
        notices=tuple(
            translator.notice(notice.code, notice.values)
            for notice in answer.notices
        ),
        cards=tuple(
            _card(
                query, translator, item, marks, is_told=bool(_n_told(answer))
            )
            for item in answer.items
        ),
        n_candidates=translator.count("films.candidates", answer.n_candidates),
        downloads=_downloads(query, prefix, translator.language),
        can_rate=not prefix,
    )


def _ignored(translator: Translator, part: schemas.Ignored) -> str:
    """What was not used, and why."""
    name = part.field.rpartition(".")[2]
    return translator(
        "ignored",
        field=translator(f"field.{name}"),
        value=part.value,
        reason=translator.notice(part.code, part.values),
    )


def _rests_on(translator: Translator, group: schemas.Group) -> str:
    if not group.segment:
        return translator.count("films.rests_on_all", group.n_users)
    who = translator.people(group.segment)
    if not group.n_users:
        return translator("films.rests_on_none", who=who)
    return translator.count("films.rests_on", group.n_users, who=who)


def _n_told(answer: schemas.Recommendations) -> int:
    """Films of which the person told something."""
    return answer.n_ratings_used + answer.n_not_seen_used


def _differs(translator: Translator, answer: schemas.Recommendations) -> str:
    if not answer.rests_on.segment and not _n_told(answer):
        return translator("films.same")
    differs = answer.differs_from_everyone
    return translator(
        "films.differ",
        k=translator.number(differs.n_different),
        n=translator.number(differs.n_items),
    )


def _card(
    query: Query,
    translator: Translator,
    item: schemas.Suggestion,
    marks: _Marks,
    *,
    is_told: bool,
) -> Card:
    return Card(
        rank=translator.number(item.rank),
        movie_id=item.catalogue_id,
        title=translator.film(item.display_title, item.year),
        year=item.year,
        genres=translator.genres(item.genres),
        bar=stacked_bar(
            translator, [p.probability for p in item.probabilities]
        ),
        stars=translator.number(item.expected_stars, 1),
        interest=None if is_told else translator.percent(item.interest),
        reason=_reason(translator, item.evidence),
        href=query.url(f"/films/{item.catalogue_id}", only=("lang",)),
        is_shared=item.catalogue_id in marks.shared,
        change=marks.changed.get(item.catalogue_id),
    )


def _reason(translator: Translator, evidence: schemas.Evidence) -> str:
    near, everyone = evidence.segment, evidence.everyone
    if not everyone.n_ratings:
        return translator("reason.none")
    baseline = translator.percent(_liked(everyone))
    if near.dimension == "everyone":
        return translator.count(
            "reason.everyone", everyone.n_ratings, liked=baseline
        )
    return translator(
        "reason.segment",
        liked=translator.percent(_liked(near)),
        n=translator.number(near.n_ratings),
        who=translator.people_of_counts(near.dimension, near.level),
        baseline=baseline,
    )


def _liked(counts: schemas.Counts) -> float:
    return (counts.n_liked + counts.n_loved) / (counts.n_ratings or 1)


def _downloads(
    query: Query, prefix: str, language: str
) -> tuple[Download, ...]:
    kept = query.url(
        "",
        only=[n for n in FILMS_FIELDS if n not in COMPARISON_FIELDS],
    )
    if prefix:
        values = {name: query.one(prefix + name) for name in PROFILE_FIELDS}
        kept = query.url(
            "",
            only=(
                "genres",
                "year_from",
                "year_to",
                "limit",
                "rank_by",
                "novelty",
                "sequels",
            ),
            changes=values,
        )
    return downloads("/recommendations", kept, language)


def _chips(
    release: LoadedRelease, query: Query, translator: Translator
) -> tuple[Chip, ...]:
    """The films that the address tells of, all of them understood."""
    catalogue = release.catalogue
    parsed = [parse_rating("rated", text) for text in query.all("rated")]
    rated = {rating.catalogue_id: rating for rating in parsed}
    chips = []
    for movie_id, rating in rated.items():
        others = [
            rating_text(other)
            for other in rated.values()
            if other.catalogue_id != movie_id
        ]
        chips.append(
            Chip(
                title=translator.film(
                    catalogue.titles[catalogue.index[movie_id]],
                    catalogue.years[catalogue.index[movie_id]],
                ),
                rating=answer_text(translator, rating),
                name=answer_name(rating),
                href=query.url(changes={"rated": others}, fragment=ANSWER),
            )
        )
    return tuple(chips)


def _ranking(query: Query, translator: Translator, suffix: str = "") -> str:
    """The name of the list's order; blank where the address has none."""
    chosen = query.one("rank_by") or FILM_RANKINGS[0]
    return (
        translator(f"rank.{chosen}{suffix}") if chosen in FILM_RANKINGS else ""
    )


def _novelties(
    query: Query, translator: Translator
) -> tuple[tuple[str, str], ...]:
    if (query.one("rank_by") or FILM_RANKINGS[0]) != FILM_RANKINGS[0]:
        return ()
    return tuple(
        (key, translator(f"novelty.{key or '0'}")) for key in NOVELTIES
    )


def _rankings(query: Query, translator: Translator) -> tuple[Choice, ...]:
    def href(name: str) -> str:
        changes: dict[str, str | None] = {"rank_by": None}
        if name != FILM_RANKINGS[0]:  # only the first has a novelty
            changes = {"rank_by": name, "novelty": None}
        return query.url(changes=changes, fragment=ANSWER)

    chosen = query.one("rank_by") or FILM_RANKINGS[0]
    return choices(
        translator,
        FILM_RANKINGS,
        chosen,
        text=lambda name: f"rank.{name}",
        href=href,
    )
