import asyncio
from ipaddress import ip_network
from typing import Any

import pytest
from litestar.types import Receive, Scope, Send

from api.middleware.proxies import ForwardedFrom

PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1/128"))


def client_seen(peer: str, *headers: str) -> str:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["client"] is not None
        seen.append(scope["client"][0])

    scope: Any = {
        "type": "http",
        "client": (peer, 1234),
        "headers": [(b"x-forwarded-for", text.encode()) for text in headers],
    }
    unused: Any = None
    asyncio.run(ForwardedFrom(app, PROXIES)(scope, unused, unused))
    return seen[0]


@pytest.mark.parametrize(
    ("peer", "headers", "client"),
    [
        ("10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["1.1.1.1, 203.0.113.5, 10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", ["1.1.1.1", "203.0.113.5"], "203.0.113.5"),
        ("::1", ["2001:db8::7"], "2001:db8::7"),
        # a client's own word does not count
        ("203.0.113.5", ["1.1.1.1"], "203.0.113.5"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
    ],
)
def test_only_named_proxies_tell_who_asks(
    peer: str, headers: Any, client: str
) -> None:
    assert client_seen(peer, *headers) == client
