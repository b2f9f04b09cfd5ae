"""SIGKILL at seeded points of fetch, warehouse, train, publish, cache fill.

After each: what served before still does, nothing partial is read, and the
same step run again completes.
"""

import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest import mock

import duckdb

from models_ml.release.folder import FolderStore
from models_ml.release.keys import SigningKey, VerifyKeys
from models_ml.release.load import load_current, load_last_good
from models_ml.release.publish import publish
from models_ml.settings import PROJECT, Settings, environment, load_settings
from models_ml.source.movielens import fetch
from models_ml.warehouse.build import build
from tools.chaos.forks import ChildFailed, forked, killed_at, lines_of, shown
from tools.chaos.tally import Tally

SOURCE: Final = "sample:20000"
#: As the tests have it, whose build serves for these experiments too.
KEY_TEXT: Final = "a key for the tests only"
KEY: Final = SigningKey.from_text(KEY_TEXT)
KEYS: Final = VerifyKeys.of(KEY)


def publish_kills(home: Path, tries: int, seed: int) -> Tally:
    """Kills of a publisher, at lines it executes."""
    with _stores(home) as (old, trained):

        def step(folder: Path) -> None:
            publish(trained, FolderStore(folder / "store"), KEY)

        def check(folder: Path) -> None:
            store = FolderStore(folder / "store")
            load_current(store, folder / "cache", KEYS)
            version = publish(trained, store, KEY).version
            served = load_current(store, folder / "cache", KEYS)
            _must(served.version == version, "publishing again won nothing")
            left = list(store.folder.rglob("*.part"))
            _must(not left, f"parts are left: {left}")

        return _at_lines(
            "publish",
            "a publisher is killed at a line it executes; the store serves,"
            " and publishing again completes",
            (old, step, check),
            tries,
            seed,
        )


def cache_kills(home: Path, tries: int, seed: int) -> Tally:
    """Kills of a reader that fills its cache."""
    with _stores(home) as (old, _):

        def step(folder: Path) -> None:
            store = FolderStore(folder / "store")
            load_current(store, folder / "cache", KEYS)

        def check(folder: Path) -> None:
            store = FolderStore(folder / "store")
            load_last_good(store, folder / "cache", KEYS)
            step(folder)
            last_good = load_last_good(store, folder / "cache", KEYS)
            _must(last_good is not None, "no release was accepted")
            left = (folder / "cache").glob(".arriving*")
            _must(not list(left), "a release is left half fetched")

        return _at_lines(
            "cache",
            "a reader is killed at a line of fetching and verifying; what it"
            " accepted serves, and reading again completes",
            (old, step, check),
            tries,
            seed,
        )


def _done(step: Callable[[Path], None], folder: Path) -> str:
    step(folder)
    return ""


def fetch_kills(home: Path, tries: int, seed: int) -> Tally:
    """Kills of `fetch`."""
    del home

    def step(folder: Path) -> None:
        settings = load_settings(
            {"PLATEIA_HOME": str(folder), "MOVIELENS_SOURCE": "sample:10000"}
        )
        fetch(settings, progress=False)

    with tempfile.TemporaryDirectory() as made:
        reference = Path(made) / "reference"
        forked(partial(_done, step, reference))
        expected = _tree(reference / "data")

        def check(folder: Path) -> None:
            step(folder)
            _must(_tree(folder / "data") == expected, "other data landed")

        empty = Path(made) / "empty"
        empty.mkdir()
        return _at_lines(
            "fetch",
            "`fetch` is killed at a line it executes; fetching again lands the"
            " same bytes",
            (empty, step, check),
            tries,
            seed,
        )


def warehouse_kills(home: Path, tries: int, seed: int) -> Tally:
    """Kills of `warehouse` at its own lines; dbt's result is copied."""
    expected = _n_ratings(home)
    settings = load_settings({"MOVIELENS_SOURCE": SOURCE})

    def copied(_: Settings, warehouse: Path, **__: Any) -> None:
        shutil.copyfile(home / "warehouse.duckdb", warehouse)

    def step(folder: Path) -> bool:
        with mock.patch("models_ml.warehouse.build.run_dbt", copied):
            return build(replace(settings, home=folder))

    def check(folder: Path) -> None:
        _must(_n_ratings(folder) == expected, "the old warehouse is not whole")
        step(folder)
        _must(_n_ratings(folder) == expected, "the new warehouse is not whole")
        _must(not step(folder), "what was built is not valid")
        left = list(folder.glob("*.building.*"))
        _must(not left, f"parts are left: {left}")

    with _copy(home) as start:
        (start / "warehouse.json").unlink()
        return _at_lines(
            "warehouse",
            "`warehouse` is killed at a line it executes, dbt's result being"
            " copied; the old or the new warehouse is whole, and building"
            " again completes",
            (start, step, check),
            tries,
            seed,
        )


def dbt_kills(home: Path, tries: int, seed: int) -> Tally:
    """Kills of `warehouse` while dbt builds."""
    expected = _n_ratings(home)

    def prepare(folder: Path) -> None:
        (folder / "warehouse.json").unlink()

    def check(folder: Path) -> None:
        _must(_n_ratings(folder) == expected, "the old warehouse is not whole")
        _completes(folder, "warehouse")
        _must(_n_ratings(folder) == expected, "the new warehouse is not whole")

    return _at_times(
        "dbt",
        "`warehouse` is killed while dbt builds; the old warehouse is whole,"
        " and building again completes",
        (home, "warehouse", prepare, check),
        tries,
        seed,
    )


