"""Requests as bytes: sound ones, and what a seed makes of them."""

import random
import re
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

#: Seconds after which a connection counts as hanging.
PATIENCE: Final = 20.0
#: Seconds that most clients wait for the first byte before they end what
#: they send; one in ten leaves it to the server.
_WAIT: Final = 0.2
_N_THREADS: Final = 8
_NUMBER: Final = re.compile(rb"\d+")
_EXTREMES: Final = (
    *(b"-1", b"0", b"1e400", b"-0.0", b"2157.0", b"NaN", b"1" * 400),
    *(b"18446744073709551616", b"9223372036854775807", b"null", b"true"),
)
_METHODS: Final = (
    *(b"GET", b"HEAD", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE"),
    *(b"CONNECT", b"get", b"INVENTED", b"", b"\xff", b"G" * 5000),
)
_CHUNK_SIZES: Final = (
    *(b"ZZ", b"-1", b"0", b"ffffffffffffffff", b"10000000000000000"),
    *(b"5;x=y", b"", b" 5", b"5 ", b"\x00"),
)


def damaged(sound: Sequence[bytes], seed: int, k: int) -> bytes:
    """Request `k` of a seed: up to three changes of a sound one."""
    drawn = random.Random(f"{seed}/{k}")  # noqa: S311
    data = drawn.choice(sound)
    for _ in range(drawn.randrange(4)):
        data = drawn.choice(_CHANGES)(drawn, data)
    return data


Change = Callable[[random.Random, bytes], bytes]


def _slice(drawn: random.Random, data: bytes) -> tuple[int, int]:
    first = drawn.randrange(len(data) + 1)
    return first, first + drawn.randrange(1, 40)


def _flip(drawn: random.Random, data: bytes) -> bytes:
    changed = bytearray(data or b"\0")
    for _ in range(drawn.randrange(1, 5)):
        changed[drawn.randrange(len(changed))] ^= 1 << drawn.randrange(8)
    return bytes(changed)


def _cut(drawn: random.Random, data: bytes) -> bytes:
    first, last = _slice(drawn, data)
    return data[:first] + data[last:]


def _doubled(drawn: random.Random, data: bytes) -> bytes:
    first, last = _slice(drawn, data)
    return data[:last] + data[first:]


def _inserted(drawn: random.Random, data: bytes) -> bytes:
    at, _ = _slice(drawn, data)
    return data[:at] + drawn.randbytes(drawn.randrange(1, 40)) + data[at:]


def _broken_off(drawn: random.Random, data: bytes) -> bytes:
    return data[: drawn.randrange(len(data) + 1)]


def _number(drawn: random.Random, data: bytes) -> bytes:
    places = list(_NUMBER.finditer(data))
    if not places:
        return data
    place = drawn.choice(places)
    extreme = drawn.choice(_EXTREMES)
    return data[: place.start()] + extreme + data[place.end() :]


def _method(drawn: random.Random, data: bytes) -> bytes:
    _, space, rest = data.partition(b" ")
    return drawn.choice(_METHODS) + space + rest


def _chunked(drawn: random.Random, data: bytes) -> bytes:
    head, _, body = data.partition(b"\r\n\r\n")
    head = re.sub(rb"content-length: \d+", b"transfer-encoding: chunked", head)
    size = drawn.choice([b"%x" % len(body), *_CHUNK_SIZES])
    end = drawn.choice([b"\r\n0\r\n\r\n", b"", b"\r\n"])
    return head + b"\r\n\r\n" + size + b"\r\n" + body + end


def _length(drawn: random.Random, data: bytes) -> bytes:
    length = drawn.choice([b"0", b"1", b"99999", *_EXTREMES])
    return re.sub(rb"(?<=content-length: )\d+", lambda _: length, data)


def _headers(drawn: random.Random, data: bytes) -> bytes:
    line, _, rest = data.partition(b"\r\n")
    name = drawn.choice([b"x", b"host", b"content-type", b"cookie", b"\xff"])
    value = drawn.choice([b"a", b"\xff", b"", b"a" * 70_000])
    more = (name + b": " + value + b"\r\n") * drawn.choice([1, 2, 200])
    return line + b"\r\n" + more[:200_000] + rest


def _path(drawn: random.Random, data: bytes) -> bytes:
    method, _, rest = data.partition(b" ")
    odd = drawn.choice(
        [b"%ff", b"%00", b"/../..", b"?x=%zz&=&&", b"//", b"a" * 9000, b"?"]
    )
    path, _, rest = rest.partition(b" ")
    return method + b" " + path + odd + b" " + rest


def _nested(drawn: random.Random, data: bytes) -> bytes:
    head, _, _ = data.partition(b"\r\n\r\n")
    body = drawn.choice([b"[", b'{"profile":', b'"\xed\xa0\x80"'])
    body *= drawn.choice([1, 100, 5000])
    length = b"%d" % len(body)
    head = re.sub(rb"(?<=content-length: )\d+", lambda _: length, head)
    return head + b"\r\n\r\n" + body


def _noise(drawn: random.Random, data: bytes) -> bytes:
    del data
    return drawn.randbytes(drawn.randrange(1, 400))


#: Of any bytes, and of requests.
BYTE_CHANGES: Final[tuple[Change, ...]] = (
    *(_flip, _cut, _doubled, _inserted, _broken_off, _number, _noise),
)
_CHANGES: Final[tuple[Change, ...]] = (
    *(*BYTE_CHANGES, _method, _chunked, _length, _headers, _path, _nested),
)


@dataclass(frozen=True)
class Exchange:
    """What came of one request."""

    status: int | None
    """None: the connection was closed without an answer."""
    hung: bool = False


def exchange(
    address: tuple[str, int], data: bytes, *, leaves_it_to_server: bool
) -> Exchange:
    """Send bytes on a connection of their own, and read until its end."""
    answer = b""
    with socket.create_connection(address, PATIENCE) as client:
        started = time.monotonic()
        try:
            with suppress(ConnectionError):
                client.sendall(data)
            if not leaves_it_to_server:
                client.settimeout(_WAIT)
                with suppress(TimeoutError):
                    answer += client.recv(1 << 16)
                with suppress(OSError):
                    client.shutdown(socket.SHUT_WR)
            while part := _received(client, started):
                answer += part
        except TimeoutError:
            return Exchange(None, hung=True)
        except ConnectionError:
            pass
    told = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    return Exchange(int(told[1]) if told else None)


def _received(client: socket.socket, started: float) -> bytes:
    left = started + PATIENCE - time.monotonic()
    if left <= 0:
        raise TimeoutError
    client.settimeout(left)
    return client.recv(1 << 16)


def attack(
    address: tuple[str, int], sound: Sequence[bytes], seed: int, numbers: range
) -> list[str]:
    """What was not well answered of some numbers, in words."""

    def one(k: int) -> str:
        data = damaged(sound, seed, k)
        try:
            came = exchange(address, data, leaves_it_to_server=k % 10 == 0)
        except OSError as error:
            return f"raw {k}: {error}"
        if came.hung:
            return f"raw {k}: hung"
        if came.status is not None and came.status >= 500:
            return f"raw {k}: {came.status}"
        return ""

    with ThreadPoolExecutor(_N_THREADS) as pool:
        return [told for told in pool.map(one, numbers) if told]
