"""Hostile releases: pickles, flipped bits, swapped and oversized files."""

import json
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final

import msgspec

from models_ml.release.folder import FolderStore
from models_ml.release.load import load_current, load_last_good
from models_ml.release.manifest import (
    FileRecord,
    Manifest,
    ReleaseRefused,
    canonical,
    sign,
)
from models_ml.release.payload import PayloadError, load_payload
from models_ml.release.pointer import move_pointer, read_pointer
from models_ml.release.publish import publish
from models_ml.release.store import StoreError
from tools.chaos.forks import ChildFailed, forked
from tools.chaos.kills import KEY, KEYS
from tools.chaos.pickles import SOUND, hostile_pickles
from tools.chaos.tally import Tally

#: What reading a hostile pickle may take.
SECONDS: Final = 1.0
MEBIBYTES: Final = 64


def hostile_pickle_loads(home: Path, tries: int, seed: int) -> Tally:
    """Each hostile pickle, in a process of its own."""
    del home
    started = time.monotonic()
    hostile = list(hostile_pickles())
    drawn = random.Random(seed).sample(  # noqa: S311
        hostile, min(tries, len(hostile))
    )
    failures = []
    for name, data in drawn:
        try:
            forked(lambda: _refused_cheaply(data))  # noqa: B023
        except ChildFailed as error:
            failures.append(f"{name}: {error}")
    return Tally(
        "pickles",
        f"a signed `model.pkl` is a hostile pickle; it is refused within"
        f" {SECONDS:g} s of CPU and {MEBIBYTES} MiB",
        len(drawn),
        tuple(failures),
        time.monotonic() - started,
        seed,
    )


def _refused_cheaply(data: bytes) -> str:
    load_payload(SOUND)
    memory, used = _peak(), time.process_time()
    try:
        load_payload(data)
    except PayloadError:
        pass
    else:
        raise ChildFailed("it was not refused")
    seconds = time.process_time() - used
    if seconds > SECONDS:
        raise ChildFailed(f"it took {seconds:.2f} s")
    if _peak() - memory > MEBIBYTES << 10:
        raise ChildFailed(f"it took {(_peak() - memory) >> 10} MiB")
    return ""


