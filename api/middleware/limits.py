"""How often one address may ask.

A token bucket for each address: it fills evenly through the minute, so that
a caller who asks steadily is never cut off, and holds a minute's requests,
so that a burst is not refused. Litestar's own limit keeps the time of every
request in a store, which costs more the higher the limit is.

`cachetools.LRUCache` in place of the `OrderedDict` here would save two lines
for one more package in every image.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.exceptions import TooManyRequestsException
from litestar.handlers import BaseRouteHandler

#: Addresses remembered; the one not heard of for longest is forgotten.
MAX_ADDRESSES: Final = 10_000
#: `opt` of routes that are never limited.
UNLIMITED: Final = "unlimited"


class RateLimit:
    """A guard that refuses an address with more than `per_minute` requests."""

    def __init__(
        self, per_minute: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(
        self,
        connection: ASGIConnection[Any, Any, Any, Any],
        handler: BaseRouteHandler,
    ) -> None:
        """Raise TooManyRequestsException when the bucket is empty."""
        if not handler.opt.get(UNLIMITED):
            self.check(connection)

    def check(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        """Raise TooManyRequestsException when the bucket is empty."""
        client = connection.client
        wait = self.take(client.host if client else "")
        if wait:
            raise TooManyRequestsException(
                f"more than {self._per_minute} requests a minute from your "
                "address: ask more slowly",
                headers={"Retry-After": str(math.ceil(wait))},
            )

    def take(self, address: str) -> float:
        """Take a token; else the seconds until there is one."""
        now = self._clock()
        full = float(self._per_minute)
        tokens, seen = self._buckets.pop(address, (full, now))
        tokens = min(tokens + (now - seen) * full / 60, full)
        taken = tokens >= 1
        self._buckets[address] = (tokens - taken, now)
        if len(self._buckets) > MAX_ADDRESSES:
            self._buckets.popitem(last=False)
        return 0.0 if taken else (1 - tokens) * 60 / full