def train_kills(home: Path, tries: int, seed: int) -> Tally:
    """Kills of `train`."""

    def prepare(folder: Path) -> None:
        (folder / "trained" / "training.json").unlink()

    def check(folder: Path) -> None:
        store = FolderStore(folder / "store")
        before = load_current(store, folder / "cache", KEYS).version
        told = _run(folder, "publish")
        _must(
            told.returncode == 0 or told.stderr.count("\n") == 1,
            f"publishing what a kill left: {told.stderr}",
        )
        after = load_current(store, folder / "cache", KEYS).version
        _must(told.returncode == 0 or after == before, "the pointer moved")
        _completes(folder, "train")
        _completes(folder, "publish")

    return _at_times(
        "train",
        "`train` is killed; the release serves, nothing partial is"
        " published, and training again completes",
        (home, "train", prepare, check),
        tries,
        seed,
    )


def prepared(home: Path) -> Path:
    """A PLATEIA_HOME with a whole build of generated data."""
    return built(home, SOURCE)


def built(home: Path, source: str) -> Path:
    """The same from a source of its own."""
    if not (home / "store" / "current.json").exists():
        done = _run(home, "build", source)
        _must(done.returncode == 0, f"build: {done.stderr[-2000:]}")
    return home


Steps = tuple[Path, Callable[[Path], object], Callable[[Path], None]]


def _at_lines(
    name: str, what: str, steps: Steps, tries: int, seed: int
) -> Tally:
    """Kill a step at lines of its code, in copies of a folder.

    `steps`: the folder, the step and the check, which are told the copy.
    """
    start, step, check = steps
    started = time.monotonic()
    with _copy(start) as folder:
        lines = lines_of(lambda: step(folder))
    failures = []
    drawn = random.Random(seed)  # noqa: S311
    for _ in range(tries):
        line = drawn.choice(lines)
        with _copy(start) as folder:
            killed = killed_at(lambda: step(folder), line)
            try:
                _must(killed, "it was not killed")
                forked(lambda: str(check(folder)))
            except ChildFailed as error:
                failures.append(f"{shown(line)}: {error}")
    seconds = time.monotonic() - started
    return Tally(name, what, tries, tuple(failures), seconds, seed)


Command = tuple[Path, str, Callable[[Path], None], Callable[[Path], None]]


def _at_times(
    name: str, what: str, command: Command, tries: int, seed: int
) -> Tally:
    """Kill a command after part of the time that it takes."""
    start, argument, prepare, check = command
    started = time.monotonic()
    with _copy(start) as folder:
        prepare(folder)
        begun = time.monotonic()
        _completes(folder, argument)
        whole = time.monotonic() - begun
    failures = []
    drawn = random.Random(seed)  # noqa: S311
    for _ in range(tries):
        after = drawn.uniform(0, whole)
        with _copy(start) as folder:
            prepare(folder)
            _killed_after(folder, argument, after)
            try:
                forked(lambda: str(check(folder)))
            except ChildFailed as error:
                failures.append(f"after {after:.2f} s: {error}")
    seconds = time.monotonic() - started
    return Tally(name, what, tries, tuple(failures), seconds, seed)


def _killed_after(folder: Path, argument: str, seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "models_ml", argument],
        cwd=PROJECT,
        env=_environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        # The process alone, as the kernel does when memory runs out.
        process.kill()
        process.wait()


def _completes(folder: Path, argument: str) -> None:
    done = _run(folder, argument)
    _must(done.returncode == 0, f"{argument} again: {done.stderr[-2000:]}")


def _run(
    folder: Path, argument: str, source: str = SOURCE
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "models_ml", argument],
        cwd=PROJECT,
        env=_environment(folder, source),
        capture_output=True,
        text=True,
        check=False,
    )


def _environment(folder: Path, source: str = SOURCE) -> dict[str, str]:
    return environment(
        MOVIELENS_SOURCE=source,
        PLATEIA_HOME=str(folder),
        PLATEIA_STORE=str(folder / "store"),
        PLATEIA_SIGNING_KEY=KEY_TEXT,
    )


@contextmanager
def _stores(home: Path) -> Iterator[tuple[Path, Path]]:
    """A folder whose store has a release, and what makes another one."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        trained = shutil.copytree(home / "trained", folder / "trained")
        old = folder / "old"
        store = FolderStore(old / "store")
        forked(lambda: publish(trained, store, KEY).version)
        record = trained / "training.json"
        text = record.read_text("utf-8")
        record.write_text(text.replace('"libraries": {', _ANOTHER), "utf-8")
        yield old, trained


#: Makes the release another one, which is no worse.
_ANOTHER: Final = '"libraries": {\n  "chaos": "1",'


@contextmanager
def _copy(start: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "home"
        shutil.copytree(start, folder)
        yield folder


def _tree(folder: Path) -> dict[str, str]:
    """Digest of each file; times of landing are left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix == ".parquet"
    }


def _n_ratings(home: Path) -> Any:
    with duckdb.connect(
        str(home / "warehouse.duckdb"), read_only=True
    ) as connection:
        query = "select count(*), sum(stars) from marts.fct_ratings"
        return connection.execute(query).fetchone()


def _must(holds: bool, told: str) -> None:
    if not holds:
        raise ChildFailed(told)
