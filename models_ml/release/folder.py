"""A store in a folder, with the guarantees of S3: whole files or none."""

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from models_ml.release.store import (
    NotInStore,
    StoreError,
    Tagged,
    TooLarge,
)

_CHUNK = 1 << 20


class FolderStore:
    """Objects are files below `folder`, which is made when first written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @property
    def location(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def put_new(self, key: str, source: Path | bytes, sha256: str) -> bool:
        """Store a new file; see `Store`."""
        target = self._path(key)
        if target.exists():
            return False
        with _reported(self.folder):
            temporary = self._write(target, source, sha256)
            try:
                # A link fails where a rename would overwrite.
                os.link(temporary, target)
            except FileExistsError:
                return False
            finally:
                temporary.unlink()
            _sync_folder(target.parent)
        return True

    def fetch(self, key: str, target: Path, max_bytes: int) -> None:
        """Copy a file; see `Store`."""
        with self._open(key, max_bytes) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy, _CHUNK)

    def read(self, key: str, max_bytes: int) -> Tagged:
        """A small file; its tag is the digest of its content."""
        with self._open(key, max_bytes) as source:
            content = source.read()
        return Tagged(content, hashlib.sha256(content).hexdigest())

    def replace(self, key: str, content: bytes, tag: str | None) -> bool:
        """Replace a file if it still has `tag`; see `Store`."""
        target = self._path(key)
        with _reported(self.folder), self._lock(target):
            now = target.read_bytes() if target.exists() else None
            found = None if now is None else hashlib.sha256(now).hexdigest()
            if found != tag:
                return False
            sha256 = hashlib.sha256(content).hexdigest()
            self._write(target, content, sha256).replace(target)
            _sync_folder(target.parent)
        return True

    def _path(self, key: str) -> Path:
        return self.folder.joinpath(*key.split("/"))

    @contextmanager
    def _open(self, key: str, max_bytes: int) -> Iterator[IO[bytes]]:
        with _reported(self.folder):
            try:
                file = self._path(key).open("rb")
            except FileNotFoundError:
                raise NotInStore(f"{self.folder} has no {key}") from None
            with file:
                size = os.fstat(file.fileno()).st_size
                if size > max_bytes:
                    raise TooLarge(
                        f"{key} has {size} bytes, more than {max_bytes}"
                    )
                yield file

    @contextmanager
    def _lock(self, target: Path) -> Iterator[None]:
        """Between processes, and given back when the holder ends or dies."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.with_name(f".{target.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, target: Path, source: Path | bytes, sha256: str) -> Path:
        """A file beside `target`, on disk and checked, to move into place."""
        target.parent.mkdir(parents=True, exist_ok=True)
        name = f".{target.name}-{secrets.token_hex(8)}"
        temporary = target.with_name(name)
        digest = hashlib.sha256()
        with temporary.open("xb") as copy:
            for chunk in _chunks(source):
                digest.update(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
        if digest.hexdigest() != sha256:
            temporary.unlink()
            raise StoreError(f"{target.name} changed while it was copied")
        return temporary


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
