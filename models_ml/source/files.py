"""The files of a source: where they lie, and their bytes, a chunk at a time.

A source holds users, movies and ratings, each a file such as `ratings.dat`, a
folder of parts such as `ratings/2000-12.dat`, or both; `formats` tells which
names they have.
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

from models_ml.source.formats import (
    KINDS,
    ML_1M,
    ML_100K,
    ML_100K_GENRES,
    DataUnavailable,
    Member,
    members,
    name_below,
)
from models_ml.source.lines import decode

#: The real files shrink to a fifth; what shrinks more is no list of ratings.
MAX_COMPRESSION: Final = 100
_CHUNK: Final = 4 << 20
#: Columns of MovieLens 100K's films: the date of release, and for each genre
#: one that tells with 1 or 0 whether a film has it.
RELEASE_DATE: Final = "release_date"
GENRE_FLAG: Final = "genre "


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
    format: str = ML_1M
    columns: tuple[str, ...] = ()
    """Of a file without a header, as MovieLens 100K's: its columns' names."""


def folder_files(folder: Path) -> list[SourceFile]:
    """The files of a folder. Raises DataUnavailable where one is missing."""
    try:
        names = {
            path.relative_to(folder).as_posix()
            for below in (folder, *(folder / kind for kind in KINDS))
            if below.is_dir()
            for path in below.iterdir()
        }
    except OSError as error:
        raise _unreadable(folder, error) from error
    return [
        _folder_file(folder, member) for member in members(names, str(folder))
    ]


def _folder_file(folder: Path, member: Member) -> SourceFile:
    path = folder / member.name
    try:
        status = path.stat()
        is_regular = stat.S_ISREG(status.st_mode)
        genres = genre_file(member)
        listed = (folder / genres).read_bytes() if genres else b""
    except OSError as error:
        raise _unreadable(path, error) from error
    if not is_regular:
        raise DataUnavailable(f"{path} is no regular file")
    return SourceFile(
        kind=member.kind,
        name=member.name,
        named=str(path),
        stamp=(status.st_size, status.st_mtime_ns, *_stamp_of(listed)),
        n_bytes=status.st_size,
        chunks=partial(_file_chunks, path),
        format=member.format,
        columns=columns_of(member, listed),
    )


def genre_file(member: Member) -> str | None:
    """The file that names the columns of a film's genres, if one does."""
    is_flagged = (member.kind, member.format) == ("movies", ML_100K)
    return ML_100K_GENRES if is_flagged else None


def _stamp_of(listed: bytes) -> tuple[int, ...]:
    return (zlib.crc32(listed),) if listed else ()


def columns_of(member: Member, listed: bytes) -> tuple[str, ...]:
    """Columns of MovieLens 100K's files, which have no header.

    `listed` holds the genres, `Action|1` a line; each has a column of flags.
    """
    if member.format != ML_100K:
        return ()
    if member.kind == "users":
        return ("user_id", "age", "gender", "occupation", "zip_code")
    if member.kind == "ratings":
        return ("user_id", "movie_id", "stars", "rated_at")
    genres = [
        line.rpartition("|")[0] for line in decode_lines(listed) if "|" in line
    ]
    return (
        *("movie_id", "title", RELEASE_DATE, "video_release_date"),
        "imdb_url",
        *(f"{GENRE_FLAG}{genre}" for genre in genres),
    )


def decode_lines(content: bytes) -> list[str]:
    """The lines of a small file as text."""
    return [decode(line)[0] for line in content.splitlines()]


def _file_chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from _chunks(file)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> DataUnavailable:
    return DataUnavailable(f"{path} cannot be read ({error.strerror})")


def zip_files(archive: Path, named: str) -> list[SourceFile]:
    """The files of a zip, known by their own names and their folders'.

    No path inside the archive decides where anything is written. Raises
    DataUnavailable where the zip does not hold each file once.
    """
    with _readable_zip(named), zipfile.ZipFile(archive) as zipped:
        names = {name_below(each.filename) for each in zipped.infolist()}
        return [
            _zip_file(archive, zipped, member, named)
            for member in members(names, named)
        ]


def _zip_file(
    archive: Path, zipped: zipfile.ZipFile, member: Member, named: str
) -> SourceFile:
    inside = _member(zipped, member.name, named)
    status = archive.stat()
    genres = genre_file(member)
    listed = zipped.read(_member(zipped, genres, named)) if genres else b""
    return SourceFile(
        kind=member.kind,
        name=member.name,
        named=f"{member.name} in {named}",
        stamp=(status.st_size, status.st_mtime_ns),
        n_bytes=inside.file_size,
        chunks=partial(_member_chunks, archive, inside, named),
        format=member.format,
        columns=columns_of(member, listed),
    )


def _member(zipped: zipfile.ZipFile, name: str, named: str) -> zipfile.ZipInfo:
    matching = [
        member
        for member in zipped.infolist()
        if name_below(member.filename) == name
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
