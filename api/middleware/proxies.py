"""Who asks and for what address, where a proxy stands between."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from litestar.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network


class ForwardedFrom:
    """The application; headers of named proxies tell what the client asked.

    `X-Forwarded-For` tells its address. The header is read from its right
    end, where the nearest proxy wrote: the first address that is no named
    proxy is the client's. Anyone can write to its left end, and anyone
    else's header does not count. `X-Forwarded-Proto` (`http` or `https`) and
    `X-Forwarded-Host` tell the origin that pages name in links to
    themselves; of several values the nearest proxy's counts.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[Network]) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer one request, as asked by its client."""
        client = scope.get("client")
        if client and self._is_proxy(client[0]):
            scope["client"] = (self._client_of(scope, client[0]), client[1])
            _take_origin(scope)
        await self._app(scope, receive, send)

    def _client_of(self, scope: Scope, proxy: str) -> str:
        nearest = proxy
        for address in reversed(_values(scope, b"x-forwarded-for")):
            if not _is_address(address):
                break
            nearest = address
            if not self._is_proxy(address):
                break
        return nearest

    def _is_proxy(self, address: str) -> bool:
        if not _is_address(address):
            return False
        parsed = ip_address(address)
        return any(
            parsed.version == network.version and parsed in network
            for network in self._proxies
        )


def _take_origin(scope: Scope) -> None:
    """Let scheme and `Host` be those that the client asked for."""
    scheme = _values(scope, b"x-forwarded-proto")[-1]
    if scheme in ("http", "https"):
        scope["scheme"] = scheme
    host = _values(scope, b"x-forwarded-host")[-1]
    if host:  # whether it is a valid one, ValidHosts tells
        others = [pair for pair in scope["headers"] if pair[0] != b"host"]
        scope["headers"] = [*others, (b"host", host.encode("latin-1"))]


def _values(scope: Scope, header: bytes) -> list[str]:
    """Of all headers of that name, in order; one blank if there is none."""
    values = [
        value.decode("latin-1")
        for name, value in scope["headers"]
        if name == header
    ]
    return [part.strip() for part in ",".join(values).split(",")]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
