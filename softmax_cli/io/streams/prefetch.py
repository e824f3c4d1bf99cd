"""Work done ahead on all cores: a map in order, with a bound on what waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from queue import Empty, Queue
from typing import TypeVar

from softmax_cli.core.kernels.threads import cores

Item = TypeVar("Item")
Product = TypeVar("Product")

_AT_ONCE = min(cores(), 8)  # more would wait for the consumer, and use memory
_TICK = 0.1  # seconds
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # glibc's malloc.h


def ordered(function: Callable[[Item], Product], items: Iterable[Item]) -> Iterator[Product]:
    """Yield function(item) for each item, in order; other threads take the items and run the function.

    At most a handful of products wait to be yielded: where the caller is slow, no more items are taken. An
    exception of an item or of the function is raised in its place in the order. The thread that takes items
    may be blocked in a read that never returns: it holds up neither a caller that stops early nor the end of
    the program.

    Parameters
    ----------
    function
        Called by several threads at once; it pays where the work is done outside Python's lock.
    items
        Iterated by one thread, not the caller's.

    Examples
    --------
    >>> list(ordered(lambda n: n * n, range(5)))
    [0, 1, 4, 9, 16]
    """
    waiting: Queue[Future[Product] | None] = Queue(_AT_ONCE + 1)
    stopped = threading.Event()
    feeder = threading.Thread(target=_feed, args=(function, items, waiting, stopped), daemon=True)
    feeder.start()
    try:
        while (future := _next(waiting)) is not None:
            yield future.result()
    finally:
        stopped.set()
        with suppress(Empty):
            while True:  # room for what the feeder still has in hand
                future = waiting.get_nowait()
                if future is not None:
                    future.cancel()


def _next(waiting: Queue[Future[Product] | None]) -> Future[Product] | None:
    """Return what comes next; Ctrl-C is heard, even if a library asked for calls to be restarted."""
    while True:
        try:
            return waiting.get(timeout=_TICK)
        except Empty:
            continue


def _feed(
    function: Callable[[Item], Product],
    items: Iterable[Item],
    waiting: Queue[Future[Product] | None],
    stopped: threading.Event,
) -> None:
    """Submit the function's calls in order, until the items end or nobody wants them any more."""
    pool = _workers()
    try:
        for item in items:
            waiting.put(pool.submit(function, item))
            if stopped.is_set():
                return
    except BaseException as error:  # whatever it is, it is the caller's
        failed: Future[Product] = Future()
        failed.set_exception(error)
        waiting.put(failed)
    finally:
        waiting.put(None)


@cache
def _workers() -> ThreadPoolExecutor:
    """Return the threads that all maps share: one more than cores, as some wait for polars' own threads."""
    _keep_freed_memory()
    return ThreadPoolExecutor(_AT_ONCE + 1, thread_name_prefix="softmax")


def _keep_freed_memory() -> None:
    """Let the C library keep the memory of one block for the next.

    glibc gives each freed megabyte back to the system and asks for it again a moment later: the page
    faults cost as much as the copying of a block, a seventh of the whole run.
    """
    import ctypes

    with suppress(OSError, AttributeError, TypeError):  # another system, another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_TRIM_THRESHOLD, 1 << 25)
        mallopt(_MMAP_THRESHOLD, 1 << 25)
        mallopt(_ARENA_MAX, 2)  # or each thread would keep as much for itself
