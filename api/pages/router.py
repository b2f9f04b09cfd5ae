"""Routes of the pages for people, and of their answers as files.

Answers and HTML are both made on a scoring thread, off the event loop.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import CacheControlHeader, UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import (
    ClientException,
    HTTPException,
    NotFoundException,
)
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXConfig, HTMXPlugin, HTMXRequest

from api import schemas, service
from api.middleware.limits import UNLIMITED
from api.pages.assets import ASSETS
from api.pages.downloads import (
    EXCEL,
    audience_csv,
    film_audience_csv,
    films_csv,
    tastes_csv,
)
from api.pages.film_list_page import SentList, UnusableList, list_csv
from api.pages.forms import (
    FormParser,
    audience_question,
    dimensions,
    recommendation_question,
)
from api.pages.links import EXCEL_FIELD
from api.pages.page import (
    FILM_LIST,
    PageRequest,
    Rendered,
    answered_list_page,
    briefing_page,
    compare_page,
    film_list_page,
    film_page,
    home_page,
    problem_page,
    quality_page,
    search_page,
    tastes_page,
)
from api.pages.query import (
    AUDIENCE_FIELDS,
    COMPARISON_FIELDS,
    FILMS_FIELDS,
    TASTE_QUESTION,
    Query,
)
from api.pages.tastes_page import taste_question
from api.problems import (
    EXCEPTION_HANDLERS,
    RETRY_AFTER,
    problem_response,
)
from api.runtime.query_service import NotReady, QueryService
from api.runtime.scoring import Overloaded
from api.service.release import LoadedRelease
from models_ml.errors import InvalidField, InvalidFields
from models_ml.vocabulary import DEFAULT_BY
from models_ml.words import words_of

_Make = Callable[[LoadedRelease, PageRequest], Rendered]
_CSV: Final = "text/csv"
_JSON: Final = "application/json"
_FOREVER: Final = CacheControlHeader(
    public=True, max_age=365 * 24 * 3600, immutable=True
)


def read_page_request(request: HTMXRequest) -> PageRequest:
    """What a request asks, and how the answer is to be told."""
    query_service: QueryService = request.app.state.query_service
    vocabulary = query_service.vocabulary
    return PageRequest.of(
        request.url.path,
        Query.parse(request.query_params.items(), words_of(vocabulary)),
        request.headers.get("accept-language", ""),
        vocabulary,
        is_fragment=bool(request.htmx),
        origin=str(request.base_url).rstrip("/"),
    )


def html_response(page: Rendered, request: HTMXRequest) -> Response[str]:
    """A page; htmx is told the address without blank fields."""
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Language": page.language,
        "Vary": "Accept-Language, HX-Request",
    }
    if page.release:
        headers["X-Plateia-Release"] = page.release
    if page.status == 503:
        headers["Retry-After"] = str(RETRY_AFTER)
    if request.htmx:
        headers["HX-Push-Url"] = page.address
    return Response(
        page.html,
        status_code=page.status,
        media_type="text/html",
        headers=headers,
    )


def _not_found(
    request: Request[Any, Any, Any], error: Exception
) -> Response[Any]:
    if _is_file(request):
        return problem_response(request, 404, str(error))
    asked = HTMXRequest(request.scope)
    return html_response(
        problem_page(read_page_request(asked), "404.film"), asked
    )


def _not_ready(
    request: Request[Any, Any, Any], error: Exception
) -> Response[Any]:
    if _is_file(request):
        headers = {"Retry-After": str(RETRY_AFTER)}
        return problem_response(request, 503, str(error), headers=headers)
    asked = HTMXRequest(request.scope)
    return html_response(problem_page(read_page_request(asked), "503"), asked)


def unknown_address(
    request: Request[Any, Any, Any], error: NotFoundException
) -> Response[Any]:
    """What is told at an address that nothing serves: a page to a browser."""
    if "text/html" not in request.headers.get("accept", ""):
        told: Response[Any] = EXCEPTION_HANDLERS[HTTPException](request, error)
        return told
    asked = HTMXRequest(request.scope)
    return html_response(problem_page(read_page_request(asked), "404"), asked)


def _is_file(request: Request[Any, Any, Any]) -> bool:
    return request.url.path.endswith((".csv", ".json"))


def _page(path: str, make: _Make) -> HTTPRouteHandler:
    """The route of a page whose question is all in the query."""

    @get(path)
    async def show(
        query_service: NamedDependency[QueryService], request: HTMXRequest
    ) -> Response[str]:
        page = await query_service.compute(make, read_page_request(request))
        return html_response(page, request)

    return show


#: Pages whose question is all in the query, by their addresses.
PAGES: Final[dict[str, _Make]] = {
    "/": home_page,
    "/films": search_page,
    "/groups": tastes_page,
    "/quality": quality_page,
    "/compare": compare_page,
    "/briefing": briefing_page,
    FILM_LIST: film_list_page,
}


@get("/films/{movie_id:int}")
async def show_film(
    query_service: NamedDependency[QueryService],
    request: HTMXRequest,
    movie_id: FromPath[int],
) -> Response[str]:
    """A known film: predicted beside actual audience."""
    page = await query_service.compute(
        film_page, read_page_request(request), movie_id
    )
    return html_response(page, request)


async def _sent_list(
    request: HTMXRequest, page_request: PageRequest
) -> SentList:
    """The file, or the text of the one that was sent before.

    Raises UnusableList for what is too large, or no form.
    """
    translator = page_request.translator
    try:
        sent = await request.form()
    except RequestEntityTooLarge as error:
        limit = request.app.request_max_body_size
        most = limit // 1024 if isinstance(limit, int) else 0
        told = translator("list.too_large", most=translator.number(most))
        raise UnusableList(told) from error
    except ClientException as error:
        raise UnusableList(translator("list.unusable")) from error
    upload = sent.get("films")
    content = await upload.read() if isinstance(upload, UploadFile) else b""
    return SentList(
        content=content or str(sent.get("text", "")).encode(),
        by=tuple(str(name) for name in sent.getall("by", [])) or DEFAULT_BY,
        sort=str(sent.get("sort", "")),
    )


def _list_file(
    release: LoadedRelease, page_request: PageRequest, sent: SentList
) -> Response[bytes]:
    translator = page_request.of_release(release).translator
    table = list_csv(release, sent, EXCEL[page_request.language], translator)
    return Response(
        table.encode(),
        media_type=_CSV,
        headers={
            "Content-Disposition": 'attachment; filename="audiences.csv"',
            "X-Plateia-Release": release.version,
        },
    )


@post([f"{FILM_LIST}.html", f"{FILM_LIST}.csv"], status_code=200)
async def answer_film_list(
    query_service: NamedDependency[QueryService], request: HTMXRequest
) -> Response[Any]:
    """A list's audiences, as a table or a file; or what is wrong with it."""
    make: Callable[..., Rendered | Response[bytes]] = (
        _list_file if _is_file(request) else answered_list_page
    )
    page_request = read_page_request(request)
    try:
        sent = await _sent_list(request, page_request)
        answer = await query_service.compute(make, page_request, sent)
    except UnusableList as error:
        answer = await query_service.compute(
            film_list_page, page_request, str(error)
        )
    if isinstance(answer, Response):
        return answer
    return html_response(answer, request)


