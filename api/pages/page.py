"""Pages as HTML: what frames every page, and each page's own part."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2

from api import schemas, service
from api.pages import heat
from api.pages.assets import asset_address
from api.pages.audience_side import audience_side, by_choices
from api.pages.compare_page import compare_view
from api.pages.film_page import film_view
from api.pages.films_side import films_side
from api.pages.form_errors import error_messages
from api.pages.languages import LANGUAGES, TAGS, choose_language
from api.pages.links import Choice, choices
from api.pages.quality_page import LIMITS, quality_view
from api.pages.query import (
    AUDIENCE_FIELDS,
    FILMS_FIELDS,
    TASTE_FIELDS,
    Query,
)
from api.pages.tastes_page import tastes_view
from api.pages.translator import Translator, translator
from api.service import LoadedRelease
from models_ml.errors import InvalidField
from models_ml.vocabulary import Vocabulary
from models_ml.words import plain

SIDES: Final = ("films", "audience")
#: Films that a search shows.
N_FOUND: Final = 50
_MAX_SEARCH: Final = 200


@dataclass(frozen=True)
class PageRequest:
    """What is asked, and how the answer is to be told."""

    path: str
    query: Query
    language: str
    vocabulary: Vocabulary
    """Of the release that answers, or that served last."""
    is_fragment: bool
    """Asked by htmx: the body's part is enough."""

    @classmethod
    def of(
        cls,
        path: str,
        query: Query,
        accept_language: str,
        vocabulary: Vocabulary,
        is_fragment: bool = False,
    ) -> "PageRequest":
        """The visit, in the language that is asked for or accepted."""
        language = choose_language(query.one("lang"), accept_language)
        return cls(path, query, language, vocabulary, is_fragment)

    @property
    def words(self) -> Translator:
        """The visit's language."""
        return translator(self.language, self.vocabulary)

    def of_release(self, release: LoadedRelease) -> "PageRequest":
        """The same, understood in the words of the release that answers."""
        return replace(
            self,
            vocabulary=release.vocabulary,
            query=replace(
                Query.parse(self.query.pairs, release.words),
                unknown=self.query.unknown,
            ),
        )


@dataclass(frozen=True)
class Rendered:
    """A page as HTML."""

    html: str
    status: int
    address: str
    """The page's own, blank fields left out."""
    language: str
    release: str | None = None


@dataclass(frozen=True)
class Frame:
    """What stands around every page's own part."""

    path: str
    title: str
    tag: str
    is_fragment: bool
    is_generated: bool
    release: str
    unknown: str
    home: str
    search: str
    languages: dict[str, str]
    sides: tuple[Choice, ...]


@dataclass(frozen=True)
class Options:
    """What selects and check boxes offer: values, and names in words."""

    genders: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    """The genders as a sentence has them: a woman, a man."""
    occupations: tuple[tuple[str, str], ...]
    genres: tuple[tuple[str, str], ...]
    dimensions: tuple[tuple[str, str], ...]


@cache
def options(words: Translator) -> Options:
    """The options in a language, in order of their names there."""
    data = words.vocabulary
    occupations = [(o, words.level("occupation", o)) for o in data.occupations]
    genres = [(genre, words.genre(genre)) for genre in data.genres]
    return Options(
        genders=tuple((g, words.one_person(g)) for g in data.genders),
        people=tuple((g, words.a_person(g)) for g in data.genders),
        occupations=tuple(sorted(occupations, key=_by_name)),
        genres=tuple(sorted(genres, key=_by_name)),
        dimensions=by_choices(words),
    )


def _by_name(option: tuple[str, str]) -> str:
    """Accents make no difference to where a reader looks."""
    return plain(option[1])


def home_page(serving: LoadedRelease, visit: PageRequest) -> Rendered:
    """Films for a person or an audience for a film, as the query asks."""
    visit = visit.of_release(serving)
    query, words = visit.query, visit.words
    side = side_of(query)
    films = films_side(serving, query, words) if side == "films" else None
    audience = None if films else audience_side(serving, query, words)
    wrong = films.errors if films else audience and audience.errors
    heading = words(f"{side}.heading")
    if films and films.listings:
        heading = films.heading
    if audience and audience.answer:
        heading = words("audience.of", film=audience.answer.film)
    frame = _frame(serving, visit, f"{heading} – {words('site')}", side)
    return _render(
        "home.html",
        visit,
        frame,
        400 if wrong else 200,
        films=films,
        audience=audience,
    )


