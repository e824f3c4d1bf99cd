"""Large results on all cores: numpy's loops release the interpreter's lock, so threads run in parallel."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WORTH_IT = 1 << 19
"""Numbers in a result from which threads save more time than it takes to start them."""

SHARE = 1 << 10
"""Cores that this process may use of those that it sees: a cluster's worker has as many as it has threads."""

_MOST = 8  # more threads only wait for memory


def in_parts(work: Callable[[int, int], None], n: int, numbers: int) -> None:
    """Call work(start, stop) for rows 0 to n, in as many parts at once as there are cores.

    Small results are one part. So is the work of a thread that is not the main one: whoever started it has
    already shared the cores out. `work` fills the rows of its part, and depends on no other part; the result
    holds so many `numbers`.

    Raises
    ------
    BaseException
        What `work` raises: where several parts do, that of the first rows.
    """
    parts = min(_threads_for(numbers), n)
    if parts < 2:
        work(0, n)
        return
    from concurrent.futures import ThreadPoolExecutor

    bounds = [n * part // parts for part in range(parts + 1)]
    with ThreadPoolExecutor(parts) as pool:
        running = [pool.submit(work, start, stop) for start, stop in itertools.pairwise(bounds)]
    for part in running:
        part.result()


@contextmanager
def beside(numbers: int) -> Iterator[Callable[[Callable[[], object]], Callable[[], object]]]:
    """Yield what starts a piece of work on a second core, and returns what waits for its end.

    numpy's short calls do not run beside each other: two threads wait for the interpreter at each. Where
    there are many, one thread makes them all, and leaves the other what takes long: exponentials.

    Parameters
    ----------
    numbers
        How many numbers there are in all: with few, a piece of work is done when it is started.
    """
    if _threads_for(numbers) < 2:

        def at_once(work: Callable[[], object]) -> Callable[[], object]:
            result = work()
            return lambda: result

        yield at_once
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        yield lambda work: pool.submit(work).result


def _threads_for(numbers: int) -> int:
    return min(cores(), _MOST) if numbers >= WORTH_IT and _on_main_thread() else 1


def _on_main_thread() -> bool:
    import threading  # a small result starts without it

    return threading.current_thread() is threading.main_thread()


def cores() -> int:
    """Return how many cores this process may use."""
    seen = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(seen, SHARE)
