"""Who asks, where a proxy stands between."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from litestar.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network


class ForwardedFrom:
    """The application; `X-Forwarded-For` of named proxies tells the client.

    The header is read from its right end, where the nearest proxy wrote: the
    first address that is no named proxy is the client's. Anyone can write to
    its left end, and anyone else's header does not count.
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
        await self._app(scope, receive, send)

    def _client_of(self, scope: Scope, proxy: str) -> str:
        nearest = proxy
        for address in reversed(_forwarded(scope)):
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


def _forwarded(scope: Scope) -> list[str]:
    values = [
        value.decode("latin-1")
        for name, value in scope["headers"]
        if name == b"x-forwarded-for"
    ]
    return [part.strip() for part in ",".join(values).split(",")]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
