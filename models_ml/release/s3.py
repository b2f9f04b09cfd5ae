"""A store in S3, or in a server that speaks its language."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import (
    AbstractContextManager,
    closing,
    contextmanager,
    suppress,
)
from pathlib import Path
from typing import IO, Any, Final, TypeVar
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ResponseStreamingError,
)

from models_ml.release.store import (
    Listed,
    NotInStore,
    StoreError,
    Tagged,
    TooLarge,
)
from models_ml.release.watchdog import Watchdog

_Result = TypeVar("_Result")

#: Times that a busy or failing server is asked, with growing pauses.
_ATTEMPTS: Final = 4
#: Seconds.
_CONNECT_TIMEOUT: Final = 5
_READ_TIMEOUT: Final = 10
_CHUNK: Final = 1 << 20
#: The connection ended in the middle of an answer.
_BROKEN_OFF: Final = (IncompleteReadError, ResponseStreamingError)
_MISSING: Final = frozenset({"404", "NoSuchKey"})
#: 412: it is there, or it changed; 409: another writer is at it right now.
_CONDITION_FAILED: Final = frozenset({"412", "PreconditionFailed"})
_CONFLICT: Final = frozenset({"409", "ConditionalRequestConflict"})


class S3Store:
    """Objects of a bucket, below a prefix; boto3's own settings apply."""

    def __init__(
        self, location: str, read_timeout: float = _READ_TIMEOUT
    ) -> None:
        parts = urlsplit(location)
        if not parts.netloc:
            raise StoreError(
                f"PLATEIA_STORE is {location!r}: it must be s3://bucket/prefix"
            )
        self._bucket = parts.netloc
        self._prefix = parts.path.strip("/")
        config = Config(
            connect_timeout=_CONNECT_TIMEOUT,
            read_timeout=read_timeout,
            retries={"mode": "standard", "max_attempts": _ATTEMPTS},
        )
        with self._reported("the client"):
            # A session of its own: the default one is not thread-safe.
            self._client = boto3.Session().client("s3", config=config)
        self._watchdog = Watchdog(self._client, self.location)

    @property
    def location(self) -> str:
        """`s3://bucket/prefix`."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """One deadline over all requests of the context; see `Store`."""
        return self._watchdog.within(seconds)

    def put_new(self, key: str, source: Path | bytes, sha256: str) -> bool:
        """Store a new object; see `Store`."""
        return self._put(key, source, sha256, IfNoneMatch="*")

    def fetch(self, key: str, target: Path, max_bytes: int) -> None:
        """Copy an object to a file; see `Store`."""

        def once() -> None:
            with target.open("wb") as file:
                self._receive(key, file.write, max_bytes)

        self._retried(key, once)

    def read(self, key: str, max_bytes: int) -> Tagged:
        """A small object and its ETag; see `Store`."""

        def once() -> Tagged:
            content = bytearray()
            tag = self._receive(key, content.extend, max_bytes)
            return Tagged(bytes(content), tag)

        return self._retried(key, once)

    def replace(self, key: str, content: bytes, tag: str | None) -> bool:
        """Replace an object if it still has `tag`; see `Store`."""
        condition = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        sha256 = hashlib.sha256(content).hexdigest()
        if self._put(key, content, sha256, **condition):
            return True
        # A repeated request finds its own first try, whose answer was lost.
        try:
            return self.read(key, len(content)).content == content
        except (NotInStore, TooLarge):
            return False

    def list(self, prefix: str) -> Iterator[Listed]:
        """Objects of the bucket below the prefix; see `Store`."""
        pages = self._client.get_paginator("list_objects_v2")
        start = len(self._key(""))
        with self._reported(prefix):
            for page in pages.paginate(
                Bucket=self._bucket, Prefix=self._key(prefix)
            ):
                for each in page.get("Contents", ()):
                    yield Listed(
                        each["Key"][start:],
                        each["Size"],
                        each["LastModified"].timestamp(),
                    )

    def remove(self, key: str) -> None:
        """Remove an object; see `Store`."""
        with self._reported(key):
            self._client.delete_object(Bucket=self._bucket, Key=self._key(key))

    def _key(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key

    def _put(
        self, key: str, source: Path | bytes, sha256: str, **condition: str
    ) -> bool:
        """Whether the object was stored: not if the condition failed."""
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        for attempt in range(_ATTEMPTS):
            with self._reported(key):
                try:
                    with _opened(source) as body:
                        answer = self._client.put_object(
                            Bucket=self._bucket,
                            Key=self._key(key),
                            Body=body,
                            ChecksumSHA256=checksum,
                            **condition,
                        )
                    self._tag(key, answer)
                    return True
                except ClientError as error:
                    code = error.response["Error"]["Code"]
                    # A key that is not there has no state to be in.
                    if code in _CONDITION_FAILED or code in _MISSING:
                        return False
                    if code not in _CONFLICT or attempt == _ATTEMPTS - 1:
                        raise
            time.sleep(0.1 * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    def _receive(
        self, key: str, write: Callable[[bytes], object], max_bytes: int
    ) -> str:
        """Hand an object's bytes to `write`; its ETag."""
        answer = self._client.get_object(
            Bucket=self._bucket, Key=self._key(key)
        )
        size = 0
        with closing(answer["Body"]) as body:
            # The length is the server's word; the bytes are counted too.
            if answer.get("ContentLength", 0) > max_bytes:
                size = answer["ContentLength"]
            while size <= max_bytes and (chunk := body.read(_CHUNK)):
                size += len(chunk)
                write(chunk)
        if size > max_bytes:
            raise TooLarge(f"{key} has more than {max_bytes} bytes")
        return self._tag(key, answer)

    def _tag(self, key: str, answer: dict[str, Any]) -> str:
        """The ETag, which every S3 server gives and hardly any other."""
        if "ETag" not in answer:
            raise StoreError(
                f"{self.location} answers for {key} without an ETag: is"
                f" {self._client.meta.endpoint_url} an S3 server?"
            )
        return str(answer["ETag"])

    def _retried(self, key: str, once: Callable[[], _Result]) -> _Result:
        """The result of `once`, repeated if the answer breaks off.

        boto3 repeats requests, but not the reading of an answer.
        """
        with self._reported(key):
            for _ in range(_ATTEMPTS - 1):
                with suppress(*_BROKEN_OFF):
                    return once()
            return once()

    @contextmanager
    def _reported(self, key: str) -> Iterator[None]:
        """What boto3 raises, as StoreErrors that say what to fix."""
        try:
            yield
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise StoreError(
                f"{self.location}: {error}; set AWS_ACCESS_KEY_ID and"
                " AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
            ) from error
        except ClientError as error:
            details = error.response["Error"]
            code = details["Code"]
            if code in _MISSING:
                raise NotInStore(f"{self.location} has no {key}") from error
            raise StoreError(
                f"{self.location} refuses {key}: {code}"
                f" ({details.get('Message', 'no message')})"
            ) from error
        except (BotoCoreError, HTTPClientError, ValueError) as error:
            # ValueError: an endpoint or a header that is none.
            raise StoreError(
                f"{self.location} does not answer for {key}: {error}"
            ) from error
        except RecursionError as error:
            # boto3 follows a redirection that names no region in circles.
            raise StoreError(
                f"{self.location} is elsewhere, and the server does not say"
                f" where: set AWS_DEFAULT_REGION, or AWS_ENDPOINT_URL"
            ) from error


@contextmanager
def _opened(source: Path | bytes) -> Iterator[IO[bytes] | bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        yield file
