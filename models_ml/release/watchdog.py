"""One deadline over everything that a client of boto3 does.

boto3 bounds each connection attempt and each wait for bytes, but not their
sum: a server that sends a byte now and then holds a reader for ever. Here the
connections themselves are shut when the time is up, which ends any wait.
"""

import contextlib
import socket
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from botocore.awsrequest import AWSHTTPConnectionPool, AWSHTTPSConnectionPool

from models_ml.release.store import StoreError


class Watchdog:
    """Over the connections of one client, which one thread uses at a time."""

    def __init__(self, client: Any, location: str) -> None:
        self._location = location
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._expired = threading.Event()
        self._seconds = 0.0
        # Before each attempt, the repeated ones too.
        client.meta.events.register("before-send.s3", self._check)
        # botocore has no public way to see its connections.
        client._endpoint.http_session._pool_classes_by_scheme.update(
            http=_watched(AWSHTTPConnectionPool, self._sockets.add),
            https=_watched(AWSHTTPSConnectionPool, self._sockets.add),
        )

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Bound the context's use of the network; then StoreError."""
        self._seconds = seconds
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        except StoreError as error:
            # Whatever a broken connection looked like from within.
            if self._expired.is_set():
                raise self._passed() from error
            raise
        finally:
            timer.cancel()
            timer.join()
            self._expired.clear()

    def _expire(self) -> None:
        self._expired.set()
        for each in list(self._sockets):
            with contextlib.suppress(OSError):
                # Of the plain socket: TLS would wait for the other side.
                socket.socket.shutdown(each, socket.SHUT_RDWR)

    def _check(self, **event: Any) -> None:
        del event
        if self._expired.is_set():
            raise self._passed()

    def _passed(self) -> StoreError:
        return StoreError(
            f"{self._location} did not answer within {self._seconds:g} s"
        )


def _watched(pool: Any, opened: Callable[[socket.socket], None]) -> type:
    """A class of connection pools that tells each socket it opens."""

    class Connection(pool.ConnectionCls):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            opened(self.sock)

    class Pool(pool):  # type: ignore[misc]
        ConnectionCls = Connection

    return Pool
