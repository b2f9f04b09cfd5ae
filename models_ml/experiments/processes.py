"""Work that is shared out among processes, one thread each."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final, TypeVar

from threadpoolctl import threadpool_limits

from models_ml.allocator import give_back_memory
from models_ml.lock import end_with_parent
from models_ml.settings import n_cpus

T = TypeVar("T")

#: Each fit holds its own arrays: two at once stay below the 4 GiB to which
#: docs/scaling.md holds `train`.
MAX_PROCESSES: Final = 2


def in_parallel(works: Sequence[Callable[[], T]]) -> Iterator[T]:
    """What each of `works` gives, in their order; begun in that order too.

    Nothing is begun before the first is asked for, and then all of them. The
    processes are forked, so that they share the data they were given;
    results are pickled. On Linux they end with this process, however it ends,
    since they have inherited its locks. On a single CPU, or where there is no
    fork, the work is done here. Raises what a work raises.
    """
    n_processes = min(MAX_PROCESSES, len(works), n_cpus())
    if (
        n_processes < 2
        or "fork" not in multiprocessing.get_all_start_methods()
    ):
        yield from map(_on_one_thread, works)
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(
        n_processes, context, initializer=_take, initargs=(works, os.getpid())
    ) as pool:
        futures = [pool.submit(_do, number) for number in range(len(works))]
        for future in futures:
            yield future.result()


#: What this process was forked to do.
_taken: list[Sequence[Callable[[], Any]]] = []


def _take(works: Sequence[Callable[[], Any]], parent: int) -> None:
    end_with_parent(parent)
    _taken[:] = [works]


def _do(number: int) -> Any:
    try:
        return _on_one_thread(_taken[0][number])
    finally:
        # what one work kept, the work beside may need
        give_back_memory()


def _on_one_thread(work: Callable[[], T]) -> T:
    with threadpool_limits(limits=1):
        return work()
