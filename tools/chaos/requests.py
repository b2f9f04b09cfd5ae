"""Generated requests, beside which an honest client is served."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import httpx
import numpy as np

from benchmarks.questions import get
from benchmarks.servers import Server, api_server
from tools.chaos import raw
from tools.chaos.kills import KEY_TEXT
from tools.chaos.soak import GROWTH, questions_of
from tools.chaos.tally import Tally

#: Of all requests, those that schemathesis makes; the others are raw bytes.
_GENERATED: Final = 0.2
_SCHEMATHESIS: Final = (
    *("chrt", "--idle", "0", sys.executable, "-m", "schemathesis.cli", "run"),
    # A body that fits the schema may have no meaning, such as a country that
    # is none: then 400 is right.
    *("--exclude-checks", "positive_data_acceptance"),
    *("--phases", "examples,coverage,fuzzing", "--max-examples", "100"),
    *("--max-response-time", "10"),
)
_PAGES: Final = ("/", "/readyz", "/metrics", "/segments", "/schema")
#: Raw requests that, with some rounds of schemathesis, come before memory is
#: measured: caches, pools and what is made on a route's first request.
_WARM_UP: Final = 2000
#: Requests of those rounds, of some 1,800 each. A worker that began with 195
#: MB had 216 after the raw ones, 227 to 235 after each of the first four
#: rounds, and between 233 and 236 after each of the next four.
_WARM_UP_GENERATED: Final = 7000
#: Requests to the raw attack at a time, each on one of two processes.
_PIECE: Final = 500
#: Of an honest client: seconds between questions, and alone.
_PAUSE: Final = 0.05
_ALONE_SECONDS: Final = 30.0
#: By which an honest client's p99 may grow.
_SLOWER: Final = 2.0
#: Milliseconds below which a p99 is not told from the machine's own noise.
_LEAST_P99: Final = 10.0


@dataclass
class Honest:
    """A client that asks evenly, and how long it waited."""

    milliseconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def p99(self) -> float:
        """Milliseconds."""
        return float(np.quantile(self.milliseconds, 0.99))


def requests(home: Path, tries: int, seed: int) -> Tally:
    """Schemathesis on every route, and raw bytes, after a warm-up of both.

    What the warm-up sends is judged too, and added to `tries`.
    """
    started = time.monotonic()
    asked = questions_of([home], seed)
    sound = [get(path) for path in _PAGES]
    sound += [question.sent for question in asked]
    sound = [_closing(request) for request in sound]
    failures: list[str] = []
    with _serving(home) as server:
        errors_before = set(_errors(server))  # of before a release served
        with _honest(server) as alone:
            time.sleep(_ALONE_SECONDS)
        least = int(tries * _GENERATED)
        n_raw = _WARM_UP + tries - least
        with _honest(server) as beside:
            n_warm, told = _generated(
                server, min(_WARM_UP_GENERATED, least), seed
            )
            told += _raw(server, sound, seed, range(_WARM_UP))
            before = server.memory_mib()
            n_more, more = _generated(server, least - n_warm, seed + 100)
            told += more
            told += _raw(server, sound, seed, range(_WARM_UP, n_raw))
        failures += told
        n_generated = n_warm + n_more
        growth = server.memory_mib() / before - 1
        failures += set(_errors(server)) - errors_before
    failures += alone.failures + beside.failures
    if growth > GROWTH:
        failures.append(f"memory grew by {growth:.1%}")
    slower = beside.p99() / max(alone.p99(), _LEAST_P99)
    if slower > _SLOWER:
        failures.append(f"an honest client's p99 grew {slower:.1f} times")
    return Tally(
        "requests",
        f"{n_generated:,} requests of schemathesis, on every route with its"
        f" checks, and {n_raw:,} of raw bytes; no 5xx, no connection open"
        f" after {raw.PATIENCE:g} s; memory of the workers, from the first"
        f" {n_warm + _WARM_UP:,} on, {growth:+.1%} (at most {GROWTH:+.0%});"
        " an honest client's p99"
        f" {alone.p99():.1f} ms alone, {beside.p99():.1f} ms beside them"
        f" (at most {_SLOWER:g} times that, or than {_LEAST_P99:g} ms)",
        n_generated + n_raw,
        tuple(failures),
        time.monotonic() - started,
        seed,
        repeat=tries,
    )


@contextmanager
def _serving(home: Path) -> Iterator[Server]:
    with api_server(
        PLATEIA_HOME=str(home),
        PLATEIA_STORE=str(home / "store"),
        PLATEIA_SIGNING_KEY=KEY_TEXT,
        PLATEIA_LOG_LEVEL="ERROR",
        PLATEIA_HEADER_SECONDS="2",
        PLATEIA_BODY_SECONDS="2",
        # A list that is too long is to be refused for that, not with 413.
        PLATEIA_MAX_BODY_BYTES=str(1 << 24),
        # Refusals of an overload are answers too, and not asked after here.
        PLATEIA_QUEUE="64",
        PLATEIA_CACHE_MIB="4",
    ) as server:
        yield server


def _closing(request: bytes) -> bytes:
    line, end, rest = request.partition(b"\r\n")
    return line + end + b"connection: close\r\n" + rest


@contextmanager
def _honest(server: Server) -> Iterator[Honest]:
    """A client that asks for films of some person, all the while."""
    honest, ended = Honest(), threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            for k in range(1 << 40):
                if ended.wait(_PAUSE):
                    break
                begun = time.perf_counter()
                try:
                    answer = client.post(
                        "/recommendations", json={"profile": {"age": k % 100}}
                    )
                except httpx.HTTPError as error:
                    honest.failures.append(f"an honest client: {error!r}")
                    continue
                spent = time.perf_counter() - begun
                honest.milliseconds.append(spent * 1000)
                if answer.status_code != 200:
                    honest.failures.append(
                        f"an honest client: {answer.status_code}"
                    )

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield honest
    finally:
        ended.set()
        thread.join()


def _raw(
    server: Server, sound: list[bytes], seed: int, numbers: range
) -> list[str]:
    pieces = [
        numbers[first : first + _PIECE]
        for first in range(0, len(numbers), _PIECE)
    ]
    with ProcessPoolExecutor(
        2, get_context("spawn"), initializer=_yield_to_others
    ) as pool:
        told = pool.map(
            raw.attack,
            [server.address] * len(pieces),
            [sound] * len(pieces),
            [seed] * len(pieces),
            pieces,
        )
        return [failure for piece in told for failure in piece]


def _yield_to_others() -> None:
    """Run where no other process wants to: attackers have no part in ours.

    They stand for clients with machines of their own. As processes like all
    others they would take the server's and the honest client's time, and the
    p99 would tell of the scheduler.
    """
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _generated(server: Server, tries: int, seed: int) -> tuple[int, list[str]]:
    """Rounds of schemathesis until so many requests were made."""
    failures: list[str] = []
    n = 0
    while n < tries and not failures:
        done = subprocess.run(
            [
                *_SCHEMATHESIS,
                f"{server.url}/schema/openapi.json",
                *("--seed", str(seed)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        counted = re.search(r"([\d,]+) generated", done.stdout)
        n += int(counted[1].replace(",", "")) if counted else 0
        if done.returncode != 0 or not counted:
            failures.append(f"schemathesis {seed}: {done.stdout[-3000:]}")
        seed += 1
    return n, failures


def _errors(server: Server) -> list[str]:
    """5xx that the server itself counted."""
    text = ""
    with suppress(httpx.HTTPError):
        text = httpx.get(f"{server.url}/metrics", timeout=60).text
    if "plateia_request_seconds_count" not in text:
        return ["the server does not tell its metrics"]
    return [
        line
        for line in text.splitlines()
        if re.match(r'plateia_request_seconds_count.*status="5', line)
    ]
