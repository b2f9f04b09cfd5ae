"""Raw requests are repeatable, and what is wrong with an answer is seen."""

import socket
import threading
from collections.abc import Callable

import pytest

from benchmarks.questions import get, post
from tools.chaos import raw

SOUND = [get("/"), post("/recommendations", {"n": 12})]


def test_a_seed_repeats_a_request_and_another_makes_another() -> None:
    first = [raw.damaged(SOUND, 1, k) for k in range(200)]
    assert first == [raw.damaged(SOUND, 1, k) for k in range(200)]
    assert first != [raw.damaged(SOUND, 2, k) for k in range(200)]
    assert len(set(first)) > 100


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda client: client.send(b"HTTP/1.1 400 Bad\r\n\r\n"), []),
        (lambda client: None, []),
        (lambda client: client.send(b"HTTP/1.1 500 No\r\n\r\n"), ["500"]),
        (lambda client: threading.Event().wait(2), ["hung"]),
    ],
)
def test_errors_and_hanging_are_found(
    answer: Callable[[socket.socket], object],
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(raw, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.recv(1 << 20)
                answer(client)

        thread = threading.Thread(target=serve)
        thread.start()
        address = server.getsockname()
        failures = raw.attack(address, [get("/")], 1, range(1))
        thread.join()
    assert [text.split()[-1] for text in failures] == told
