"""Pages as HTML: what frames every page, and each page's own part."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2

from api import schemas, service
from api.pages import heat
from api.pages.assets import LINK_PICTURE, asset_address
from api.pages.audience_side import (
    AudienceSide,
    audience_side,
    by_choices,
)
from api.pages.compare_page import compare_view
from api.pages.film_list_page import ListTable, SentList, list_table
from api.pages.film_page import FilmView, film_view
from api.pages.films_side import FilmsSide, films_side
from api.pages.form_errors import error_messages
from api.pages.languages import LANGUAGES, TAGS, choose_language
from api.pages.links import Choice, choices
from api.pages.quality_page import quality_view
from api.pages.query import (
    AUDIENCE_FIELDS,
    FILMS_FIELDS,
    TASTE_FIELDS,
    Query,
)
from api.pages.tastes_page import tastes_view
from api.pages.translator import Translator, translator_of
from api.service import LoadedRelease
from api.service.limits import limits_of
from models_ml.errors import InvalidField
from models_ml.vocabulary import Vocabulary

SIDES: Final = ("films", "audience")
#: The address of the form for a list of films, whatever it was sent to.
FILM_LIST: Final = "/film-list"
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
    origin: str
    """Scheme and host that were asked, for links from elsewhere."""

    @classmethod
    def of(
        cls,
        path: str,
        query: Query,
        accept_language: str,
        vocabulary: Vocabulary,
        *,
        is_fragment: bool = False,
        origin: str = "",
    ) -> "PageRequest":
        """In the language that is asked for or accepted."""
        language = choose_language(query.one("lang"), accept_language)
        return cls(path, query, language, vocabulary, is_fragment, origin)

    @property
    def translator(self) -> Translator:
        """Of the language that is asked for."""
        return translator_of(self.language, self.vocabulary)

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
    description: str
    """The answer in a sentence or two, for a link to the page."""
    address: str
    """The page's own, whole and without blank fields."""
    picture: str
    """The whole address of what is shown beside a link to the page."""
    tag: str
    is_fragment: bool
    data: str
    """The kind of data that answers; of problems, which need none, empty."""
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
def options(translator: Translator) -> Options:
    """The options in a language, in order of their names there."""
    data = translator.vocabulary
    return Options(
        genders=tuple((g, translator.one_person(g)) for g in data.genders),
        people=tuple((g, translator.a_person(g)) for g in data.genders),
        occupations=translator.by_name("occupation", data.occupations),
        genres=translator.by_name("genre", data.genres),
        dimensions=by_choices(translator),
    )


def home_page(release: LoadedRelease, page_request: PageRequest) -> Rendered:
    """Films for a person or an audience for a film, as the query asks."""
    page_request = page_request.of_release(release)
    query, translator = page_request.query, page_request.translator
    side = side_of(query)
    films = films_side(release, query, translator) if side == "films" else None
    audience = None if films else audience_side(release, query, translator)
    wrong = films.errors if films else audience and audience.errors
    heading = translator(f"{side}.heading")
    if films and films.listings:
        heading = films.heading
    if audience and audience.answer:
        heading = translator("audience.of", film=audience.answer.film)
    title = f"{heading} – {translator('site')}"
    description = _answer_in_brief(films, audience)
    frame = _frame(release, page_request, title, side, description)
    return _render(
        "home.html",
        page_request,
        frame,
        400 if wrong else 200,
        films=films,
        audience=audience,
    )


def _answer_in_brief(
    films: FilmsSide | None, audience: AudienceSide | None
) -> str:
    """The first films, or the target; blank without an answer."""
    if films and films.listings:
        first = films.listings[0].cards[:3]
        return "; ".join(f"{card.rank}. {card.title}" for card in first)
    if audience and audience.answer:
        return " ".join(
            (audience.answer.target, "; ".join(audience.answer.target_groups))
        ).strip()
    return ""


def side_of(query: Query) -> str:
    """The side that a query names, or else the one that its fields ask."""
    side = query.one("side")
    if side in SIDES:
        return side
    is_of_a_film = query.has(AUDIENCE_FIELDS) and not query.has(FILMS_FIELDS)
    return "audience" if is_of_a_film else "films"


