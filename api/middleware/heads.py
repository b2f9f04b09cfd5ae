"""HEAD: as GET answers, without the body (RFC 9110, 9.3.2).

Litestar answers HEAD only where a route names it; here every GET has it, and
`Allow` says so.
"""

from collections.abc import Iterable

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """The application, which answers HEAD wherever it answers GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer one request; of a HEAD the body is dropped."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == HttpMethod.HEAD

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_head_allowed(message["headers"])
            elif message["type"] == "http.response.body" and is_head:
                message["body"] = b""
            await send(message)

        if not is_head:
            await self._app(scope, receive, send_head)
            return
        # In place: what observes the request reads the route from its scope.
        scope["method"] = HttpMethod.GET
        try:
            await self._app(scope, receive, send_head)
        finally:
            scope["method"] = HttpMethod.HEAD


def _with_head_allowed(
    headers: Iterable[tuple[bytes, bytes]],
) -> list[tuple[bytes, bytes]]:
    """The headers; an `Allow` with GET has HEAD too."""
    return [
        (name, _allowing_head(value) if name.lower() == b"allow" else value)
        for name, value in headers
    ]


def _allowing_head(value: bytes) -> bytes:
    return allowed_methods(value.decode("latin-1")).encode("latin-1")


def allowed_methods(allow: str) -> str:
    """The methods of an `Allow`, sorted; where GET is one, so is HEAD."""
    methods = {method.strip() for method in allow.split(",")}
    if HttpMethod.GET in methods:
        methods.add(HttpMethod.HEAD.value)
    return ", ".join(sorted(methods))
