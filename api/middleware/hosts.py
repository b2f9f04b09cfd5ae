"""Requests whose `Host` is not one host are refused (RFC 9112, 3.2).

Litestar reads the port out of it wherever it needs an address of the request,
errors among them, and fails where there is none to read.
"""

import re
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

#: RFC 3986, 3.2.2 and 3.2.3: an IPv6 address or a name, and a port.
_HOST: Final = re.compile(
    rb"(?:\[[0-9A-Fa-f:.]+\]"
    rb"|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)"
    rb"(?::([0-9]*))?"
)
_MAX_PORT: Final = 65535
_MAX_DIGITS: Final = len(str(_MAX_PORT))


class ValidHosts:
    """The application, before which `refusal` answers a `Host` not allowed."""

    def __init__(self, app: ASGIApp, refusal: ASGIApp) -> None:
        self._app = app
        self._refusal = refusal

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer one request, or refuse it."""
        app = self._app if _is_allowed(scope) else self._refusal
        await app(scope, receive, send)


def _is_allowed(scope: Scope) -> bool:
    """Whether one valid `Host` is there; before HTTP/1.1 it may lack."""
    if scope["type"] != ScopeType.HTTP:
        return True
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if not hosts:
        return scope["http_version"] != "1.1"
    return len(hosts) == 1 and _is_valid(hosts[0])


def _is_valid(host: bytes) -> bool:
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    port = match[1] or b"0"
    return len(port) <= _MAX_DIGITS and int(port) <= _MAX_PORT