def _peak() -> int:
    """KiB, at most, that this process had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def flipped_bits(home: Path, tries: int, seed: int) -> Tally:
    """One bit of one file of the store is another."""
    started = time.monotonic()
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        version = forked(
            lambda: publish(home / "trained", _store(folder), KEY).version
        )
        files = [
            *sorted((folder / "store" / "releases" / version).iterdir()),
            folder / "store" / "current.json",
        ]
        drawn = random.Random(seed)  # noqa: S311
        points = [
            (path, drawn.randrange(path.stat().st_size), drawn.randrange(8))
            for path in files
            for _ in range(tries // len(files))
        ]
        told = forked(lambda: json.dumps(_served(folder, points)))
        failures += json.loads(told)
    return Tally(
        "bits",
        "one bit of a release or of `current.json` is flipped in the store;"
        " nothing else than what was signed is served",
        len(points),
        tuple(failures),
        time.monotonic() - started,
        seed,
    )


Point = tuple[Path, int, int]


def _served(folder: Path, points: list[Point]) -> list[str]:
    """The flips after which something was served that was not signed."""
    store, failures = _store(folder), []
    signed = store.read("current.json", 1 << 20).content
    for path, place, bit in points:
        with path.open("r+b") as file:
            _flip(file, place, bit)
            cache = folder / "cache"
            try:
                load_current(store, cache, KEYS)
            except (ReleaseRefused, StoreError):
                pass
            else:
                # White space and the case of a digit are the same JSON.
                now = store.read("current.json", 1 << 20).content
                if path.name != "current.json" or not _same(now, signed):
                    failures.append(f"{path.name}, bit {bit} of {place}")
            _flip(file, place, bit)
        shutil.rmtree(cache, ignore_errors=True)
    return failures


def _flip(file: IO[bytes], place: int, bit: int) -> None:
    file.seek(place)
    byte = file.read(1)[0]
    file.seek(place)
    file.write(bytes([byte ^ (1 << bit)]))
    file.flush()


def _same(now: bytes, signed: bytes) -> bool:
    return bool(
        msgspec.json.decode(now.lower()) == msgspec.json.decode(signed.lower())
    )


Attack = Callable[[Path, str, str], None]


def attacks(home: Path, tries: int, seed: int) -> Tally:
    """Everything that who can write to the store, or holds a key, can do."""
    del tries
    started = time.monotonic()
    failures = []
    tried = list(_attacks())
    with tempfile.TemporaryDirectory() as made:
        start = Path(made) / "start"
        versions = forked(lambda: _two_releases(home, start)).split()
        for k, (name, attack) in enumerate(tried):
            folder = Path(shutil.copytree(start, Path(made) / str(k)))
            try:
                forked(lambda: _withstood(folder, attack, *versions))  # noqa: B023
            except ChildFailed as error:
                failures.append(f"{name}: {error}")
            shutil.rmtree(folder)
    return Tally(
        "attacks",
        "a store with two releases is tampered with: swaps, downgrades,"
        " paths, sizes, kinds of files; a reader refuses, and serves what it"
        " accepted",
        len(tried),
        tuple(failures),
        time.monotonic() - started,
        seed,
    )


def _two_releases(home: Path, folder: Path) -> str:
    """A store with two releases."""
    store = _store(folder)
    trained = shutil.copytree(home / "trained", folder / "trained")
    first = publish(trained, store, KEY).version
    pointer = store.read("current.json", 1 << 20).content
    (folder / "first-pointer.json").write_bytes(pointer)
    record = trained / "training.json"
    content = json.loads(record.read_bytes())
    content["libraries"]["chaos"] = "1"
    record.write_text(json.dumps(content), "utf-8")
    time.sleep(1.1)  # so that the numbers of the pointers differ
    second = publish(trained, store, KEY).version
    return f"{first} {second}"


def _withstood(folder: Path, attack: Attack, first: str, second: str) -> str:
    store, cache = _store(folder), folder / "cache"
    load_current(store, cache, KEYS)
    attack(store.folder, first, second)
    # The store is asked, not the cache; but what was accepted is known.
    shutil.move(cache / second, folder / "kept")
    try:
        load_current(store, cache, KEYS)
    except (ReleaseRefused, StoreError):
        pass
    else:
        raise ChildFailed("it was not refused")
    shutil.rmtree(cache / second, ignore_errors=True)
    shutil.move(folder / "kept", cache / second)
    last_good = load_last_good(store, cache, KEYS)
    if last_good is None or last_good.version != second:
        raise ChildFailed("the release that was accepted does not serve")
    return ""


def _attacks() -> Iterator[tuple[str, Attack]]:
    for name in ("model.pkl", "serving.duckdb", "manifest.json"):
        yield from _on_file(name)
    yield from _on_pointer()
    yield from _with_key()


def _on_file(name: str) -> Iterator[tuple[str, Attack]]:
    def replaced(make: Callable[[Path], object]) -> Attack:
        def attack(store: Path, first: str, second: str) -> None:
            del first
            path = store / "releases" / second / name
            path.unlink()
            make(path)

        return attack

    def swapped(store: Path, first: str, second: str) -> None:
        releases = store / "releases"
        shutil.copy(releases / first / name, releases / second / name)
        if name != "manifest.json":
            # The files are equal: then it is their manifests that differ.
            with (releases / second / name).open("ab") as file:
                file.write(b"\0")

    yield f"{name} is swapped", swapped
    yield f"{name} is missing", replaced(lambda path: None)
    yield f"{name} is empty", replaced(lambda path: path.touch())
    yield (
        f"{name} has no end",
        replaced(lambda path: path.symlink_to("/dev/zero")),
    )
    yield f"{name} is a folder", replaced(lambda path: path.mkdir())
    yield f"{name} is a pipe", replaced(os.mkfifo)
    yield f"{name} is a sparse terabyte", replaced(_sparse)
    yield (
        f"{name} is a link elsewhere",
        replaced(lambda path: path.symlink_to("/etc/hostname")),
    )


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def _on_pointer() -> Iterator[tuple[str, Attack]]:
    def written(content: bytes) -> Attack:
        def attack(store: Path, first: str, second: str) -> None:
            del first, second
            (store / "current.json").write_bytes(content)

        return attack

    def old(store: Path, first: str, second: str) -> None:
        del first, second
        shutil.copy(
            store.with_name("first-pointer.json"), store / "current.json"
        )

    def renamed(store: Path, first: str, second: str) -> None:
        path = store / "current.json"
        path.write_bytes(
            path.read_bytes().replace(second.encode(), first.encode())
        )

    def escaping(store: Path, first: str, second: str) -> None:
        path = store / "current.json"
        path.write_bytes(
            path.read_bytes().replace(
                second.encode(), f"../releases/{first}"[:20].encode()
            )
        )

    yield "the pointer is an old one", old
    yield "the pointer names another version", renamed
    yield "the pointer leaves the store", escaping
    for content in (b"", b"{}", b"\xff", b"null", b"[" * 100_000, b" " * 9999):
        yield f"the pointer is {content[:9]!r}", written(content)


def _with_key() -> Iterator[tuple[str, Attack]]:
    """A manifest, well signed, that says what cannot be."""

    def signed(change: Callable[[Manifest], Manifest]) -> Attack:
        def attack(store: Path, first: str, second: str) -> None:
            del first
            folder = store / "releases" / second
            manifest = msgspec.json.decode(
                (folder / "manifest.json").read_bytes(), type=Manifest
            )
            made = sign(change(manifest), KEY)
            (folder / "manifest.json").write_bytes(canonical(made))
            folder.rename(folder.with_name(made.version))
            at = FolderStore(store)
            before = read_pointer(at, KEYS)
            move_pointer(at, before, made.version, KEY, 30)

        return attack

    def files(**records: FileRecord) -> Callable[[Manifest], Manifest]:
        return lambda manifest: msgspec.structs.replace(
            manifest, files={**manifest.files, **records}
        )

    huge = FileRecord(sha256="0" * 64, size=1 << 62)
    negative = FileRecord(sha256="0" * 64, size=-1)
    yield "a signed size of 4 EiB", signed(files(**{"model.pkl": huge}))
    yield "a signed size below 0", signed(files(**{"model.pkl": negative}))
    yield (
        "a signed file outside",
        signed(files(**{"../../../escaped": huge})),
    )
    yield (
        "a signed manifest of another format",
        signed(lambda m: msgspec.structs.replace(m, format=1)),
    )
    yield (
        "signed rows that are not there",
        signed(
            lambda m: msgspec.structs.replace(
                m, rows={**m.rows, "movies": 1 << 40}
            )
        ),
    )


def _store(folder: Path) -> FolderStore:
    return FolderStore(folder / "store")
