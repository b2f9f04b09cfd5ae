"""What every route that answers GET says."""

from typing import Final
from urllib.parse import quote, urlsplit

from litestar import Litestar
from litestar.testing import TestClient

_FILM: Final = "title=Um+filme"
_PAGES: Final = (
    "/",
    "/?side=films&gender={gender}",
    f"/?side=audience&{_FILM}",
    "/groups",
    "/quality",
    f"/compare?{_FILM}&b_title=Outro",
    f"/briefing?{_FILM}",
    "/film-list",
    "/films",
    "/films/{movie_id}",
)
_OTHERS: Final = (
    "/model",
    "/movies",
    "/movies/{movie_id}",
    "/movies/{movie_id}/similar-movies",
    "/movies/{movie_id}/overlapping-movies",
    "/releases",
    "/segments",
    "/tastes",
    "/healthz",
    "/readyz",
    "/metrics",
    "/recommendations.json?gender={gender}",
    "/recommendations.csv?gender={gender}",
    f"/audience.json?{_FILM}",
    f"/audience.csv?{_FILM}",
    "/tastes.csv?genre={genre}",
    "/films/{movie_id}/audience.json",
    "/films/{movie_id}/audience.csv",
    "/schema",
    "/schema/openapi.json",
)
#: Files that are the same whatever the data.
_STATIC: Final = (
    "/assets/{digest}/{name}",
    "/schema/{path}",
    "/schema/docs.css",
    "/schema/try.js",
)


def pages_of(client: TestClient[Litestar]) -> dict[str, str]:
    """The text of every page, in both languages, by its address."""
    addresses = [
        f"{page}{'&' if '?' in page else '?'}lang={language}"
        for page in _PAGES
        for language in ("en", "pt")
    ]
    return _texts(client, addresses)


def every_answer(client: TestClient[Litestar]) -> dict[str, str]:
    """The text of every answer to GET, the pages' too, by its address."""
    answered = {urlsplit(each).path for each in (*_PAGES, *_OTHERS)}
    routes = {
        route.path_format
        for route in client.app.routes
        if "GET" in route.methods
    }
    other = routes ^ (answered | set(_STATIC))
    assert not other, (
        f"routes that are not asked here, or are no more: {other}"
    )
    return pages_of(client) | _texts(client, _OTHERS)


def _texts(
    client: TestClient[Litestar], addresses: list[str] | tuple[str, ...]
) -> dict[str, str]:
    words = client.get("/segments").json()
    gender = next(d for d in words["dimensions"] if d["dimension"] == "gender")
    data = {
        "movie_id": client.get("/movies").json()["items"][0]["movie_id"],
        "gender": quote(gender["levels"][0]["level"]),
        "genre": quote(words["genres"][0]),
    }
    texts = {}
    for address in addresses:
        answer = client.get(address.format(**data))
        assert answer.status_code == 200, (address, answer.text)
        texts[address] = answer.text
    return texts
