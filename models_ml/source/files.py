"""The files of a source: where they lie, and their bytes, a chunk at a time.

A source holds users, movies and ratings, each a file such as `ratings.dat`, a
folder of parts such as `ratings/2000-12.dat`, or both.
"""

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final

from models_ml.errors import PlateiaError

KINDS: Final = ("users", "movies", "ratings")
#: The real files shrink to a fifth; what shrinks more is no list of ratings.
MAX_COMPRESSION: Final = 100
_CHUNK: Final = 4 << 20


class DataUnavailable(PlateiaError):  # noqa: N818 - the interface's name
    """The data set could not be had; the message says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"MovieLens 1M is not available: {reason}; download ml-1m.zip "
            "from https://grouplens.org/datasets/movielens/1m/ and set "
            "MOVIELENS_SOURCE to its path (or to `sample`, for generated "
            "data)."
        )
        self.reason = reason


@dataclass(frozen=True)
class SourceFile:
    """A file of a source, not yet read."""

    kind: str
    """One of KINDS."""
    name: str
    """`ratings.dat`, or `ratings/2000-12.dat` for a part."""
    named: str
    """As messages name it."""
    stamp: tuple[int, ...]
    """Differs once the file has changed: sizes and times of change (ns)."""
    n_bytes: int | None
    """As far as known before it is read."""
    chunks: Callable[[], Iterator[bytes]]
    """The bytes; raises DataUnavailable where they cannot be read."""


def folder_files(folder: Path) -> list[SourceFile]:
    """The files of a folder. Raises DataUnavailable where one is missing."""
    return [
        _folder_file(kind, path, path.relative_to(folder).as_posix())
        for kind in KINDS
        for path in _parts(folder, kind)
    ]


def _parts(folder: Path, kind: str) -> list[Path]:
    """`<kind>.dat`, then the parts in `<kind>/` in order of their names."""
    whole = folder / f"{kind}.dat"
    parts = sorted((folder / kind).glob("*.dat"))
    return [whole, *parts] if whole.exists() or not parts else parts


def _folder_file(kind: str, path: Path, name: str) -> SourceFile:
    try:
        status = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        raise DataUnavailable(f"{path} is no regular file")
    return SourceFile(
        kind=kind,
        name=name,
        named=str(path),
        stamp=(status.st_size, status.st_mtime_ns),
        n_bytes=status.st_size,
        chunks=partial(_file_chunks, path),
    )


def _file_chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from _chunks(file)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> DataUnavailable:
    return DataUnavailable(f"{path} cannot be read ({error.strerror})")


def zip_files(archive: Path, named: str) -> list[SourceFile]:
    """The files of a zip, found by their base name.

    So no path inside the archive decides where anything is written. Raises
    DataUnavailable where the zip does not hold each file once.
    """
    with _readable_zip(named), zipfile.ZipFile(archive) as zipped:
        members = [_member(zipped, f"{kind}.dat", named) for kind in KINDS]
        status = archive.stat()
    return [
        SourceFile(
            kind=kind,
            name=f"{kind}.dat",
            named=f"{kind}.dat in {named}",
            stamp=(status.st_size, status.st_mtime_ns),
            n_bytes=member.file_size,
            chunks=partial(_member_chunks, archive, member, named),
        )
        for kind, member in zip(KINDS, members, strict=True)
    ]


def _member(zipped: zipfile.ZipFile, name: str, named: str) -> zipfile.ZipInfo:
    matching = [
        member
        for member in zipped.infolist()
        if member.filename.rpartition("/")[2] == name
    ]
    if len(matching) != 1:
        raise DataUnavailable(
            f"{named} holds {name} {len(matching)} times, not once"
        )
    (member,) = matching
    if member.file_size > MAX_COMPRESSION * max(member.compress_size, 1):
        raise DataUnavailable(
            f"{name} in {named} would grow more than {MAX_COMPRESSION} times, "
            f"from {member.compress_size:,} to {member.file_size:,} bytes"
        )
    return member


def _member_chunks(
    archive: Path, member: zipfile.ZipInfo, named: str
) -> Iterator[bytes]:
    """No more bytes than the archive says: `zipfile` holds it to that."""
    with (
        _readable_zip(named),
        zipfile.ZipFile(archive) as zipped,
        zipped.open(member) as file,
    ):
        yield from _chunks(file)


@contextmanager
def _readable_zip(named: str) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise DataUnavailable(
            f"{named} is no zip that can be read ({error})"
        ) from error
    except OSError as error:
        raise DataUnavailable(
            f"{named} cannot be read ({error.strerror})"
        ) from error


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