def _sides(
    query: Query, translator: Translator, chosen: str
) -> tuple[Choice, ...]:
    """The tabs; what the other question was stays in the address."""
    addresses = {
        **{side: query.url(changes={"side": side}) for side in SIDES},
        "tastes": query.url("/groups", only=("lang", *TASTE_FIELDS)),
        "quality": query.url("/quality", only=("lang",)),
    }
    return choices(
        translator,
        addresses,
        chosen,
        text=lambda name: f"nav.{name}",
        href=addresses.__getitem__,
        hints=False,
    )


def film_page(
    release: LoadedRelease, page_request: PageRequest, movie_id: int
) -> Rendered:
    """A known film, predicted beside actual; raises NotFound."""
    page_request = page_request.of_release(release)
    translator = page_request.translator
    film = film_view(release, page_request.query, translator, movie_id)
    title = translator("film.title", title=film.title)
    frame = _frame(
        release,
        page_request,
        f"{title} – {translator('site')}",
        description=_film_in_brief(translator, film),
    )
    return _render(
        "film.html",
        page_request,
        frame,
        400 if film.errors else 200,
        film=film,
    )


def _film_in_brief(translator: Translator, film: FilmView) -> str:
    """How many rated it, and what was predicted beside what came true."""
    columns = [
        translator(f"film.column.{name}").lower()
        for name in ("predicted", "actual")
    ]
    told = [
        f"{row.name}: {columns[0]} {row.predicted}, {columns[1]} {row.actual}"
        for row in film.compared
    ]
    return ". ".join((film.n_ratings, *told))


def tastes_page(release: LoadedRelease, page_request: PageRequest) -> Rendered:
    """How groups and genres hang together."""
    page_request = page_request.of_release(release)
    query, translator = page_request.query, page_request.translator
    tastes = tastes_view(release, query, translator)
    title = f"{translator('nav.tastes')} – {translator('site')}"
    frame = _frame(release, page_request, title, "tastes", tastes.lead)
    return _render(
        "tastes.html",
        page_request,
        frame,
        400 if tastes.errors else 200,
        tastes=tastes,
    )


def quality_page(
    release: LoadedRelease, page_request: PageRequest
) -> Rendered:
    """What was measured of the release, and what the data cannot say."""
    page_request = page_request.of_release(release)
    translator = page_request.translator
    title = f"{translator('quality.title')} – {translator('site')}"
    quality = quality_view(release, translator)
    frame = _frame(release, page_request, title, "quality", quality.learnt)
    return _render(
        "quality.html",
        page_request,
        frame,
        200,
        quality=quality,
        limits=limits_of(release.vocabulary),
    )


def compare_page(
    release: LoadedRelease, page_request: PageRequest
) -> Rendered:
    """Two films' audiences, and where they differ."""
    page_request = page_request.of_release(release)
    query, translator = page_request.query, page_request.translator
    compare = compare_view(release, query, translator)
    title = f"{translator('compare.title')} – {translator('site')}"
    return _render(
        "compare.html",
        page_request,
        _frame(release, page_request, title, "audience", compare.sentence),
        400 if compare.errors else 200,
        compare=compare,
    )


def briefing_page(
    release: LoadedRelease, page_request: PageRequest
) -> Rendered:
    """All that matters of one film's audience, on a sheet of A4."""
    page_request = page_request.of_release(release)
    query, translator = page_request.query, page_request.translator
    audience = audience_side(release, query, translator)
    film = (
        audience.answer.film
        if audience.answer
        else translator("briefing.title")
    )
    title = f"{translator('briefing.title')}: {film} – {translator('site')}"
    return _render(
        "briefing.html",
        page_request,
        _frame(
            release,
            page_request,
            title,
            "audience",
            _answer_in_brief(None, audience),
        ),
        400 if audience.errors else 200,
        audience=audience,
        limits=limits_of(release.vocabulary),
    )


def film_list_page(
    release: LoadedRelease,
    page_request: PageRequest,
    error: str = "",
    table: ListTable | None = None,
) -> Rendered:
    """The form for a list of films; its answer, or what was wrong with it."""
    page_request = replace(page_request.of_release(release), path=FILM_LIST)
    translator = page_request.translator
    title = f"{translator('list.title')} – {translator('site')}"
    lead = translator("list.lead")
    frame = _frame(release, page_request, title, "audience", lead)
    return _render(
        "film_list.html",
        page_request,
        frame,
        400 if error else 200,
        error=error,
        table=table,
    )