@get("/recommendations.json")
async def get_films_json(
    query_service: NamedDependency[QueryService], request: HTMXRequest
) -> Response[bytes]:
    """The films that the page shows, as the API answers."""
    return await _file(query_service, request, FILMS, _json)


@get("/recommendations.csv")
async def get_films_csv(
    query_service: NamedDependency[QueryService], request: HTMXRequest
) -> Response[bytes]:
    """The films that the page shows, as a table."""
    return await _file(query_service, request, FILMS, films_csv)


@get("/audience.json")
async def get_audience_json(
    query_service: NamedDependency[QueryService], request: HTMXRequest
) -> Response[bytes]:
    """The audience that the page shows, as the API answers."""
    return await _file(query_service, request, AUDIENCE, _json)


@get("/audience.csv")
async def get_audience_csv(
    query_service: NamedDependency[QueryService], request: HTMXRequest
) -> Response[bytes]:
    """The audience that the page shows, as a table."""
    return await _file(query_service, request, AUDIENCE, audience_csv)


@get("/tastes.csv")
async def get_tastes_csv(
    query_service: NamedDependency[QueryService], request: HTMXRequest
) -> Response[bytes]:
    """The tastes that the page shows, as a table; `/tastes` has the JSON."""
    return await _file(query_service, request, TASTES, tastes_csv)


@get("/films/{movie_id:int}/audience.json")
async def get_film_json(
    query_service: NamedDependency[QueryService],
    request: HTMXRequest,
    movie_id: FromPath[int],
) -> Response[bytes]:
    """A known film's audience, as the API answers."""
    return await _file(query_service, request, FILM, _json, movie_id)


