"""Encoded answers, cached up to a number of bytes.

`cachetools.LRUCache` with `getsizeof` comes to the same in as many lines: it
raises for an answer that is too large, where this leaves the answer out, and
would be one more package in every image.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

#: Bytes that an entry costs beside its answer (key, links), about.
OVERHEAD: Final = 2000


class ResponseCache:
    """The answers asked for last; not for use from several threads."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.n_bytes = 0
        self._entries: OrderedDict[Hashable, bytes] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable) -> bytes | None:
        """The answer cached under `key`, now the last to be dropped."""
        answer = self._entries.get(key)
        if answer is not None:
            self._entries.move_to_end(key)
        return answer

    def put(self, key: Hashable, answer: bytes) -> None:
        """Cache an answer; drop the ones not asked for longest, if need be.

        An answer larger than an eighth of the cache is left out: it would
        push out many others.
        """
        size = len(answer) + OVERHEAD
        if size > self.max_bytes // 8:
            return
        self._drop(key)
        self._entries[key] = answer
        self.n_bytes += size
        while self.n_bytes > self.max_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: Hashable) -> None:
        dropped = self._entries.pop(key, None)
        if dropped is not None:
            self.n_bytes -= len(dropped) + OVERHEAD
