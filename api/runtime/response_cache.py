"""Cached answers, given before Litestar looks at the request.

Most requests ask what was asked before, to the letter. Routing and reading
one costs more than all else that is done for it, so this comes first; any
request that is not plainly such a one goes on to Litestar untouched.
"""

from typing import Final

from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import (
    ASGIApp,
    Receive,
    ReceiveMessage,
    Scope,
    Send,
)

from api.middleware.limits import RateLimit
from api.runtime.query_service import QueryService

#: Paths whose answers depend on the body alone.
QUESTIONS: Final = frozenset({"/recommendations", "/audiences"})
RELEASE_HEADER: Final = "X-Plateia-Release"
_RELEASE: Final = RELEASE_HEADER.lower().encode()


class ResponseCacheMiddleware:
    """The application, with the answers it has already given before it."""

    def __init__(
        self,
        app: ASGIApp,
        query_service: QueryService,
        limit: RateLimit | None,
    ) -> None:
        self._app = app
        self._query_service = query_service
        self._limit = limit

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer from the cache, or hand the request on."""
        size = _size_of_plain_question(scope)
        if not size:
            await self._app(scope, receive, send)
            return
        try:
            first = await receive()
        except HTTPException as error:
            await self._app(scope, _raising(error), send)
            return
        if not await self._answered(scope, first, size, send):
            await self._app(scope, _again(first, receive), send)

    async def _answered(
        self, scope: Scope, message: ReceiveMessage, size: int, send: Send
    ) -> bool:
        # By its size: servers may tell only afterwards that it was all.
        if message["type"] != "http.request" or len(message["body"]) != size:
            return False
        path = scope["path"]
        answer = self._query_service.cached(path, message["body"])
        if answer is None or self._is_limited(scope):
            return False
        scope["path_template"] = path
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"application/json"),
                    (b"content-length", str(len(answer.body)).encode()),
                    (_RELEASE, answer.release.encode()),
                ],
            }
        )
        await send(
            {
                "type": "http.response.body",
                "body": answer.body,
                "more_body": False,
            }
        )
        return True

    def _is_limited(self, scope: Scope) -> bool:
        """Whether the address has asked too much; the route says so then."""
        if self._limit is None:
            return False
        client = scope.get("client")
        return self._limit.take(client[0] if client else "") > 0


def _size_of_plain_question(scope: Scope) -> int:
    """Bytes of a POST of JSON to a question's path; 0: it is none.

    Nor is one from another web origin, whose answer needs more headers.
    """
    if (
        scope["type"] != ScopeType.HTTP
        or scope["path"] not in QUESTIONS
        or scope["method"] != "POST"
        or scope["query_string"]
    ):
        return 0
    is_json, size = False, 0
    for name, value in scope["headers"]:
        if name == b"content-type":
            is_json = value == b"application/json"
        elif name == b"content-length":
            size = int(value) if value.isdigit() else 0
        elif name == b"origin":
            return 0
    return size if is_json else 0


def _raising(error: HTTPException) -> Receive:
    """`receive`, which raises again: the application tells the client."""

    async def receive_error() -> ReceiveMessage:
        raise error

    return receive_error


def _again(first: ReceiveMessage, receive: Receive) -> Receive:
    """`receive`, after the message that was already taken from it."""
    is_given = False

    async def receive_again() -> ReceiveMessage:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return first

    return receive_again
