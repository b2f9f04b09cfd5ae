"""A line to an S3 server that fails in every way, drawn from a seed."""

import json
import os
import random
import secrets
import shutil
import socket
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Barrier, Lock
from typing import Any, Final

from models_ml.release.load import load_current, load_last_good
from models_ml.release.manifest import ReleaseRefused
from models_ml.release.publish import PublishError, publish
from models_ml.release.s3 import S3Store
from models_ml.release.store import Store, StoreError
from tests.environments import locked_python
from tests.models_ml.release.s3_servers import (
    BUCKETS,
    LOCK,
    Answer,
    FaultyHandler,
    S3Server,
    faulty_line,
    ministack,
    moto,
)
from tools.chaos.kills import KEY, KEYS
from tools.chaos.tally import Tally

#: Seconds that one step may take over the line.
STEP_SECONDS: Final = 3.0
#: Seconds that a hanging or dripping answer lasts, unless it is cut off.
_ENDLESS: Final = 30.0
_CODES: Final = {
    **{403: "AccessDenied", 404: "NoSuchKey", 429: "TooManyRequests"},
    **{500: "InternalError", 503: "SlowDown"},
}


class SeededFaults:
    """What becomes of each request, in the order in which they come.

    About half pass. Stands where `faulty_line` takes a list of faults.
    """

    def __init__(self, seed: int) -> None:
        self._drawn = random.Random(seed)  # noqa: S311
        self._lock = Lock()
        self._pointers: list[Answer] = []

    def __bool__(self) -> bool:
        return True

    def pop(self, place: int) -> Callable[..., bool]:
        """The next fault."""
        del place
        faults = (
            *(_latency, _reset, _slow_close, self._truncated, self._damaged),
            *(self._status, _hangs, _drips, self._stale),
        )
        with self._lock:
            passes = self._drawn.random() < 0.5
            return self._remember if passes else self._drawn.choice(faults)

    def _remember(self, handler: FaultyHandler, answer: Any) -> bool:
        if answer is not None and _is_pointer(handler):
            self._pointers.append(answer)
        return False

    def _truncated(self, handler: FaultyHandler, answer: Any) -> bool:
        if answer is None:
            return False
        handler.send(answer, answer.body[: self._place(answer.body)])
        handler.close_connection = True
        return True

    def _damaged(self, handler: FaultyHandler, answer: Any) -> bool:
        if answer is None or not answer.body:
            return False
        body = bytearray(answer.body)
        body[self._place(body)] ^= 1
        handler.send(answer, bytes(body))
        return True

    def _status(self, handler: FaultyHandler, answer: Any) -> bool:
        if answer is None:
            with self._lock:
                status = self._drawn.choice(list(_CODES))
            body = f"<Error><Code>{_CODES[status]}</Code></Error>".encode()
            handler.send(Answer(status, [], body), body)
        return True

    def _stale(self, handler: FaultyHandler, answer: Any) -> bool:
        """A pointer as it was before, well signed."""
        if answer is None or not _is_pointer(handler) or not self._pointers:
            return False
        with self._lock:
            old = self._drawn.choice(self._pointers)
        handler.send(old, old.body)
        return True

    def _place(self, body: Any) -> int:
        with self._lock:
            return self._drawn.randrange(max(len(body), 1))


def _is_pointer(handler: FaultyHandler) -> bool:
    path = handler.path.split("?")[0]
    return handler.command == "GET" and path.endswith("current.json")


def _latency(handler: FaultyHandler, answer: Any) -> bool:
    del handler
    if answer is None:
        time.sleep(0.2)
    return False


def _reset(handler: FaultyHandler, answer: Any) -> bool:
    """The connection is reset, before or after the server did its work."""
    del answer
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.close_connection = True
    return True


def _slow_close(handler: FaultyHandler, answer: Any) -> bool:
    if answer is None:
        return False
    handler.send(answer, answer.body)
    time.sleep(0.2)
    handler.close_connection = True
    return True


def _hangs(handler: FaultyHandler, answer: Any) -> bool:
    del answer
    with suppress(OSError):
        handler.connection.settimeout(_ENDLESS)
        handler.connection.recv(1)
    handler.close_connection = True
    return True


def _drips(handler: FaultyHandler, answer: Any) -> bool:
    """A byte now and then; the client has to give up."""
    if answer is None:
        return False
    handler.send_response_only(answer.status)
    handler.send_header("ETag", '"drip"')
    handler.send_header("Content-Length", str(1 << 30))
    handler.end_headers()
    end = time.monotonic() + _ENDLESS
    with suppress(OSError):
        while time.monotonic() < end:
            handler.wfile.write(b"x")
            time.sleep(0.02)
    handler.close_connection = True
    return True


