"""A load generator: many connections, one thread, as little work as it can.

It speaks just enough HTTP/1.1 for servers that answer with content-length.
"""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

_CHUNK: Final = 1 << 18
_END: Final = b"\r\n\r\n"


@dataclass
class Measured:
    """What a load found."""

    seconds: float = 0.0
    milliseconds: dict[int, list[float]] = field(default_factory=dict)
    """Times to answer, by status."""
    n_unsent: int = 0
    """Requests that were due when every connection was busy."""

    @property
    def statuses(self) -> Counter[int]:
        """Answers by status."""
        return Counter({k: len(v) for k, v in self.milliseconds.items()})

    def rate(self, status: int = 200) -> float:
        """Answers of a status per second."""
        return len(self.milliseconds.get(status, [])) / self.seconds

    def quantile(self, q: float, status: int = 200) -> float:
        """Milliseconds within which a share `q` was answered; nan if none."""
        times = self.milliseconds.get(status)
        return float(np.quantile(times, q)) if times else float("nan")


class _Connection:
    """A connection and the request in flight on it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.since = 0.0
        self._received = b""
        self._missing = -1

    def send(self, request: bytes, since: float) -> None:
        """Send a request whose time counts from `since`."""
        self.since = since
        self._received = b""
        self._missing = -1
        self.socket.sendall(request)

    def receive(self) -> int:
        """Read what is there; the status once the answer is whole, else 0."""
        chunk = self.socket.recv(_CHUNK)
        if not chunk:
            raise ConnectionError("the server closed a connection")
        if self._missing < 0:
            self._received += chunk
            end = self._received.find(_END)
            if end < 0:
                return 0
            head = self._received[:end].lower()
            at = head.index(b"content-length:") + 15
            line, _, _ = head[at:].partition(b"\r")
            size = int(line)
            self._missing = size - (len(self._received) - end - len(_END))
        else:
            self._missing -= len(chunk)
        return int(self._received[9:12]) if self._missing <= 0 else 0


def closed_loop(
    address: tuple[str, int],
    requests: Iterator[bytes],
    n_connections: int,
    seconds: float,
) -> Measured:
    """Each connection asks again as soon as it is answered."""
    connections = [_Connection(address) for _ in range(n_connections)]
    measured = Measured()
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        for connection in connections:
            connection.send(next(requests), time.perf_counter())
            selector.register(
                connection.socket, selectors.EVENT_READ, connection
            )
        n_under_way = n_connections
        end = started + seconds
        while n_under_way:
            for key, _ in selector.select():
                connection = key.data
                status = connection.receive()
                if not status:
                    continue
                now = time.perf_counter()
                _record(measured, status, now - connection.since)
                if now < end:
                    connection.send(next(requests), now)
                else:
                    n_under_way -= 1
        measured.seconds = time.perf_counter() - started
    for connection in connections:
        connection.socket.close()
    return measured


def open_loop(
    address: tuple[str, int],
    requests: Iterator[bytes],
    per_second: float,
    n_connections: int,
    seconds: float,
) -> Measured:
    """Requests fall due at a steady rate, whatever the server makes of it.

    Times count from when a request was due. A request that finds every
    connection busy is counted as unsent.
    """
    idle = [_Connection(address) for _ in range(n_connections)]
    measured = Measured()
    n_due = 0
    with selectors.DefaultSelector() as selector:
        for connection in idle:
            selector.register(
                connection.socket, selectors.EVENT_READ, connection
            )
        started = time.perf_counter()
        total = int(per_second * seconds)
        while n_due < total or len(idle) < n_connections:
            now = time.perf_counter()
            while n_due < total and started + n_due / per_second <= now:
                due = started + n_due / per_second
                n_due += 1
                if idle:
                    idle.pop().send(next(requests), due)
                else:
                    measured.n_unsent += 1
            wait = started + n_due / per_second - time.perf_counter()
            timeout = max(wait, 0.0) if n_due < total else 1.0
            for key, _ in selector.select(timeout):
                status = key.data.receive()
                if status:
                    spent = time.perf_counter() - key.data.since
                    _record(measured, status, spent)
                    idle.append(key.data)
        measured.seconds = time.perf_counter() - started
    for connection in idle:
        connection.socket.close()
    return measured


def _record(measured: Measured, status: int, seconds: float) -> None:
    measured.milliseconds.setdefault(status, []).append(seconds * 1000)
