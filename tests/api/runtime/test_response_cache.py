"""The response cache: asked first, and only to what plainly asks the same."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from litestar.types import Receive, Scope, Send

from api.app import create_app
from api.runtime.query_service import Encoded
from api.runtime.response_cache import ResponseCacheMiddleware
from tests.api.conftest import publish_tiny, settings_of

BODY = b'{"profile": {"gender": "F"}, "limit": 3}'
JSON = {"content-type": "application/json"}


def hits(client: TestClient[Litestar]) -> float:
    lines = client.get("/metrics").text.splitlines()
    counters = [
        float(line.split()[-1])
        for line in lines
        if "_total{" in line and 'outcome="hit"' in line
    ]
    return counters[0]


def test_the_same_body_gets_the_same_answer_with_all_headers(
    client: TestClient[Litestar],
) -> None:
    first, second = (
        client.post("/recommendations", content=BODY, headers=JSON)
        for _ in range(2)
    )
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    for name in ("content-type", "x-plateia-release", "x-frame-options"):
        assert first.headers[name] == second.headers[name]
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_a_kept_answer_is_counted_as_a_hit_and_under_its_route(
    client: TestClient[Litestar],
) -> None:
    client.post("/recommendations", content=BODY, headers=JSON)
    before = hits(client)
    client.post("/recommendations", content=BODY, headers=JSON)
    assert hits(client) == before + 1


def test_what_is_no_plain_question_is_still_checked(
    client: TestClient[Litestar],
) -> None:
    client.post("/recommendations", content=BODY, headers=JSON)
    path = "/recommendations"
    text = {"content-type": "text/plain"}
    assert client.post(path, content=BODY, headers=text).status_code == 415
    refused = client.post(f"{path}?a=1", content=BODY, headers=JSON)
    assert refused.status_code == 400
    assert client.request("PUT", path, content=BODY).status_code == 405


def test_a_body_in_pieces_is_answered_all_the_same(
    client: TestClient[Litestar],
) -> None:
    whole = client.post("/recommendations", content=BODY, headers=JSON)
    pieces = client.post(
        "/recommendations", content=iter((BODY[:9], BODY[9:])), headers=JSON
    )
    assert pieces.content == whole.content


def test_kept_answers_count_towards_the_rate_limit(
    tmp_path: Path, trained: Path
) -> None:
    limited = settings_of(tmp_path, tmp_path / "store", rate_limit=3)
    publish_tiny(limited, trained)
    with TestClient(create_app(limited)) as client:
        while client.get("/readyz").status_code != 200:
            time.sleep(0.01)
        codes = [
            client.post(
                "/recommendations", content=BODY, headers=JSON
            ).status_code
            for _ in range(5)
        ]
    assert codes == [200, 200, 200, 429, 429]


@pytest.mark.parametrize(
    ("pieces", "is_kept"),
    [([BODY, b""], True), ([BODY], True), ([BODY[:9], BODY[9:]], False)],
)
def test_a_body_counts_as_whole_by_its_size(
    pieces: Any, is_kept: bool
) -> None:
    """Some servers tell only with an empty piece that a body was whole."""
    left = [
        {"type": "http.request", "body": piece, "more_body": piece != b""}
        for piece in pieces
    ]
    handed_on: list[bytes] = []
    sent: list[Any] = []

    async def receive() -> Any:
        return left.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        events: list[Any] = [await receive() for _ in pieces]
        handed_on.extend(event["body"] for event in events)

    kept: Any = SimpleNamespace(
        cached=lambda path, body: Encoded("v", b"{}") if body == BODY else None
    )
    scope: Any = {
        "type": "http",
        "path": "/recommendations",
        "method": "POST",
        "query_string": b"",
        "headers": [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(BODY)).encode()),
        ],
    }
    asyncio.run(ResponseCacheMiddleware(app, kept, None)(scope, receive, send))
    assert bool(sent) == is_kept
    assert handed_on == ([] if is_kept else pieces)