def answered_list_page(
    release: LoadedRelease, page_request: PageRequest, sent: SentList
) -> Rendered:
    """The answer to a list of films as a table; raises UnusableList."""
    translator = page_request.of_release(release).translator
    table = list_table(release, sent, translator)
    return film_list_page(release, page_request, table=table)


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
    status: str
    errors: dict[str, str]
    hidden: tuple[tuple[str, str], ...]


def search_page(release: LoadedRelease, page_request: PageRequest) -> Rendered:
    """Films of the data whose title has the words that are asked for."""
    page_request = page_request.of_release(release)
    query, translator = page_request.query, page_request.translator
    text = query.one("search") or ""
    items: tuple[schemas.Movie, ...] = ()
    errors: dict[str, str] = {}
    if len(text) > _MAX_SEARCH:
        allowed = f"at most {_MAX_SEARCH} characters"
        wrong = InvalidField("search", text, allowed)
        errors = error_messages(translator, wrong)
    else:
        items = service.search_movies(release, text, N_FOUND).items
    search = Search(
        films=tuple(
            Found(
                title=translator.film(item.display_title, item.year),
                year=item.year,
                genres=translator.genres(item.genres),
                n_ratings=translator.count("film.ratings", item.n_ratings),
                href=query.url(f"/films/{item.movie_id}", only=("lang",)),
            )
            for item in items
        ),
        status=_status(translator, text, len(items)) if not errors else "",
        errors=errors,
        hidden=query.without(("search",)),
    )
    title = f"{translator('search.heading')} – {translator('site')}"
    frame = _frame(release, page_request, title)
    return _render(
        "search.html",
        page_request,
        frame,
        400 if errors else 200,
        search=search,
    )


def _status(translator: Translator, text: str, n: int) -> str:
    if not text:
        return translator("search.first", n=translator.number(n))
    if not n:
        return translator("search.none")
    return translator.count("search.found", n)


@dataclass(frozen=True)
class Problem:
    """What went wrong, and a way on."""

    title: str
    help: str
    href: str
    link: str


def problem_page(page_request: PageRequest, kind: str) -> Rendered:
    """A page for a status (`404`, `404.film`, `503`); needs no release."""
    translator, query = page_request.translator, page_request.query
    home = query.url(only=("lang",))
    status = int(kind.partition(".")[0])
    again = status == 503
    problem = Problem(
        title=translator(f"error.{kind}"),
        help=translator(f"error.{kind}.help"),
        href=query.url(page_request.path) if again else home,
        link=translator("error.again" if again else "error.home"),
    )
    title = f"{problem.title} – {translator('site')}"
    frame = _frame(None, page_request, title)
    return _render(
        "problem.html", page_request, frame, status, problem=problem
    )


def _frame(
    release: LoadedRelease | None,
    page_request: PageRequest,
    title: str,
    side: str = "",
    description: str = "",
) -> Frame:
    query = page_request.query
    return Frame(
        path=page_request.path,
        title=title,
        description=description or page_request.translator("tagline"),
        address=page_request.origin + query.url(page_request.path),
        picture=page_request.origin
        + asset_address(f"link-{page_request.language}.png"),
        tag=TAGS[page_request.language],
        is_fragment=page_request.is_fragment,
        data=release.data_kind if release else "",
        release=release.version if release else "",
        unknown=", ".join((*query.unknown, *_unknown(query))),
        home=query.url(only=("lang",)),
        search=query.url("/films", only=("lang",)),
        languages={
            code: query.url(page_request.path, changes={"lang": code})
            for code in LANGUAGES
        },
        sides=_sides(query, page_request.translator, side),
    )


def _unknown(query: Query) -> list[str]:
    """What is not one of a few words, and is passed over."""
    translator = (("lang", LANGUAGES), ("side", SIDES))
    return [
        f"{name}={value}"
        for name, allowed in translator
        if (value := query.one(name)) is not None and value not in allowed
    ]


def _render(
    template: str,
    page_request: PageRequest,
    frame: Frame,
    status: int,
    **parts: Any,
) -> Rendered:
    html = (
        environment()
        .get_template(template)
        .render(
            page=frame,
            t=page_request.translator,
            query=page_request.query,
            options=options(page_request.translator),
            films=parts.pop("films", None),
            audience=parts.pop("audience", None),
            **parts,
        )
    )
    return Rendered(
        html=html,
        status=status,
        address=page_request.query.url(page_request.path),
        language=TAGS[page_request.language],
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
    made.globals["link_picture"] = LINK_PICTURE
    made.globals["colour_steps"] = heat.colour_steps
    return made
