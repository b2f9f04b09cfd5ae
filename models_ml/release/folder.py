"""A store in a folder, with the guarantees of S3: whole files or none."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Final

from models_ml.atomic import PARTS, replacing
from models_ml.lock import exclusive
from models_ml.release.store import (
    Listed,
    NotInStore,
    StoreError,
    Tagged,
    TooLarge,
)

_CHUNK: Final = 1 << 20
#: Bytes of an object that may be replaced: pointers are small.
_REPLACED_CAP: Final = 1 << 20
_LOCK: Final = ".lock"


class FolderStore:
    """Objects are files below `folder`, which is made when first written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @property
    def location(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """No deadline: reads are of regular files, and counted."""
        del seconds
        return nullcontext()

    def put_new(self, key: str, source: Path | bytes, sha256: str) -> bool:
        """Store a new file; see `Store`."""
        target = self._path(key)
        with _reported(self.folder), self._writing():
            if os.path.lexists(target):
                return False
            self._write(target, source, sha256)
        return True

    def fetch(self, key: str, target: Path, max_bytes: int) -> None:
        """Copy a file; see `Store`."""
        with self._open(key) as source, target.open("wb") as copy:
            for chunk in _counted(source, key, max_bytes):
                copy.write(chunk)

    def read(self, key: str, max_bytes: int) -> Tagged:
        """A small file; its tag is the digest of its content."""
        with self._open(key) as source:
            content = b"".join(_counted(source, key, max_bytes))
        return Tagged(content, hashlib.sha256(content).hexdigest())

    def replace(self, key: str, content: bytes, tag: str | None) -> bool:
        """Replace a file if it still has `tag`; see `Store`."""
        target = self._path(key)
        with _reported(self.folder), self._writing():
            try:
                now = self.read(key, _REPLACED_CAP).tag
            except NotInStore:
                now = None
            if now != tag:
                return False
            self._write(target, content, hashlib.sha256(content).hexdigest())
        return True

    def list(self, prefix: str) -> Iterator[Listed]:
        """Regular files below the folder; see `Store`."""
        with _reported(self.folder):
            for path in sorted(self.folder.rglob("[!.]*")):
                key = path.relative_to(self.folder).as_posix()
                state = path.lstat()
                if key.startswith(prefix) and stat.S_ISREG(state.st_mode):
                    yield Listed(key, state.st_size, state.st_mtime)

    def remove(self, key: str) -> None:
        """Remove a file, and its folder if that was the last in it."""
        path = self._path(key)
        with _reported(self.folder), self._writing():
            path.unlink(missing_ok=True)
            if path.parent != self.folder and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def _path(self, key: str) -> Path:
        return self.folder.joinpath(*key.split("/"))

    @contextmanager
    def _open(self, key: str) -> Iterator[IO[bytes]]:
        """A regular file: what is none may have no end, or never begin."""
        # Not to wait for a writer, should it be a pipe.
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW
        with _reported(self.folder):
            try:
                descriptor = os.open(self._path(key), flags)
            except FileNotFoundError:
                raise NotInStore(f"{self.folder} has no {key}") from None
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                raise StoreError(f"{key} in {self.folder} is no regular file")
            with os.fdopen(descriptor, "rb") as file:
                yield file

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time, which removes what killed ones left."""
        with exclusive(self.folder / _LOCK):
            for part in self.folder.rglob(PARTS):
                part.unlink()
            yield

    def _write(self, target: Path, source: Path | bytes, sha256: str) -> None:
        """Put a file in its place, once it is whole, on disk and checked."""
        digest = hashlib.sha256()
        with replacing(target) as part:
            with part.open("xb") as copy:
                for chunk in _chunks(source):
                    digest.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            if digest.hexdigest() != sha256:
                raise StoreError(f"{target.name} changed while it was copied")
        _sync_folder(target.parent)


def _counted(file: IO[bytes], key: str, max_bytes: int) -> Iterator[bytes]:
    """The file's bytes; its size is what it was, and may change."""
    size = 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > max_bytes:
            raise TooLarge(f"{key} has more than {max_bytes} bytes")
        yield chunk


def _chunks(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _sync_folder(folder: Path) -> None:
    """Have the folder's entry of a new file on disk as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _reported(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"the store {folder} fails: {error}") from error
