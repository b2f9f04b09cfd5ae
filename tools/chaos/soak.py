"""Half an hour of steady load, with a new release each minute."""

import hashlib
import itertools
import random
import re
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from api.runtime.cache import OVERHEAD
from api.runtime.query_service import MAX_CACHED_BODY
from api.runtime.response_cache import RELEASE_HEADER
from benchmarks.questions import Questions
from benchmarks.servers import Server, api_server
from models_ml.release.folder import FolderStore
from models_ml.release.publish import publish
from models_ml.warehouse.read import read_table
from tools.chaos.faults import another
from tools.chaos.kills import KEY, KEY_TEXT, built
from tools.chaos.tally import Tally

#: Of the capacity that was measured just before.
LOAD: Final = 0.7
#: By which memory may grow between the second and the last quarter.
GROWTH: Final = 0.05
#: Another build, whose answers are others.
_OTHER_SOURCE: Final = "sample:18000"
_N_THREADS: Final = 8
_N_QUESTIONS: Final = 200
#: MiB, of each worker: less than the answers of one release take, so that it
#: is full before memory is measured. A larger one goes on filling with each
#: release, which is no leak.
_CACHE_MIB: Final = 3
#: Seconds.
_CAPACITY_SECONDS: Final = 15.0
_BETWEEN_RELEASES: Final = 60.0
_BETWEEN_SAMPLES: Final = 5.0
_PATIENCE: Final = 30.0

_RELEASE: Final = re.compile(rb'"release":"([0-9a-f]+)"')


@dataclass(frozen=True)
class Question:
    """A request, without its host."""

    method: str
    path: str
    body: bytes
    sent: bytes
    """The same as HTTP/1.1."""


