"""Around every request: its id, security headers, metrics and a log line."""

import itertools
import re
import secrets
import time
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.middleware.logs import AccessLog
from api.middleware.metrics import Metrics

REQUEST_ID: Final = "plateia_request_id"
#: Characters of a method or a path that are logged.
_MAX_LOGGED: Final = 2048
_ID_GIVEN: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")

#: Pages may load what this server serves, and nothing else.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS: Final = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Observed:
    """The application, observed; outermost, so that nothing escapes it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log: AccessLog) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log
        # Unlike any other process's; numbers follow, which cost nothing.
        self._prefix = secrets.token_hex(4)
        self._numbers = itertools.count()

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer one request through the application."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = self._request_id(scope)
        scope["state"][REQUEST_ID] = request_id
        status = 500

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    *SECURITY_HEADERS,
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        try:
            await self._app(scope, receive, send_observed)
        finally:
            self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        # A template, not the path: labels must not grow without bound.
        route = scope.get("path_template") or "unmatched"
        method = str(scope.get("method"))
        self._metrics.observe_request(method, route, status, seconds)
        client = scope.get("client")
        self._log.write(
            request_id=scope["state"][REQUEST_ID],
            method=method[:_MAX_LOGGED],
            path=scope["path"][:_MAX_LOGGED],
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 3),
            client=client[0] if client else None,
        )

    def _request_id(self, scope: Scope) -> str:
        """The caller's X-Request-Id if it is a plain word, else a new one."""
        for name, value in scope["headers"]:
            if name == b"x-request-id" and _ID_GIVEN.fullmatch(value):
                return value.decode("ascii")
        return f"{self._prefix}{next(self._numbers):08x}"
