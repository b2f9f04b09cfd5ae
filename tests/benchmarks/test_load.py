import http.server
import itertools
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.load import closed_loop, open_loop
from benchmarks.questions import Questions, get, post
from models_ml.source.movielens_levels import AGE_GROUPS, GENRES, OCCUPATIONS


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers after a while: 200 with a long body, or 503 for /busy."""

    protocol_version = "HTTP/1.1"
    pause = 0.005

    def do_GET(self) -> None:
        time.sleep(self.pause)
        content = b"x" * (0 if self.path == "/busy" else 300_000)
        self.send_response(503 if self.path == "/busy" else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield ("127.0.0.1", server.server_address[1])
    server.shutdown()
    thread.join()
    server.server_close()


def test_counts_answers_by_status_and_takes_their_time(
    address: tuple[str, int],
) -> None:
    requests = itertools.cycle([get("/long"), get("/busy")])
    result = closed_loop(address, requests, 3, 0.3)
    assert result.statuses[200] > 0
    assert result.statuses[503] > 0
    for status in (200, 503):
        assert result.quantile(0.01, status) >= 5
        assert result.quantile(0.5, status) <= result.quantile(0.99, status)
    total = result.statuses.total()
    rates = result.rate(200) + result.rate(503)
    assert rates == pytest.approx(total / result.seconds)


def test_steady_requests_fall_due_whatever_the_server_makes_of_them(
    address: tuple[str, int],
) -> None:
    result = open_loop(address, itertools.repeat(get("/busy")), 400, 1, 0.5)
    # One connection carries fewer than 200 a second of the 400.
    assert result.statuses.total() + result.n_unsent == 200
    assert result.n_unsent > 80
    assert result.rate() == 0


def bodies(requests: Iterator[bytes], n: int) -> list[dict[str, Any]]:
    contents = []
    for request in itertools.islice(requests, n):
        head, _, body = request.partition(b"\r\n\r\n")
        assert f"content-length: {len(body)}".encode() in head
        contents.append(json.loads(body))
    return contents


def test_questions_repeat_and_are_as_the_api_wants_them() -> None:
    ids = list(range(1, 2001))
    drawn = [bodies(Questions(ids, 5).with_ratings(), 50) for _ in range(2)]
    assert drawn[0] == drawn[1]
    profiles = [body["profile"] for body in drawn[0]]
    assert {p.get("occupation") for p in profiles} <= {*OCCUPATIONS, None}
    assert {p.get("age_group") for p in profiles} <= {*AGE_GROUPS, None}
    for body in drawn[0]:
        assert len({r["movie_id"] for r in body["ratings"]}) == 10


def test_new_questions_are_never_asked_twice() -> None:
    ids = list(range(1, 101))
    asked = {
        json.dumps([body["profile"], sorted(set(body["filters"]["exclude"]))])
        for body in bodies(Questions(ids, 5).new_profile(), 3000)
    }
    assert len(asked) == 3000
    titles = {body["movie"]["title"] for body in bodies(new_films(), 200)}
    assert len(titles) == 200


def new_films() -> Iterator[bytes]:
    return Questions([1], 5).new_film("gender", limit=3)


def test_films_have_genres_of_the_vocabulary() -> None:
    for body in bodies(new_films(), 50):
        assert set(body["movie"]["genres"]) <= set(GENRES)


def test_requests_are_http() -> None:
    assert post("/a", {"b": 1}).startswith(b"POST /a HTTP/1.1\r\n")
    assert get("/a").endswith(b"\r\n\r\n")