def store_faults(home: Path, tries: int, seed: int) -> Tally:
    """Publish and read, in turn, over a line that fails."""
    started = time.monotonic()
    failures = []
    with tempfile.TemporaryDirectory() as made, servers(made) as (one, other):
        for k in range(tries):
            server = (one, other)[k % 2]
            round_seed = seed * 100_000 + k
            folder = Path(made) / str(k)
            told = _round(home, folder, server, round_seed)
            shutil.rmtree(folder)
            if told:
                failures.append(f"seed {round_seed}, {server.name}: {told}")
    return Tally(
        "store",
        "publishing and reading over a line that delays, resets, cuts,"
        " damages, refuses, hangs, drips and shows old pointers, before two"
        " S3 servers; the store always names a whole release, and a reader"
        " has the last good one",
        tries,
        tuple(failures),
        time.monotonic() - started,
        seed,
    )


def _round(home: Path, folder: Path, server: S3Server, seed: int) -> str:
    """What did not hold, in words; empty if all did."""
    direct = _bucket(server)
    versions = [publish(home / "trained", direct, KEY).version]
    trained = another(home / "trained", folder / "trained", "1")
    cache = folder / "cache"
    faults: Any = SeededFaults(seed)
    with faulty_line(server, faults) as endpoint:
        line = _over(endpoint, server, direct)
        for _ in range(3):
            accepted = _read(line, cache)
            if accepted not in (None, *versions):
                return f"{accepted} was served"
            last_good = load_last_good(line, cache, KEYS)
            if accepted is not None and last_good is None:
                return "what was accepted does not serve"
        with suppress(StoreError, PublishError), line.within(STEP_SECONDS):
            publish(trained, line, KEY)
    # Whatever became of it, the store names a whole release.
    served = load_current(direct, folder / "fresh", KEYS).version
    done = publish(trained, direct, KEY).version
    if served not in (*versions, done):
        return f"{served} is current"
    if load_current(direct, cache, KEYS).version != done:
        return "publishing again did not complete"
    return ""


def _read(line: S3Store, cache: Path) -> str | None:
    try:
        with line.within(STEP_SECONDS):
            return load_current(line, cache, KEYS).version
    except (StoreError, ReleaseRefused):
        return None


def publisher_races(home: Path, tries: int, seed: int) -> Tally:
    """Sixteen publishers at once, over and over."""
    started = time.monotonic()
    failures = []
    with tempfile.TemporaryDirectory() as made, servers(made) as (one, other):
        trained = [
            another(home / "trained", Path(made) / f"trained-{k}", str(k))
            for k in range(16)
        ]
        for k in range(tries):
            server = (one, other)[k % 2]
            told = _race(trained, _bucket(server), Path(made) / f"c{k}")
            if told:
                failures.append(f"race {k}, {server.name}: {told}")
    return Tally(
        "races",
        "sixteen publishers at once, in two S3 servers; exactly one wins, and"
        " its release is whole",
        tries,
        tuple(failures),
        time.monotonic() - started,
        seed,
    )


def _race(trained: list[Path], store: Store, cache: Path) -> str:
    waiting: Any = _Waiting(store, Barrier(len(trained)))

    def attempt(folder: Path) -> str | None:
        try:
            return publish(folder, waiting, KEY).version
        except PublishError:
            return None

    with ThreadPoolExecutor(len(trained)) as pool:
        won = [each for each in pool.map(attempt, trained) if each]
    if len(won) != 1:
        return f"{len(won)} won"
    served = load_current(store, cache, KEYS).version
    shutil.rmtree(cache)
    return "" if served == won[0] else f"{served} is current"


def _bucket(server: S3Server) -> S3Store:
    """A new bucket, as a user of the server."""
    name = BUCKETS + secrets.token_hex(8)
    server.client().create_bucket(Bucket=name)
    return _opened(server.environment(), f"s3://{name}/releases")


def _over(endpoint: str, server: S3Server, store: S3Store) -> S3Store:
    """The same bucket over another line."""
    changed = server.environment() | {"AWS_ENDPOINT_URL": endpoint}
    return _opened(changed, store.location)


def _opened(environment: dict[str, str], location: str) -> S3Store:
    os.environ.update(environment)
    return S3Store(location, read_timeout=1.0)


def another(trained: Path, copy: Path, mark: str) -> Path:
    """A copy that makes another release, which is no worse."""
    shutil.copytree(trained, copy)
    record = copy / "training.json"
    content = json.loads(record.read_bytes())
    content["libraries"]["chaos"] = mark
    record.write_text(json.dumps(content), "utf-8")
    return copy


class _Waiting:
    """A store whose pointer moves once all publishers got that far."""

    def __init__(self, store: Store, barrier: Barrier) -> None:
        self._store = store
        self._barrier = barrier

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def replace(self, key: str, content: bytes, tag: str | None) -> bool:
        self._barrier.wait(300)
        return self._store.replace(key, content, tag)


@contextmanager
def servers(made: str) -> Iterator[tuple[S3Server, S3Server]]:
    """ministack and moto, over sockets."""
    folders = [Path(made) / name for name in ("ministack", "moto")]
    for folder in folders:
        folder.mkdir()
    environment = Path(".cache") / "ministack"
    environment.mkdir(parents=True, exist_ok=True)
    python = locked_python(LOCK, environment.absolute())
    with ministack(python, folders[0]) as one, moto(folders[1]) as other:
        yield one, other
