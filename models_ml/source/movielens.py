"""MovieLens' three files, landed whole in `$PLATEIA_HOME/data`, or not at all.

They come from a URL, a zip, a folder or the generator, and are kept as they
are: dbt reads every byte of them and says what it could not use. Beside them
`source.json` records where they came from, their digests and whether they
were generated.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit, urlunsplit

from models_ml.errors import PlateiaError
from models_ml.lock import exclusive
from models_ml.settings import (
    MOVIELENS_MD5,
    MOVIELENS_URL,
    SAMPLE,
    Settings,
)
from models_ml.source.download import DownloadError, download
from models_ml.source.sample import write_sample

FILES: Final = ("users.dat", "movies.dat", "ratings.dat")
RECORD: Final = "source.json"
#: MovieLens 1M's largest file has 25 MB; forty times as many ratings fit.
MAX_FILE_BYTES: Final = 1 << 30
#: The real files shrink to a fifth; what shrinks more is no list of ratings.
MAX_COMPRESSION: Final = 100
_CHUNK: Final = 1 << 20


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
class Source:
    """What `source.json` records."""

    source: str
    """MOVIELENS_SOURCE: a URL (without credentials), an absolute path or
    `sample`."""
    generated: bool
    """The data are made up."""
    origin: dict[str, list[int]]
    """Size and time of change (ns) of the files that a path names, which
    tell whether they are still the same."""
    files: dict[str, str]
    """SHA-256 of each file."""

    @property
    def digest(self) -> str:
        """SHA-256 over the three files' digests."""
        names = "".join(f"{name}={self.files[name]};" for name in FILES)
        return hashlib.sha256(names.encode()).hexdigest()


def read_source(settings: Settings) -> Source | None:
    """Where the landed files came from; None where none are recorded."""
    try:
        record = json.loads((settings.data / RECORD).read_text())
        record.pop("digest")
        return Source(**record)
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def fetch(settings: Settings, progress: bool = True) -> Path:
    """Land MOVIELENS_SOURCE in `settings.data` and return that folder.

    Nothing is done when the same source lies there, whole. Raises
    DataUnavailable with one sentence on what to do.
    """
    with exclusive(settings.home / "fetch.lock"):
        if not is_landed(settings):
            _land(settings, progress)
    return settings.data


def is_landed(settings: Settings) -> bool:
    """Whether MOVIELENS_SOURCE lies in `settings.data`, whole."""
    recorded = read_source(settings)
    return (
        recorded is not None
        and recorded.source == _name(settings.movielens_source)
        and recorded.origin == _origin(settings.movielens_source)
        and recorded.files == _digests(settings.data)
    )


def _land(settings: Settings, progress: bool) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix="data.part-", dir=settings.home))
    try:
        _fill(part, settings, progress)
        source = Source(
            source=_name(settings.movielens_source),
            generated=settings.movielens_source == SAMPLE,
            origin=_origin(settings.movielens_source),
            files=_digests(part),
        )
        record = {**asdict(source), "digest": source.digest}
        (part / RECORD).write_text(json.dumps(record, indent=2) + "\n")
        part.chmod(0o755)
        _replace_folder(part, settings.data)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _replace_folder(part: Path, target: Path) -> None:
    """A crash in between leaves no `target`, never a mixed one.

    Files that this module did not land are kept aside.
    """
    if target.exists():
        old = target.with_name(f"{target.name}.old-{time.time_ns()}")
        is_ours = (target / RECORD).exists()
        target.rename(old)
        part.rename(target)
        if is_ours:
            shutil.rmtree(old, ignore_errors=True)
    else:
        part.rename(target)


def _name(source: str) -> str:
    if source == SAMPLE:
        return source
    if _is_url(source):
        parts = urlsplit(source)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=host))
    return str(_path(source))


def _is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _path(source: str) -> Path:
    return Path(source).expanduser().absolute()


def _origin(source: str) -> dict[str, list[int]]:
    if source == SAMPLE or _is_url(source):
        return {}
    path = _path(source)
    names = [path / name for name in FILES] if path.is_dir() else [path]
    return {
        file.name: [file.stat().st_size, file.stat().st_mtime_ns]
        for file in names
        if file.exists()
    }


def _digests(folder: Path) -> dict[str, str]:
    digests = {}
    for name in FILES:
        if (folder / name).is_file():
            with (folder / name).open("rb") as file:
                digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


def _fill(part: Path, settings: Settings, progress: bool) -> None:
    source = settings.movielens_source
    if source == SAMPLE:
        write_sample(part)
    elif _is_url(source):
        _fill_from_url(part, source, settings.home / "download", progress)
    elif _path(source).is_dir():
        _fill_from_folder(part, _path(source))
    elif _path(source).is_file():
        _fill_from_zip(part, _path(source), source)
    else:
        raise DataUnavailable(
            f"MOVIELENS_SOURCE is {source!r}, which is neither a URL nor a "
            "zip or folder that exists"
        )


def _fill_from_url(part: Path, url: str, folder: Path, progress: bool) -> None:
    if "@" in urlsplit(url).netloc:
        raise DataUnavailable(
            "MOVIELENS_SOURCE is a URL with a user name or a password, which "
            "are not supported"
        )
    md5 = MOVIELENS_MD5 if url == MOVIELENS_URL else None
    try:
        archive = download(url, folder, md5=md5, progress=progress)
    except DownloadError as error:
        raise DataUnavailable(f"{_name(url)}: {error}") from error
    try:
        _fill_from_zip(part, archive, _name(url))
    finally:
        # Landed files need no archive, and a bad one must not be used again.
        shutil.rmtree(folder, ignore_errors=True)


def _fill_from_folder(part: Path, folder: Path) -> None:
    for name in FILES:
        try:
            with (folder / name).open("rb") as file:
                _copy(file, part / name, str(folder / name))
        except OSError as error:
            raise DataUnavailable(
                f"{folder / name} cannot be read ({error.strerror})"
            ) from error


def _fill_from_zip(part: Path, archive: Path, named: str) -> None:
    """Members are found by their base name and written under it alone.

    So no path inside the archive decides where anything is written.
    """
    try:
        with zipfile.ZipFile(archive) as zipped:
            for name in FILES:
                member = _member(zipped, name, named)
                with zipped.open(member) as file:
                    _copy(file, part / name, f"{name} in {named}")
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
            f"{named} could not be unpacked ({error.strerror})"
        ) from error


def _member(zipped: zipfile.ZipFile, name: str, named: str) -> zipfile.ZipInfo:
    found = [
        member
        for member in zipped.infolist()
        if member.filename.rpartition("/")[2] == name
    ]
    if len(found) != 1:
        raise DataUnavailable(
            f"{named} holds {name} {len(found)} times, not once"
        )
    (member,) = found
    if member.file_size > MAX_COMPRESSION * max(member.compress_size, 1):
        raise DataUnavailable(
            f"{name} in {named} would grow more than {MAX_COMPRESSION} times"
        )
    return member


def _copy(file: IO[bytes], target: Path, named: str) -> None:
    written = 0
    with target.open("wb") as out:
        for chunk in _chunks(file):
            written += len(chunk)
            if written > MAX_FILE_BYTES:
                raise DataUnavailable(
                    f"{named} is larger than {MAX_FILE_BYTES} bytes"
                )
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if not written:
        raise DataUnavailable(f"{named} is empty")


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