def side_of(query: Query) -> str:
    """The side that a query names, or else the one that its fields ask."""
    side = query.one("side")
    if side in SIDES:
        return side
    is_of_a_film = query.has(AUDIENCE_FIELDS) and not query.has(FILMS_FIELDS)
    return "audience" if is_of_a_film else "films"


def _sides(query: Query, words: Translator, chosen: str) -> tuple[Choice, ...]:
    """The tabs; what the other question was stays in the address."""
    addresses = {
        **{side: query.url(changes={"side": side}) for side in SIDES},
        "tastes": query.url("/groups", only=("lang", *TASTE_FIELDS)),
        "quality": query.url("/quality", only=("lang",)),
    }
    return choices(
        words,
        addresses,
        chosen,
        text=lambda name: f"nav.{name}",
        href=addresses.__getitem__,
        hints=False,
    )


def film_page(
    serving: LoadedRelease, visit: PageRequest, movie_id: int
) -> Rendered:
    """A known film, predicted beside actual; raises NotFound."""
    visit = visit.of_release(serving)
    words = visit.words
    film = film_view(serving, visit.query, words, movie_id)
    title = words("film.title", title=film.title)
    frame = _frame(serving, visit, f"{title} – {words('site')}")
    return _render(
        "film.html", visit, frame, 400 if film.errors else 200, film=film
    )


def tastes_page(serving: LoadedRelease, visit: PageRequest) -> Rendered:
    """How groups and genres hang together."""
    visit = visit.of_release(serving)
    query, words = visit.query, visit.words
    tastes = tastes_view(serving, query, words)
    title = f"{words('nav.tastes')} – {words('site')}"
    frame = _frame(serving, visit, title, "tastes")
    return _render(
        "tastes.html",
        visit,
        frame,
        400 if tastes.errors else 200,
        tastes=tastes,
    )


def quality_page(serving: LoadedRelease, visit: PageRequest) -> Rendered:
    """What was measured of the release, and what the data cannot say."""
    visit = visit.of_release(serving)
    words = visit.words
    title = f"{words('quality.title')} – {words('site')}"
    frame = _frame(serving, visit, title, "quality")
    quality = quality_view(serving, words)
    return _render(
        "quality.html", visit, frame, 200, quality=quality, limits=LIMITS
    )


def compare_page(serving: LoadedRelease, visit: PageRequest) -> Rendered:
    """Two films' audiences, and where they differ."""
    visit = visit.of_release(serving)
    query, words = visit.query, visit.words
    compare = compare_view(serving, query, words)
    title = f"{words('compare.title')} – {words('site')}"
    return _render(
        "compare.html",
        visit,
        _frame(serving, visit, title, "audience"),
        400 if compare.errors else 200,
        compare=compare,
    )


def briefing_page(serving: LoadedRelease, visit: PageRequest) -> Rendered:
    """All that matters of one film's audience, on a sheet of A4."""
    visit = visit.of_release(serving)
    query, words = visit.query, visit.words
    audience = audience_side(serving, query, words)
    film = audience.answer.film if audience.answer else words("briefing.title")
    title = f"{words('briefing.title')}: {film} – {words('site')}"
    return _render(
        "briefing.html",
        visit,
        _frame(serving, visit, title, "audience"),
        400 if audience.errors else 200,
        audience=audience,
        limits=LIMITS,
    )


def film_list_page(
    serving: LoadedRelease, visit: PageRequest, error: str = ""
) -> Rendered:
    """The form for a list of films, and what was wrong with one."""
    visit = visit.of_release(serving)
    words = visit.words
    title = f"{words('list.title')} – {words('site')}"
    frame = _frame(serving, visit, title, "audience")
    status = 400 if error else 200
    return _render("film_list.html", visit, frame, status, error=error)


@dataclass(frozen=True)
class Found:
    """A film that a search found."""

    title: str
    year: int | None
    genres: str
    n_ratings: str
    href: str


