"""Request bodies: whole within a stated time, or refused."""

import asyncio

from litestar.enums import ScopeType
from litestar.exceptions import ClientException, HTTPException
from litestar.types import (
    ASGIApp,
    Receive,
    ReceiveMessage,
    Scope,
    Send,
)


class BodyTooSlow(HTTPException):
    """The body was not whole in time."""

    status_code = 408
    detail = "the body did not arrive in time"
    headers = {"Connection": "close"}  # noqa: RUF012 - as Litestar has it


class BodyBrokenOff(ClientException):
    """The client left, or sent what is no body, before the body's end."""

    detail = "the body broke off before its end"


class WholeBodies:
    """The application, which waits for a body only so long.

    A server passes on what it gets: a body that never ends would hold its
    connection for good, and a broken one looks like a client that left.
    Both raise where the body is read.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer one request; its body is read against the clock."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        deadline = asyncio.get_running_loop().time() + self._seconds
        is_whole = False

        async def receive_in_time() -> ReceiveMessage:
            nonlocal is_whole
            if is_whole:  # all that may come is that the client leaves
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlow from None
            if message["type"] == "http.disconnect":
                raise BodyBrokenOff
            is_whole = not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time, send)
