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
        "scheme": "http",
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


def origin_seen(peer: str, **headers: str) -> tuple[str, list[bytes]]:
    """Scheme and hosts, as the application sees them."""
    seen: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    scope: Any = {
        "type": "http",
        "client": (peer, 1234),
        "scheme": "http",
        "headers": [
            (b"host", b"inner:8000"),
            *(
                (f"x-forwarded-{name}".encode(), text.encode())
                for name, text in headers.items()
            ),
        ],
    }
    unused: Any = None
    asyncio.run(ForwardedFrom(app, PROXIES)(scope, unused, unused))
    hosts = [text for name, text in seen[0]["headers"] if name == b"host"]
    return seen[0]["scheme"], hosts


@pytest.mark.parametrize(
    ("peer", "headers", "origin"),
    [
        (
            "10.0.0.1",
            {"proto": "https", "host": "a.example"},
            ("https", [b"a.example"]),
        ),
        (
            "10.0.0.1",
            {"proto": "http, https", "host": "evil, a.example"},
            ("https", [b"a.example"]),
        ),
        ("10.0.0.1", {"proto": "javascript"}, ("http", [b"inner:8000"])),
        ("10.0.0.1", {}, ("http", [b"inner:8000"])),
        (
            "203.0.113.5",
            {"proto": "https", "host": "evil"},
            ("http", [b"inner:8000"]),
        ),
    ],
)
def test_only_named_proxies_tell_the_address_asked_for(
    peer: str, headers: Any, origin: Any
) -> None:
    assert origin_seen(peer, **headers) == origin