@dataclass
class Answers:
    """What several threads were answered."""

    n: int = 0
    n_bytes: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    seen: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    """Answers by version, question and digest of what was answered."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, k: int, response: httpx.Response) -> None:
        """Count the answer to question `k`."""
        version = response.headers.get(RELEASE_HEADER, "")
        told = set(_RELEASE.findall(response.content))
        digest = hashlib.sha256(_RELEASE.sub(b"", response.content))
        with self.lock:
            self.n += 1
            self.n_bytes += len(response.content)
            if response.status_code != 200:
                self.failures[f"status {response.status_code}"] += 1
            elif told != {version.encode()}:
                self.failures["an answer names other releases"] += 1
            else:
                self.seen[version, k, digest.hexdigest()] += 1

    def fail(self, error: Exception) -> None:
        """Count a request that was not answered."""
        with self.lock:
            self.n += 1
            self.failures[type(error).__name__] += 1


def soak(home: Path, minutes: int, seed: int) -> Tally:
    """Releases of two builds in turn; answers are those of one of them."""
    started = time.monotonic()
    other = built(home.with_name(f"{home.name}-other"), _OTHER_SOURCE)
    builds = [home / "trained", other / "trained"]
    questions = questions_of([home, other], seed)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        expected = [
            _reference(trained, folder / f"reference-{k}", questions)
            for k, trained in enumerate(builds)
        ]
        store = FolderStore(folder / "store")
        build_of = {publish(builds[0], store, KEY).version: 0}
        with _serving(store, folder) as server:
            rate = LOAD * _capacity(server, questions)
            answers, memory = Answers(), []
            with _asked(server, questions, answers, rate):
                for minute in range(1, minutes + 1):
                    memory += _memory(server)
                    build = minute % len(builds)
                    trained = folder / f"trained-{minute}"
                    another(builds[build], trained, str(minute))
                    version = publish(
                        trained,
                        store,
                        KEY,
                        force_worse=True,
                        force_smaller=True,
                    ).version
                    build_of[version] = build
    failures = [f"{n} of: {told}" for told, n in answers.failures.items()]
    failures += _mixed(answers, build_of, expected)
    growth = _growth(memory)
    if growth > GROWTH:
        failures.append(f"memory grew by {growth:.1%}")
    n_served = len({version for version, _, _ in answers.seen})
    return Tally(
        "soak",
        f"{minutes} minutes at {rate:.0f} requests a second, {LOAD:.0%} of the"
        f" capacity measured before, with a new release each minute"
        f" ({n_served} served); every answer is 200 and is, byte for byte,"
        f" what one release answers; memory of the workers, whose response"
        f" caches of {_CACHE_MIB} MiB are full from the start, from the second"
        f" to the last quarter, {growth:+.1%} (at most {GROWTH:+.0%})",
        answers.n,
        tuple(failures),
        time.monotonic() - started,
        seed,
        repeat=minutes,
    )


def questions_of(homes: list[Path], seed: int) -> list[Question]:
    """Of every kind that the benchmarks ask, on films of all builds."""
    tables = [
        read_table(home / "warehouse.duckdb", "marts.dim_movies").sort_by(
            [("n_ratings", "descending"), ("movie_id", "ascending")]
        )
        for home in homes
    ]
    known = [table["movie_id"].to_pylist() for table in tables]
    shared = set.intersection(*map(set, known))
    drawn = Questions([k for k in known[0] if k in shared], seed)
    kinds = itertools.cycle(
        [
            drawn.new_profile(),
            drawn.common_profile(),
            drawn.with_ratings(),
            drawn.with_answers(),
            drawn.with_filters(),
            drawn.new_film("gender", "age_group", limit=14),
            drawn.known_film(),
        ]
    )
    return [
        _question(next(kind)) for kind in itertools.islice(kinds, _N_QUESTIONS)
    ]


def _question(raw: bytes) -> Question:
    head, _, body = raw.partition(b"\r\n\r\n")
    method, path, _ = head.decode().split(" ", 2)
    return Question(method, path, body, raw)


def _reference(
    trained: Path, folder: Path, questions: list[Question]
) -> list[str]:
    """Digest of each answer of a server that has this release alone."""
    store = FolderStore(folder / "store")
    publish(trained, store, KEY)
    answers = Answers()
    with _serving(store, folder) as server, _client(server) as client:
        for k, question in enumerate(questions):
            answers.add(k, _ask(client, question))
    if answers.failures:
        raise RuntimeError(f"not all is answered: {answers.failures}")
    if _cached_bytes(questions, answers.n_bytes) < _CACHE_MIB << 20:
        raise RuntimeError(f"{_CACHE_MIB} MiB of cache are not filled")
    digest_of = {k: digest for _, k, digest in answers.seen}
    return [digest_of[k] for k in range(len(questions))]


def _cached_bytes(questions: list[Question], n_bytes: int) -> int:
    """What a cache counts of answers that have `n_bytes` together.

    A POST counts twice unless it is long: by its body and by its meaning.
    """
    entries = {
        (question.path, question.body): 1
        + (question.method == "POST" and len(question.body) <= MAX_CACHED_BODY)
        for question in questions
    }
    return sum(entries.values()) * (n_bytes // len(questions) + OVERHEAD)


@contextmanager
def _serving(store: FolderStore, folder: Path) -> Iterator[Server]:
    with api_server(
        PLATEIA_HOME=str(folder / "served"),
        PLATEIA_STORE=str(store.folder),
        PLATEIA_SIGNING_KEY=KEY_TEXT,
        PLATEIA_POLL_SECONDS="1",
        PLATEIA_LOG_LEVEL="WARNING",
        PLATEIA_CACHE_MIB=str(_CACHE_MIB),
    ) as server:
        yield server


def _client(server: Server) -> httpx.Client:
    return httpx.Client(base_url=server.url, timeout=_PATIENCE)


def _ask(client: httpx.Client, question: Question) -> httpx.Response:
    return client.request(
        question.method,
        question.path,
        content=question.body,
        headers={"content-type": "application/json"},
    )


def _capacity(server: Server, questions: list[Question]) -> float:
    """Answers a second, to threads that wait for nothing else."""
    answers = Answers()
    with _asked(server, questions, answers, rate=float("inf")):
        time.sleep(_CAPACITY_SECONDS)
    return answers.n / _CAPACITY_SECONDS


@contextmanager
def _asked(
    server: Server, questions: list[Question], answers: Answers, rate: float
) -> Iterator[None]:
    """Threads that together ask `rate` times a second, until the end."""
    ended = threading.Event()

    def ask(thread: int) -> None:
        drawn = random.Random(thread)  # noqa: S311
        pause = _N_THREADS / rate
        due = time.monotonic() + drawn.uniform(0, pause)
        with _client(server) as client:
            while not ended.wait(max(due - time.monotonic(), 0)):
                due += pause
                k = drawn.randrange(len(questions))
                try:
                    answers.add(k, _ask(client, questions[k]))
                except httpx.HTTPError as error:
                    answers.fail(error)

    threads = [
        threading.Thread(target=ask, args=(k,)) for k in range(_N_THREADS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _memory(server: Server) -> list[float]:
    """MiB of the workers, now and then until the next release is due."""
    measured = []
    end = time.monotonic() + _BETWEEN_RELEASES
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(_BETWEEN_SAMPLES, left))
        measured.append(server.memory_mib())
    return measured


def _growth(memory: list[float]) -> float:
    """Of the last quarter above the second: the first is a warm-up."""
    quarter = max(len(memory) // 4, 1)
    before = statistics.mean(memory[quarter : 2 * quarter] or memory)
    return statistics.mean(memory[-quarter:]) / before - 1


def _mixed(
    answers: Answers, build_of: dict[str, int], expected: list[list[str]]
) -> list[str]:
    """Answers that are not those of the release they name."""
    return [
        f"{n} answers to question {k} are not those of {version}"
        for (version, k, digest), n in answers.seen.items()
        if version not in build_of or expected[build_of[version]][k] != digest
    ]