@get("/films/{movie_id:int}/audience.csv")
async def get_film_csv(
    query_service: NamedDependency[QueryService],
    request: HTMXRequest,
    movie_id: FromPath[int],
) -> Response[bytes]:
    """A known film's audience, as a table."""
    return await _file(
        query_service, request, FILM, film_audience_csv, movie_id
    )


def _films(release: LoadedRelease, query: Query) -> schemas.Recommendations:
    question = recommendation_question(release, query)
    return service.answer_recommendation(release, question)


def _audience(release: LoadedRelease, query: Query) -> schemas.Audiences:
    question = audience_question(release, query)
    return service.answer_audience(release, question)


def _tastes(release: LoadedRelease, query: Query) -> schemas.Tastes:
    return service.tastes(release, taste_question(query, 0))


def _film(
    release: LoadedRelease, query: Query, movie_id: int
) -> schemas.MovieAudience:
    form = FormParser(query)
    by = dimensions(form, release.words)
    form.check()
    return service.movie(release, movie_id, by)


@dataclass(frozen=True)
class File:
    """An answer that can be had as a file."""

    name: str
    ask: Callable[..., schemas.Answer]
    """Of a release, a query, and what the path holds."""
    fields: tuple[str, ...]
    """Names that the query may hold."""


FILMS: Final = File(
    "films",
    _films,
    tuple(name for name in FILMS_FIELDS if name not in COMPARISON_FIELDS),
)
AUDIENCE: Final = File(
    "audience",
    _audience,
    tuple(name for name in AUDIENCE_FIELDS if name != "base"),
)
TASTES: Final = File("tastes", _tastes, TASTE_QUESTION)
FILM: Final = File("film", _film, ("by",))


def _json(answer: schemas.Answer) -> bytes:
    return msgspec.json.encode(answer)


async def _file(
    query_service: QueryService,
    request: HTMXRequest,
    file: File,
    write: Callable[..., str | bytes],
    *arguments: Any,
) -> Response[bytes]:
    pairs = list(request.query_params.items())
    kind = request.url.path.rpartition(".")[2]
    fields = (*file.fields, EXCEL_FIELD) if kind == "csv" else file.fields
    meant = f"one of {', '.join(fields)}"
    wrong = [
        InvalidField(name, value, meant)
        for name, value in pairs
        if name not in fields
    ]
    language = request.query_params.get(EXCEL_FIELD)
    if language not in (None, *EXCEL):
        wrong.append(
            InvalidField(EXCEL_FIELD, language, f"one of {', '.join(EXCEL)}")
        )
    if wrong:
        raise InvalidFields(wrong)
    if language:
        write = partial(write, form=EXCEL[language])

    def made(release: LoadedRelease) -> tuple[bytes, str]:
        query = Query.parse(pairs, release.words)
        answer = file.ask(release, query, *arguments)
        written = write(answer)
        content = written.encode() if isinstance(written, str) else written
        return content, answer.release

    content, release = await query_service.compute(made)
    number = "".join(f"-{argument}" for argument in arguments)
    name = f"plateia-{file.name}{number}.{kind}"
    return Response(
        content,
        media_type=_CSV if kind == "csv" else _JSON,
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "X-Plateia-Release": release,
        },
    )


@get(
    "/assets/{digest:str}/{name:str}",
    sync_to_thread=False,
    opt={UNLIMITED: True},
)
def get_asset(digest: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """A style sheet, a script or a picture."""
    asset = ASSETS.get(name)
    if asset is None:
        return Response(b"", status_code=404, media_type="text/plain")
    # An older page's address still gets the file, for now only.
    is_current = digest == asset.digest
    return Response(
        asset.content,
        media_type=asset.media_type,
        headers={
            "Cache-Control": _FOREVER.to_header()
            if is_current
            else "no-cache",
            "ETag": f'"{asset.digest}"',
        },
    )


pages_plugins: Final = (
    HTMXPlugin(HTMXConfig(set_request_class_globally=False)),
)
pages_router: Final = Router(
    path="/",
    route_handlers=[
        *(_page(path, make) for path, make in PAGES.items()),
        show_film,
        answer_film_list,
        get_films_json,
        get_films_csv,
        get_audience_json,
        get_audience_csv,
        get_tastes_csv,
        get_film_json,
        get_film_csv,
        get_asset,
    ],
    request_class=HTMXRequest,
    exception_handlers={
        service.NotFound: _not_found,
        NotReady: _not_ready,
        Overloaded: _not_ready,
    },
    include_in_schema=False,
)
