"""Downloads that go on where they were cut off."""

import hashlib
import http.client
import json
import time
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import Final

from tqdm import tqdm

from models_ml.source.disk import DiskTooSmall, require_free

#: Of one connection attempt or one silent connection.
TIMEOUT_SECONDS: Final = 20.0
#: Attempts in a row that bring nothing new, after at least one brought some.
_MAX_IDLE_ATTEMPTS: Final = 4
_CHUNK: Final = 1 << 18
_PARTIAL: Final = 206
_RANGE_NOT_SATISFIABLE: Final = 416
_SERVER_ERROR: Final = 500


class DownloadError(RuntimeError):
    """The file could not be downloaded; the message says why."""


def download(
    url: str,
    folder: Path,
    *,
    md5: str | None,
    progress: bool,
    pause_seconds: float = 1.0,
) -> Path:
    """The file at `url`, whole, in `folder`.

    What an earlier attempt or process left there is completed, if the server
    still has the same version (`If-Range`). `md5` is the published digest of
    the file, where there is one. Raises DownloadError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = _Part(folder, url)
    furthest, idle = part.size, 0
    while trouble := part.attempt(progress):
        idle = 0 if part.size > furthest else idle + 1
        furthest = max(furthest, part.size)
        if idle == _MAX_IDLE_ATTEMPTS:
            raise DownloadError(
                f"broke off {idle} times in a row, at {part.size} bytes: "
                f"{trouble}"
            )
        time.sleep(pause_seconds * 2**idle)
    return part.finished(md5)


class _Part:
    """The bytes that have arrived, and the version that they belong to.

    A part outlives its process, to be completed by the next: it is none of
    those that `models_ml.atomic` writes.
    """

    def __init__(self, folder: Path, url: str) -> None:
        self._url = url
        name = hashlib.sha256(url.encode()).hexdigest()[:16]
        self._path = folder / f"{name}.part"
        self._version_path = folder / f"{name}.json"
        self._whole = folder / f"{name}.zip"

    @property
    def size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def attempt(self, progress: bool) -> str | None:
        """Why the file is not whole yet, or None when it is.

        Raises DownloadError where another attempt would not help.
        """
        try:
            with urllib.request.urlopen(  # noqa: S310 - http(s) only
                self._request(), timeout=TIMEOUT_SECONDS
            ) as response:
                return self._receive(response, progress)
        except urllib.error.HTTPError as error:
            if error.code == _RANGE_NOT_SATISFIABLE:
                self._discard()
                return "the server has no such part of it"
            if error.code < _SERVER_ERROR or not self.size:
                raise DownloadError(
                    f"the server answered {error.code} {error.reason}"
                ) from error
            return f"the server answered {error.code}"
        except DiskTooSmall as error:
            raise DownloadError(str(error)) from error
        except (OSError, http.client.HTTPException) as error:
            reason = str(getattr(error, "reason", None) or error)
            if not self.size:
                raise DownloadError(reason) from error
            return reason or type(error).__name__

    def _request(self) -> urllib.request.Request:
        headers = {"Accept-Encoding": "identity", "User-Agent": "plateia"}
        version = self._version()
        if self.size and version:
            headers["Range"] = f"bytes={self.size}-"
            headers["If-Range"] = version
        return urllib.request.Request(self._url, headers=headers)  # noqa: S310

    def _version(self) -> str | None:
        try:
            version = json.loads(self._version_path.read_text())["version"]
        except (FileNotFoundError, ValueError, KeyError):
            return None
        return version if isinstance(version, str) else None

    def _receive(
        self, response: http.client.HTTPResponse, progress: bool
    ) -> str | None:
        start = _start(response.headers) if response.status == _PARTIAL else 0
        if start != self.size:
            if start:
                raise DownloadError(f"the server sent bytes from {start}")
            self._discard()
        self._keep_version(response.headers)
        length = _length(response.headers)
        total = None if length is None else start + length
        require_free(self._path.parent, length or 0)
        with (
            self._path.open("ab") as file,
            tqdm(
                desc="ml-1m.zip",
                total=total,
                initial=start,
                unit="B",
                unit_scale=True,
                disable=not progress,
            ) as bar,
        ):
            while chunk := response.read(_CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
                require_free(self._path.parent)
        if total is None or self.size == total:
            return None
        return f"the connection was closed before {total} bytes"

    def _keep_version(self, headers: Message) -> None:
        """Only a strong validator allows to go on with the same bytes."""
        etag = headers.get("ETag", "")
        strong = etag if etag and not etag.startswith("W/") else None
        version = strong or headers.get("Last-Modified")
        self._version_path.write_text(json.dumps({"version": version}))

    def _discard(self) -> None:
        self._path.unlink(missing_ok=True)
        self._version_path.unlink(missing_ok=True)

    def finished(self, md5: str | None) -> Path:
        if md5 is not None:
            with self._path.open("rb") as file:
                actual = hashlib.file_digest(file, "md5").hexdigest()
            if actual != md5:
                self._discard()
                raise DownloadError(
                    f"the md5 is {actual}, the published one {md5}"
                )
        self._path.replace(self._whole)
        return self._whole


def _length(headers: Message) -> int | None:
    """`Content-Length`; None if the server does not say."""
    text = headers.get("Content-Length")
    if text is None:
        return None
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise DownloadError(
            f"the server's Content-Length is {text[:40]!r}, which is no whole"
            " number"
        )
    return int(text)


def _start(headers: Message) -> int:
    """The first byte of `Content-Range: bytes 100-199/200`."""
    unit, _, span = headers.get("Content-Range", "").partition(" ")
    first = span.partition("-")[0]
    if unit != "bytes" or not first.isdecimal():
        raise DownloadError("the server's Content-Range cannot be read")
    return int(first)
