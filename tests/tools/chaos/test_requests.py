"""The experiment with generated requests sees what it is there to see."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.questions import get
from tools.chaos import requests
from tools.chaos.requests import Honest

SERVER: Any = type(
    "Server", (), {"address": ("127.0.0.1", 1), "url": "http://127.0.0.1:1"}
)()
COUNT = 'plateia_request_seconds_count{route="/",status="%d"} 1.0\n'


def ran(
    monkeypatch: pytest.MonkeyPatch,
    *,
    errors: tuple[str, ...] = (),
    memory: tuple[float, float] = (100.0, 104.0),
    beside: float = 19.0,
    generated: tuple[str, ...] = (),
    raw: tuple[str, ...] = (),
) -> Any:
    """The tally of a server that is told to behave so."""
    measured, counted = iter(memory), iter([(), errors])
    waits = iter([[1.0], [beside]])
    server = type("S", (), {"memory_mib": lambda self: next(measured)})()

    @contextmanager
    def serving(home: Path) -> Iterator[Any]:
        yield server

    @contextmanager
    def honest(server: Any) -> Iterator[Honest]:
        yield Honest(next(waits))

    monkeypatch.setattr(requests, "questions_of", lambda homes, seed: [])
    monkeypatch.setattr(requests, "_serving", serving)
    monkeypatch.setattr(requests, "_honest", honest)
    monkeypatch.setattr(requests, "_ALONE_SECONDS", 0)
    monkeypatch.setattr(requests, "_errors", lambda server: next(counted))
    monkeypatch.setattr(requests, "_raw", lambda *_: list(raw))
    monkeypatch.setattr(
        requests,
        "_generated",
        lambda server, tries, seed: (max(tries, 0), list(generated)),
    )
    return requests.requests(Path(), 1000, 1)


def test_all_holds_within_the_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    tally = ran(monkeypatch)
    assert tally.failures == ()
    # 200 generated and 800 raw ones, and those of the warm-up
    assert tally.tried == 1000 + 2000
    assert "from the first 2,200 on, +4.0% (at most +5%)" in tally.what


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        ({"errors": ("500",)}, "500"),
        ({"memory": (100.0, 106.0)}, "memory grew by 6.0%"),
        ({"beside": 21.0}, "an honest client's p99 grew 2.1 times"),
        ({"generated": ("schemathesis",)}, "schemathesis"),
        ({"raw": ("raw 1: hung",)}, "raw 1: hung"),
    ],
)
def test_what_does_not_hold_is_told(
    behaviour: Any, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(ran(monkeypatch, **behaviour).failures) == {told}


def test_a_request_asks_to_close_its_connection() -> None:
    line, header, *_ = requests._closing(get("/")).split(b"\r\n")
    assert (line, header) == (b"GET / HTTP/1.1", b"connection: close")


@pytest.mark.parametrize(
    ("metrics", "told"),
    [
        (COUNT % 200 + COUNT % 404, []),
        (COUNT % 200 + COUNT % 503, [(COUNT % 503).strip()]),
        ("", ["the server does not tell its metrics"]),
    ],
)
def test_the_servers_own_count_of_errors_is_read(
    metrics: str, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        httpx, "get", lambda *_, **__: httpx.Response(200, text=metrics)
    )
    assert requests._errors(SERVER) == told


@pytest.mark.parametrize(
    ("code", "stdout", "n", "told"),
    [
        (0, "1,200 generated, 3 skipped", 2400, 0),
        (1, "1,200 generated, 1 found", 1200, 1),
        (0, "", 0, 1),
    ],
)
def test_rounds_of_schemathesis_go_on_until_one_fails(
    code: int,
    stdout: str,
    n: int,
    told: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        subprocess,
        "run",
        lambda *_, **__: subprocess.CompletedProcess([], code, stdout, ""),
    )
    counted, failures = requests._generated(SERVER, 2000, 1)
    assert (counted, len(failures)) == (n, told)
