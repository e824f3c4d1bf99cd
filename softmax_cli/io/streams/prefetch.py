"""A map that works ahead on all cores, in order and within a bound."""

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

_AT_ONCE = min(cores(), 8)  # more would only wait for the consumer, and take memory
_TICK = 0.1  # seconds
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # glibc's malloc.h


def ordered(function: Callable[[Item], Product], items: Iterable[Item]) -> Iterator[Product]:
    """Yield function(item) for each item, in order; other threads take the items and run the function.

    At most a handful of products wait to be yielded: if the caller is slow, no more items are taken. An
    exception of an item or of the function is raised in its place in the order. The thread that takes items
    may block in a read that never returns, without delaying a caller that stops early or the end of the
    program.

    Parameters
    ----------
    function
        Called by several threads at once, which pays if its work is done outside Python's lock.
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
            while True:  # room for what the feeder still holds
                future = waiting.get_nowait()
                if future is not None:
                    future.cancel()


def exhaust(items: Iterable[object]) -> None:
    """Take all items in another thread, so that this one handles signals while that one waits."""
    for _ in ordered(id, items):
        pass


def _next(waiting: Queue[Future[Product] | None]) -> Future[Product] | None:
    """Return the next future, noticing Ctrl-C even if a library has system calls restarted."""
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
    """Submit the calls in order, until the items end or the caller has stopped."""
    pool = _workers()
    try:
        for item in items:
            waiting.put(pool.submit(function, item))
            if stopped.is_set():
                return
    except BaseException as error:  # raised again in the caller's thread
        failed: Future[Product] = Future()
        failed.set_exception(error)
        waiting.put(failed)
    finally:
        waiting.put(None)


@cache
def _workers() -> ThreadPoolExecutor:
    """Return the threads that all maps share: one more than cores, since some wait for polars' threads."""
    _keep_freed_memory()
    return ThreadPoolExecutor(_AT_ONCE + 1, thread_name_prefix="softmax")


def _keep_freed_memory() -> None:
    """Let the C library keep the memory of one block for the next.

    glibc returns each freed megabyte to the system and asks for it again a moment later: the page faults cost
    as much as copying a block, a seventh of the whole run.
    """
    import ctypes

    with suppress(OSError, AttributeError, TypeError):  # another system, another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_TRIM_THRESHOLD, 1 << 25)
        mallopt(_MMAP_THRESHOLD, 1 << 25)
        mallopt(_ARENA_MAX, 2)  # otherwise each thread would keep as much for itself