@dataclass(frozen=True)
class Search:
    """A search for films by words of their title."""

    films: tuple[Found, ...]
    found: str
    errors: dict[str, str]
    hidden: tuple[tuple[str, str], ...]


def search_page(serving: LoadedRelease, visit: PageRequest) -> Rendered:
    """Films of the data whose title has the words that are asked for."""
    visit = visit.of_release(serving)
    query, words = visit.query, visit.words
    text = query.one("search") or ""
    items: tuple[schemas.Movie, ...] = ()
    errors: dict[str, str] = {}
    if len(text) > _MAX_SEARCH:
        allowed = f"at most {_MAX_SEARCH} characters"
        wrong = InvalidField("search", text, allowed)
        errors = error_messages(words, wrong)
    else:
        items = service.search_movies(serving, text, N_FOUND).items
    search = Search(
        films=tuple(
            Found(
                title=words.film(item.display_title, item.year),
                year=item.year,
                genres=", ".join(words.genre(g) for g in item.genres),
                n_ratings=words.count("film.ratings", item.n_ratings),
                href=query.url(f"/films/{item.movie_id}", only=("lang",)),
            )
            for item in items
        ),
        found=_found(words, text, len(items)) if not errors else "",
        errors=errors,
        hidden=query.without(("search",)),
    )
    title = f"{words('search.heading')} – {words('site')}"
    frame = _frame(serving, visit, title)
    return _render(
        "search.html", visit, frame, 400 if errors else 200, search=search
    )


def _found(words: Translator, text: str, n: int) -> str:
    if not text:
        return words("search.first", n=words.number(n))
    if not n:
        return words("search.none")
    return words.count("search.found", n)


@dataclass(frozen=True)
class Problem:
    """What went wrong, and a way on."""

    title: str
    help: str
    href: str
    link: str


def problem_page(visit: PageRequest, kind: str) -> Rendered:
    """A page for a status (`404`, `404.film`, `503`); needs no release."""
    words, query = visit.words, visit.query
    home = query.url(only=("lang",))
    status = int(kind.partition(".")[0])
    again = status == 503
    problem = Problem(
        title=words(f"error.{kind}"),
        help=words(f"error.{kind}.help"),
        href=query.url(visit.path) if again else home,
        link=words("error.again" if again else "error.home"),
    )
    title = f"{problem.title} – {words('site')}"
    frame = _frame(None, visit, title)
    return _render("problem.html", visit, frame, status, problem=problem)


def _frame(
    serving: LoadedRelease | None,
    visit: PageRequest,
    title: str,
    side: str = "",
) -> Frame:
    query = visit.query
    return Frame(
        path=visit.path,
        title=title,
        tag=TAGS[visit.language],
        is_fragment=visit.is_fragment,
        is_generated=bool(serving and serving.data_generated),
        release=serving.version if serving else "",
        unknown=", ".join((*query.unknown, *_unknown(query))),
        home=query.url(only=("lang",)),
        search=query.url("/films", only=("lang",)),
        languages={
            code: query.url(visit.path, changes={"lang": code})
            for code in LANGUAGES
        },
        sides=_sides(query, visit.words, side),
    )


def _unknown(query: Query) -> list[str]:
    """What is not one of a few words, and is passed over."""
    words = (("lang", LANGUAGES), ("side", SIDES))
    return [
        f"{name}={value}"
        for name, allowed in words
        if (value := query.one(name)) is not None and value not in allowed
    ]


def _render(
    template: str, visit: PageRequest, frame: Frame, status: int, **parts: Any
) -> Rendered:
    html = (
        environment()
        .get_template(template)
        .render(
            page=frame,
            t=visit.words,
            query=visit.query,
            options=options(visit.words),
            films=parts.pop("films", None),
            audience=parts.pop("audience", None),
            **parts,
        )
    )
    return Rendered(
        html=html,
        status=status,
        address=visit.query.url(visit.path),
        language=TAGS[visit.language],
        release=frame.release or None,
    )


@cache
def environment() -> jinja2.Environment:
    """Jinja's environment; templates are compiled once."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.globals["asset"] = asset_address
    made.globals["colour_steps"] = heat.colour_steps
    return made
