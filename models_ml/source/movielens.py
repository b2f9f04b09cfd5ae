"""MovieLens' three files, landed whole in `$PLATEIA_HOME/data`, or not at all.

They come from a URL, a zip, a folder or the generator, and become Parquet:
every line with its file and its number. dbt reads all of them and says what
it could not use. Beside them `source.json` records where they came from,
their digests and whether they were generated.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from models_ml.lock import exclusive
from models_ml.settings import MOVIELENS_MD5, MOVIELENS_URL, Settings
from models_ml.source.download import DownloadError, download
from models_ml.source.files import SourceFile, folder_files, zip_files
from models_ml.source.formats import DataUnavailable, SourceMissing
from models_ml.source.generated import generated_files, is_generated
from models_ml.source.landing import fill_up, land_file, part_path
from models_ml.source.record import (
    RECORD,
    LandedFile,
    Source,
    are_whole,
    read_source,
    write_source,
)
from models_ml.source.s3 import s3_files


def fetch(settings: Settings, progress: bool = True) -> Path:
    """Land MOVIELENS_SOURCE in `settings.data` and return that folder.

    Files that lie there already, whole, are not read again. Raises
    DataUnavailable with one sentence on what to do.
    """
    with exclusive(settings.home / "fetch.lock"):
        recorded = read_source(settings)
        if recorded and not are_whole(settings.data, recorded.files):
            recorded = None
        source = settings.movielens_source
        if not _is_url(source):
            files = _files(source)
            if not _is_landed(recorded, source, files):
                _land(settings, files, recorded)
        elif recorded is None or recorded.source != _name(source):
            _land_url(settings, source, recorded, progress)
    return settings.data


def _is_landed(
    recorded: Source | None, source: str, files: Sequence[SourceFile]
) -> bool:
    return (
        recorded is not None
        and recorded.source == _name(source)
        and [(file.name, file.stamp) for file in recorded.files]
        == [(file.name, list(file.stamp)) for file in files]
    )


def _files(source: str) -> list[SourceFile]:
    if is_generated(source):
        return generated_files(source)
    if source.startswith("s3://"):
        return s3_files(source)
    path = _path(source)
    if path.is_dir():
        return folder_files(path)
    if path.is_file():
        return zip_files(path, source)
    raise SourceMissing(
        f"{source!r} is neither a URL nor a zip or folder that exists"
    )


def _land_url(
    settings: Settings, url: str, recorded: Source | None, progress: bool
) -> None:
    if "@" in urlsplit(url).netloc:
        raise DataUnavailable(
            "MOVIELENS_SOURCE is a URL with a user name or a password, which "
            "are not supported"
        )
    md5 = MOVIELENS_MD5 if url == MOVIELENS_URL else None
    folder = settings.home / "download"
    try:
        archive = download(url, folder, md5=md5, progress=progress)
    except DownloadError as error:
        raise DataUnavailable(f"{_name(url)}: {error}") from error
    try:
        _land(settings, zip_files(archive, _name(url)), recorded)
    finally:
        # Landed files need no archive, and a bad one must not be used again.
        shutil.rmtree(folder, ignore_errors=True)


def _land(
    settings: Settings, files: Sequence[SourceFile], recorded: Source | None
) -> None:
    for left in settings.home.glob(
        "data.part-*"
    ):  # by a fetch that was killed
        shutil.rmtree(left, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix="data.part-", dir=settings.home))
    source = settings.movielens_source
    try:
        landed = []
        for number, file in enumerate(files):
            earlier = _earlier(file, source, recorded)
            landed.append(
                land_file(file, part, number)
                if earlier is None
                else _link(file, earlier, settings.data, part, number)
            )
        fill_up(part)
        write_source(part, Source(_name(source), is_generated(source), landed))
        part.chmod(0o755)
        _replace_folder(part, settings.data)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _earlier(
    file: SourceFile, source: str, recorded: Source | None
) -> LandedFile | None:
    """The same file as it landed earlier: by its stamp, else by its digest."""
    for landed in recorded.files if recorded else ():
        if (landed.kind, landed.name) != (file.kind, file.name):
            continue
        is_same = (
            recorded is not None
            and recorded.source == _name(source)
            and landed.stamp == list(file.stamp)
        )
        if is_same or (
            landed.n_bytes == file.n_bytes and landed.sha256 == _sha256(file)
        ):
            return landed
    return None


def _sha256(file: SourceFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _link(
    file: SourceFile,
    earlier: LandedFile,
    data: Path,
    folder: Path,
    number: int,
) -> LandedFile:
    """The parts of `earlier` also below `folder`, without a copy."""
    parts = {}
    for part, (name, sha256) in enumerate(earlier.parts.items()):
        path = part_path(folder, file, number, part)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(data / name, path)
        except OSError:  # a file system without links
            shutil.copyfile(data / name, path)
        parts[path.relative_to(folder).as_posix()] = sha256
    return replace(earlier, stamp=list(file.stamp), parts=parts)


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
    if is_generated(source):
        return source
    if source.startswith("s3://"):
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
