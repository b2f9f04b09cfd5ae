"""Threads that score, and a bound on how many questions may wait for them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Overloaded(Exception):  # noqa: N818 - a state, not a fault
    """Too many questions wait already; ask again after a while."""


class Scorer:
    """Runs functions off the event loop, one thread for each CPU.

    What waits is bounded: a question that would wait for long is better
    refused at once, so that its caller can try another replica.
    """

    def __init__(self, n_threads: int, max_waiting: int) -> None:
        self.n_threads = n_threads
        self.max_pending = n_threads + max_waiting
        self.n_pending = 0
        self._executor = ThreadPoolExecutor(n_threads, "scoring")

    async def run(
        self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The function's value; raises Overloaded, and what it raises."""
        if self.n_pending >= self.max_pending:
            raise Overloaded
        # Counted until the thread is done with it, not until the caller
        # stops waiting: a caller that hangs up frees no thread.
        self.n_pending += 1
        future = self._executor.submit(function, *args, **kwargs)
        loop = asyncio.get_running_loop()
        future.add_done_callback(
            lambda _: loop.call_soon_threadsafe(self._done)
        )
        return await asyncio.wrap_future(future)

    def _done(self) -> None:
        self.n_pending -= 1

    def close(self) -> None:
        """Wait for what runs, drop what waits."""
        self._executor.shutdown(wait=True, cancel_futures=True)
