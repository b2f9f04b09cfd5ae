"""Threads that score, and a bound on how many questions may wait for them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

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
        # Products are small: BLAS's own threads would only wait for each
        # other, and take the CPUs of other questions.
        threadpool_limits(limits=1, user_api="blas")

    @property
    def is_full(self) -> bool:
        """Whether a question would be refused now."""
        return self.n_pending >= self.max_pending

    def submit(
        self, function: Callable[..., T], *arguments: Any
    ) -> asyncio.Future[T]:
        """A future of the function's value; raises Overloaded.

        Counted until the thread is done with it, not until the caller stops
        waiting: a caller that hangs up frees no thread.
        """
        if self.is_full:
            raise Overloaded
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            # One call back into the loop: each wakes it up.
            try:
                value = function(*arguments)
            except BaseException as error:
                loop.call_soon_threadsafe(self._fail, future, error)
            else:
                loop.call_soon_threadsafe(self._finish, future, value)

        self._executor.submit(work)
        self.n_pending += 1
        return future

    def _finish(self, future: asyncio.Future[T], value: T) -> None:
        self.n_pending -= 1
        if not future.done():
            future.set_result(value)

    def _fail(self, future: asyncio.Future[Any], error: BaseException) -> None:
        self.n_pending -= 1
        if not future.done():
            future.set_exception(error)

    def close(self) -> None:
        """Wait for what runs, drop what waits."""
        self._executor.shutdown(wait=True, cancel_futures=True)
