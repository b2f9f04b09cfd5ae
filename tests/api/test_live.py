"""The server itself: `python -m api` in a process, asked over loopback."""

import concurrent.futures
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from models_ml.settings import PROJECT, Settings
from tests.api.conftest import KEY, publish_tiny, settings_of


class Live:
    """A server process and a client of it."""

    def __init__(self, log: Path, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.log = log
        self.address = f"127.0.0.1:{port}"
        self.url = f"http://{self.address}"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api"],
                cwd=PROJECT,
                env=os.environ | environment | {"PORT": str(port)},
                stdout=output,
                stderr=output,
            )

    def wait(self, path: str = "/readyz", seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(self.url + path).status_code == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)

    def logged(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def environment_of(settings: Settings) -> dict[str, str]:
    return {
        "HOST": settings.host,
        "PLATEIA_HOME": str(settings.home),
        "PLATEIA_STORE": settings.store,
        "PLATEIA_SIGNING_KEY": KEY,
        "PLATEIA_POLL_SECONDS": "0.1",
        "PLATEIA_WORKERS": "1",
        "PLATEIA_LOG_LEVEL": "INFO",
    }


@contextlib.contextmanager
def live_server(tmp_path: Path, environment: dict[str, str]) -> Iterator[Live]:
    live = Live(tmp_path / "server.log", environment)
    try:
        live.wait()
        yield live
    finally:
        if live.process.poll() is None:
            live.stop()


def test_generated_requests_find_no_error_of_ours(
    tmp_path: Path, settings: Settings
) -> None:
    """No 5xx, and no answer outside the schema.

    `positive_data_acceptance` is left out: a body that fits the schema may
    have no meaning (a nationality that is no country, a film that is not
    there), and 400 is then the right answer. Bodies may be large, so that a
    list that is too long is refused for what it is, and not with 413.
    """
    environment = environment_of(settings)
    environment["PLATEIA_MAX_BODY_BYTES"] = str(1 << 24)
    with live_server(tmp_path, environment) as live:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run"),
                f"{live.url}/schema/openapi.json",
                *("--exclude-checks", "positive_data_acceptance"),
                *("--phases", "examples,coverage,fuzzing"),
                *("--max-examples", "25", "--seed", "1"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout


def test_workers_add_up_their_metrics(
    tmp_path: Path, settings: Settings
) -> None:
    environment = environment_of(settings) | {"PLATEIA_WORKERS": "2"}
    with live_server(tmp_path, environment) as live:
        for _ in range(40):  # a connection each, so that both are asked
            assert httpx.get(f"{live.url}/segments").status_code == 200
        text = httpx.get(f"{live.url}/metrics").text
        counted = (
            'plateia_request_seconds_count{method="GET",route="/segments",'
            'status="200"}'
        )
        line = next(v for v in text.splitlines() if v.startswith(counted))
        assert float(line.split()[-1]) == 40
        live.stop()
        started = [e for e in live.logged() if "Started" in e["message"]]
        assert len(started) == 2


def test_stops_after_what_was_asked_is_answered(
    tmp_path: Path, settings: Settings
) -> None:
    body = {
        "movie": {"title": "A film", "year": 1999},
        "by": ["gender", "age_group", "occupation", "region"],
        "limit": 3528,
    }
    with live_server(tmp_path, environment_of(settings)) as live:
        connections = []
        for k in range(8):
            connection = http.client.HTTPConnection(live.address, timeout=20)
            connection.request(
                *("POST", "/audiences"),
                json.dumps(body | {"limit": 3528 - k}),
                {"content-type": "application/json"},
            )
            connections.append(connection)
        # The first answer shows that the others are being worked on.
        statuses = [connections[0].getresponse().status]
        live.process.send_signal(signal.SIGTERM)
        for connection in connections[1:]:
            response = connection.getresponse()
            statuses.append(response.status)
            assert len(json.loads(response.read())["segments"]) > 3500
        assert statuses == [200] * 8
        assert live.process.wait(20) == 0


def test_refuses_what_it_cannot_carry_and_answers_the_rest(
    tmp_path: Path, settings: Settings
) -> None:
    environment = environment_of(settings) | {"PLATEIA_QUEUE": "0"}
    with live_server(tmp_path, environment) as live:

        def ask(k: int) -> httpx.Response:
            by = ["gender", "age_group", "occupation", "region"]
            body = {"movie": {"title": f"Film {k}"}, "by": by, "limit": 3528}
            return httpx.post(f"{live.url}/audiences", json=body, timeout=30)

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(40)))
        refused = [a for a in answers if a.status_code == 503]
        assert refused
        assert {a.status_code for a in answers} == {200, 503}
        for answer in refused:
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.json()["title"] == "Service Unavailable"
        text = httpx.get(f"{live.url}/metrics").text
        assert f"plateia_overload_rejections_total {len(refused)}.0" in text


def test_logs_are_json_with_the_caller_s_request_id(
    tmp_path: Path, settings: Settings
) -> None:
    with live_server(tmp_path, environment_of(settings)) as live:
        asked = {"x-request-id": "order-66.a_b"}
        answer = httpx.get(f"{live.url}/model", headers=asked)
        assert answer.headers["x-request-id"] == "order-66.a_b"
        for unfit in (b"a b", b"x" * 65, b'"', "é".encode()):
            answer = httpx.get(
                f"{live.url}/model", headers={b"x-request-id": unfit}
            )
            assert len(answer.headers["x-request-id"]) == 16
        live.stop()
        (line,) = [
            e for e in live.logged() if e.get("request_id") == "order-66.a_b"
        ]
        assert line["path"] == "/model"
        assert line["status"] == 200
        assert line["milliseconds"] > 0


def test_is_alive_without_a_release_and_ready_once_there_is_one(
    tmp_path: Path, trained: Path
) -> None:
    settings = settings_of(tmp_path, tmp_path / "store")
    live = Live(tmp_path / "server.log", environment_of(settings))
    try:
        live.wait("/healthz")
        assert httpx.get(f"{live.url}/readyz").status_code == 503
        publish_tiny(settings, trained)
        live.wait("/readyz")
    finally:
        live.stop()


def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "api"],
        cwd=PROJECT,
        env=os.environ | {"PLATEIA_QUEUE": "-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "PLATEIA_QUEUE is '-1'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PLATEIA_SIGNING_KEY", "short", "has 5 characters"),
        ("PLATEIA_VERIFY_KEYS", "AAAA", "its entry 1 is no public key"),
        ("PLATEIA_STORE", "s3://", "must be s3://bucket/prefix"),
        ("PLATEIA_STORE", "ftp://x", "must be s3://bucket/prefix"),
        ("PLATEIA_HOME", "/dev/null/home", "cannot be used"),
    ],
)
def test_a_start_that_cannot_succeed_ends_with_one_line(
    name: str, value: str, told: str, tmp_path: Path
) -> None:
    environment = {"PATH": os.environ["PATH"], "PLATEIA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "api"],
        cwd=PROJECT,
        env=environment | {"PORT": "0"} | {name: value},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_serving_loads_no_library_it_does_not_need() -> None:
    """Each costs a second of every start, and memory of every worker."""
    script = "import api.app, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "duckdb" in loaded
    assert not loaded & {"pandas", "sklearn", "lightgbm", "dbt", "boto3"}
