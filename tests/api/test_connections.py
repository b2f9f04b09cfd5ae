"""Clients that are slow, silent, broken or many, over real sockets."""

import contextlib
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from models_ml.settings import PROJECT, Settings
from tests.api.conftest import KEY, publish_tiny, settings_of
from tests.api.test_live import Live, environment_of, live_server

HEADERS = (
    b"POST /recommendations HTTP/1.1\r\nHost: x\r\n"
    b"Content-Type: application/json\r\n"
)
#: Seconds of the server under test, and a time well above them.
LIMIT, PATIENCE = 1, 15


@pytest.fixture(scope="module")
def live(
    tmp_path_factory: pytest.TempPathFactory, trained: Path
) -> Iterator[Live]:
    home = tmp_path_factory.mktemp("connections")
    settings = settings_of(home, home / "store")
    publish_tiny(settings, trained)
    environment = environment_of(settings) | {
        "PLATEIA_HEADER_SECONDS": str(LIMIT),
        "PLATEIA_BODY_SECONDS": str(LIMIT),
        "PLATEIA_WRITE_SECONDS": str(LIMIT),
        "PLATEIA_CONNECTIONS": "50",
    }
    with live_server(home, environment) as server:
        yield server


def connect(live: Live) -> socket.socket:
    host, port = live.address.split(":")
    client = socket.create_connection((host, int(port)))
    client.settimeout(PATIENCE)
    return client


def exchange(live: Live, sent: bytes) -> bytes:
    """All that comes back until the server closes; fails if it does not."""
    with connect(live) as client:
        client.sendall(sent)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while part := client.recv(65536):
                answer += part
        return answer


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (HEADERS + b"Content-Length: 100\r\n\r\n{", 408),
        (HEADERS + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", 408),
        (
            HEADERS + b"Transfer-Encoding: chunked\r\n\r\n"
            b"ffffffffffffffff\r\n{",
            408,
        ),
        (HEADERS + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{\r\n", 400),
        (b"\x00\xff garbage\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA" + b"a" * 200_000, 431),
    ],
)
def test_a_broken_or_endless_body_is_refused_and_closed(
    live: Live, sent: bytes, status: int
) -> None:
    assert re.match(rb"HTTP/1.1 %d " % status, exchange(live, sent))
    assert httpx.get(live.url + "/readyz").status_code == 200


def test_a_client_that_leaves_is_no_error_of_ours(live: Live) -> None:
    with connect(live) as client:
        client.sendall(HEADERS + b"Content-Length: 100\r\n\r\n{")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        statuses = [
            line["status"]
            for line in live.logged()
            if line.get("path") == "/recommendations"
        ]
        if statuses:
            break
        time.sleep(0.05)
    assert statuses
    assert max(statuses) < 500


def test_silent_connections_are_closed_and_stop_nobody(live: Live) -> None:
    silent = [connect(live) for _ in range(120)]  # more than may stand
    try:
        assert httpx.get(live.url + "/", timeout=PATIENCE).status_code == 200
        for client in silent:
            assert client.recv(1) == b""
    finally:
        for client in silent:
            client.close()


@pytest.mark.skipif(
    not hasattr(socket, "TCP_USER_TIMEOUT"), reason="Linux closes these"
)
def test_clients_that_do_not_read_are_closed(live: Live) -> None:
    """They ask on and on, and never take an answer."""
    ask = b"GET /segments HTTP/1.1\r\nHost: x\r\n\r\n"
    clients = []
    for _ in range(60):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        host, port = live.address.split(":")
        client.connect((host, int(port)))
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            for _ in range(200):
                client.send(ask * 20)
        clients.append(client)
    try:
        ready = httpx.get(live.url + "/readyz", timeout=PATIENCE)
        assert ready.status_code == 200
    finally:
        for client in clients:
            client.close()


def test_invented_methods_do_not_grow_the_metrics(live: Live) -> None:
    with httpx.Client(base_url=live.url) as client:
        for number in range(50):
            client.request(f"INVENTED{number}", "/segments")
            client.request("GET", f"/no/such/place/{number}")
        text = client.get("/metrics").text
    labels = set(re.findall(r'method="([^"]*)"', text))
    assert labels <= {"GET", "POST", "OTHER"}
    assert "/no/such" not in text


def test_a_second_server_on_the_port_says_so_and_stops(live: Live) -> None:
    host, port = live.address.split(":")
    done = run_api({"HOST": host, "PORT": port})
    assert done.returncode == 1
    assert "Address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_that_is_none_is_told_in_a_sentence() -> None:
    done = run_api({"HOST": "999.1.1.1"})
    assert done.returncode == 1
    assert "HOST '999.1.1.1'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("argument", ["--help", "--port=80"])
def test_asked_for_help_or_what_is_no_option_nothing_is_served(
    argument: str,
) -> None:
    done = run_api({}, argument)
    assert done.returncode == (0 if argument == "--help" else 2)
    assert "docs/commands.md" in done.stdout or argument in done.stderr


def run_api(
    changes: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    environment = {"PLATEIA_SIGNING_KEY": KEY, **changes}
    return subprocess.run(
        [sys.executable, "-m", "api", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_what_no_route_answers_counts_for_the_rate_limit(
    tmp_path: Path, settings: Settings
) -> None:
    environment = environment_of(settings) | {"PLATEIA_RATE_LIMIT": "3"}
    with live_server(tmp_path, environment) as limited:
        statuses = [
            httpx.get(f"{limited.url}/no/such/{number}").status_code
            for number in range(5)
        ]
    assert statuses == [404, 404, 404, 429, 429]
