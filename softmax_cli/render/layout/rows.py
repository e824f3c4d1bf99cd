"""What every drawing of rows shares: one vector or many, the name of a row, a choice of classes."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import Result
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.glyphs import wrap
from softmax_cli.render.layout.numbers import number

R = TypeVar("R", bound=Result)

MANY = 30
"""Of more classes than this, only the `SHOWN` largest are listed."""
SHOWN = 20
EASY_TO_READ = 100
"""The most cells in a line of prose."""


def drawn(
    results: Iterable[R],
    screen: Screen,
    one: Callable[[R, Screen], Iterator[Line]],
    many: Callable[[Iterable[R], Screen], Iterator[Line]],
) -> Iterator[Line]:
    """Yield the lines of a single row by `one` and of several by `many`, batch by batch as they come.

    If reading on fails after a first row, that row is drawn before the error is raised.
    """
    rest = iter(result for result in results if len(result.batch))
    first = next(rest, None)
    if first is None:
        return
    if len(first.batch) > 1:
        yield from many(chain([first], rest), screen)
        return
    try:
        second = next(rest, None)
    except Exception:
        yield from one(first, screen)
        raise
    yield from one(first, screen) if second is None else many(chain([first, second], rest), screen)


def every_row(results: Iterable[R]) -> Iterator[tuple[R, int, bool]]:
    """Yield each row as its result and its place in that, and whether it is the first of all."""
    first = True
    for result in results:
        for i in range(len(result.batch)):
            yield result, i, first
            first = False


def title(text: str, temperature: float, screen: Screen) -> Iterator[Line]:
    """Yield a title, "what: meaning", with the temperature where it is not 1, and a blank line."""
    if temperature != 1:
        what, colon, meaning = text.partition(":")
        text = f"{what}, temperature T = {number(temperature)}{colon}{meaning}"
    for line in wrap(text, screen.width):
        yield ((line, "title"),)
    yield ""


def paragraph(text: str, screen: Screen, *, first: str = "", rest: str | None = None) -> Iterator[Line]:
    """Yield a paragraph, wrapped to the screen, or to a readable width on a wide one."""
    yield from wrap(screen.spell(text), min(screen.width, EASY_TO_READ), first=first, rest=rest)


def row_name(batch: Batch, i: int, screen: Screen) -> str:
    """Name row i (0-based) by number and kept columns; "" for logits of the command line."""
    if batch.from_arguments:
        return ""
    kept = (f"{screen.clean(name)} = {screen.clean(column[i])}" for name, column in batch.kept.items())
    return screen.spell(" · ").join([f"row {batch.first_row + i}", *kept])


def row_count(rows: int) -> str:
    """Return a number of rows in words: ``1 row``, ``1,797 rows``."""
    return f"{rows:,} row" + ("s" if rows != 1 else "")


def row_heading(batch: Batch, i: int, screen: Screen) -> Iterator[Line]:
    """Yield the name of row i as a heading."""
    name = row_name(batch, i, screen)
    if name:
        for line in wrap(name, screen.width):
            yield ((line, "head"),)


def largest(values: Sequence[float], most: int) -> list[int]:
    """Return the positions of the `most` largest, the largest first; ties in order, nan last."""
    falling = [math.inf if math.isnan(value) else -value for value in values]
    return sorted(range(len(values)), key=falling.__getitem__)[:most]


def is_largest(values: Sequence[float]) -> list[bool]:
    """Mark the largest, several if they are equal; none if all are equal."""
    highest = max(values)
    marks = [value == highest for value in values]
    return [False] * len(marks) if all(marks) and len(marks) > 1 else marks


def total(values: Iterable[float]) -> float:
    """Return the sum, rounded once; if that overflows on the way, the sum as numpy has it."""
    terms = list(values)
    try:
        return math.fsum(terms)
    except (OverflowError, ValueError):
        return sum(terms)


def not_shown(count: int, which: str, screen: Screen) -> Iterator[Line]:
    """Yield a blank line and one that says how many classes are left out, and which; nothing if none is."""
    if count:
        classes = "class is" if count == 1 else "classes are"
        yield ""
        yield from paragraph(f"{count} more {classes} not shown, {which}.", screen)


def positions_shown(values: Sequence[float]) -> list[int]:
    """Return the positions of the classes that are listed: all, or of many the largest."""
    return list(range(len(values))) if len(values) <= MANY else largest(values, SHOWN)
