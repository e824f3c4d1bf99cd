"""The map over threads keeps the order, takes no more than it needs, and passes errors on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from softmax_cli.core.kernels.threads import cores
from softmax_cli.io.streams.prefetch import exhaust, ordered


def test_order() -> None:
    """Products come in the order of their items, however long each takes."""

    def slow(n: int) -> int:
        time.sleep(0.01 * (n % 3))
        return n

    assert list(ordered(slow, range(30))) == list(range(30))


def test_back_pressure() -> None:
    """If the caller takes no products, no more items are taken than the queue and the workers hold."""
    taken = []

    def items() -> Iterator[int]:
        for n in range(1000):
            taken.append(n)
            yield n

    products = ordered(lambda n: n, items())
    assert next(products) == 0
    time.sleep(0.2)
    assert len(taken) <= cores() + 4
    products.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("where", ["item", "function"])
def test_errors(where: str) -> None:
    """An error comes in its place, after the products before it, with its own type."""

    def items() -> Iterator[int]:
        yield from range(5)
        if where == "item":
            raise KeyError("lost")
        yield 0

    def function(n: int) -> float:
        return 1 / (n - 5) if where == "item" else [1, 2, 3, 4, 5][n] / (n or len(got) == 0)

    got: list[float] = []
    with pytest.raises((KeyError, ZeroDivisionError)):
        got.extend(ordered(function, items()))


def test_an_early_end_does_not_wait() -> None:
    """A caller that stops early does not wait for an item that never comes."""
    never = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        never.wait()

    products = ordered(lambda n: n, items())
    assert next(products) == 1
    started = time.perf_counter()
    products.close()  # type: ignore[attr-defined]
    assert time.perf_counter() - started < 1
    never.set()


def test_items_that_are_only_taken() -> None:
    """All items are taken in order in another thread, and the error of one is raised here."""
    threads = []

    def items() -> Iterator[int]:
        for n in range(20):
            threads.append(threading.get_ident())
            yield n
        raise ValueError("the last")

    with pytest.raises(ValueError, match="the last"):
        exhaust(items())
    assert len(threads) == 20
    assert threading.get_ident() not in threads
