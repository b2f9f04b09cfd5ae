import json
from pathlib import Path
from typing import Any

import anyio
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from tests.api.conftest import settings_of


def asked(
    client: TestClient[Litestar],
    *hosts: bytes,
    path: str = "/movies/624",
    version: str = "1.1",
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body; past the client, which corrects a Host."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {
        "type": "http",
        "http_version": version,
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", host) for host in hosts],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "extensions": {},
        "state": {},
    }
    anyio.run(client.app, scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


@pytest.mark.parametrize(
    "hosts",
    [
        (b"local\xc4\xdd\xba:2host",),
        (b"localhost:2host",),
        (b"localhost:65536",),
        (b"localhost:" + b"1" * 5000,),
        (b"local\xffhost",),
        (b"local host",),
        (b"a/b",),
        (b"user@localhost",),
        (b"[::1",),
        (b"%zz",),
        (b"localhost", b"localhost"),
        (),
    ],
)
@pytest.mark.parametrize("path", ["/movies/624", "/nothing", "/schema"])
def test_a_host_that_is_none_is_the_callers_error(
    hosts: tuple[bytes, ...], path: str, client: TestClient[Litestar]
) -> None:
    status, headers, body = asked(client, *hosts, path=path)
    assert status == 400
    assert headers[b"content-type"] == b"application/problem+json"
    problem = json.loads(body)
    assert problem["instance"] == path
    assert problem["detail"].startswith("the header Host")
    assert problem["request_id"].encode() == headers[b"x-request-id"]


@pytest.mark.parametrize(
    "host",
    [
        *(b"localhost", b"localhost:8000", b"api_1:80", b"LOCALHOST."),
        *(b"127.0.0.1:65535", b"[::1]:8000", b"[::ffff:1.2.3.4]", b"a:", b""),
    ],
)
def test_a_host_is_answered(host: bytes, client: TestClient[Litestar]) -> None:
    assert asked(client, host, path="/healthz")[0] == 200


def test_http_1_0_needs_no_host(client: TestClient[Litestar]) -> None:
    assert asked(client, path="/healthz", version="1.0")[0] == 200


def test_refused_hosts_count_for_the_rate_limit(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, tmp_path / "store", rate_limit=3)
    with TestClient(create_app(settings)) as client:
        answers = [asked(client, b"a/b") for _ in range(4)]
        status, _, _ = asked(client, b"localhost", path="/segments")
    assert [answer[0] for answer in answers] == [400, 400, 400, 429]
    assert int(answers[3][1][b"retry-after"]) > 0
    assert status == 429
