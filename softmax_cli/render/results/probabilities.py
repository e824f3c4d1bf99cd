"""Probabilities and log-probabilities: a line and a bar for each class, or a line for each row."""

import math
from collections.abc import Iterable, Iterator

from softmax_cli.io.table.results.result import PerClass
from softmax_cli.render.layout.bars import bar
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.grid import LOG, grid
from softmax_cli.render.layout.labels import ClassLabels
from softmax_cli.render.layout.numbers import floats, number
from softmax_cli.render.layout.rows import (
    drawn,
    is_largest,
    not_shown,
    paragraph,
    positions_shown,
    row_heading,
    title,
    total,
)
from softmax_cli.render.layout.table import GAP, Column, room_beside, table

_SHORT_BAR = 10
_LONG_BAR = 100
_SMALL = 0.2
"""If no probability reaches this, the bars are drawn larger, and a line says so."""


def probabilities(results: Iterable[PerClass], screen: Screen) -> Iterator[Line]:
    """Yield probabilities, or log-probabilities, of one row or of many."""
    return drawn(results, screen, _vector, lambda many, on: grid(many, on, _title))


def _title(result: PerClass) -> str:
    return "softmax log-probabilities, in nats" if result.key == LOG else "softmax probabilities"


def _vector(result: PerClass, screen: Screen) -> Iterator[Line]:
    batch, values = result.batch, floats(result.values[0])
    shares = [math.exp(value) for value in values] if result.key == LOG else values
    shown = positions_shown(values)
    yield from title(_title(result), result.temperature, screen)
    yield from row_heading(batch, 0, screen)
    yield from vector_table(result, shown, screen)
    yield from left_out(shares, shown, screen)


def left_out(shares: list[float], shown: list[int], screen: Screen) -> Iterator[Line]:
    """Yield a blank line and one that says how many classes are not shown, and their probability."""
    hidden = [shares[i] for i in set(range(len(shares))) - set(shown)]
    together = number(total(hidden), near_one=True)
    yield from not_shown(len(hidden), f"of probability {together} together", screen)


def vector_table(result: PerClass, shown: list[int], screen: Screen, i: int = 0) -> Iterator[Line]:
    """Yield row i of probabilities, a line for each class: name, logit, number, bar."""
    values, logits = floats(result.values[i]), floats(result.batch.values[i])
    log = result.key == LOG
    marks = is_largest(values)
    numbers = Column("log p" if log else "probability", [number(values[j], near_one=not log) for j in shown])
    labels = ClassLabels.fit(result.batch, screen, shown, room_beside([numbers], screen) - GAP)
    columns = [
        Column("class", [labels[j] for j in shown], "left"),
        Column("logit", [number(logits[j]) for j in shown]),
        numbers,
    ]
    room = room_beside(columns, screen)
    if room < _SHORT_BAR:
        del columns[1]
        room = room_beside(columns, screen)
    shares = [math.exp(values[j]) if log else values[j] for j in shown]
    full = max(shares) if 0 < max(shares) < _SMALL else 1.0
    above = "bar: p" if log else ""
    if room >= max(_SHORT_BAR // 2, len(above)):
        bars = [bar(p / full, min(room, _LONG_BAR), unicode=screen.unicode) for p in shares]
        columns.append(Column(above, bars, "left", "bar"))
    yield from table(columns, screen, marks=[marks[j] for j in shown])
    yield from labels.key(shown)
    if full < 1 and len(columns) > 2 and columns[-1].style == "bar":
        yield ""
        yield from paragraph(f"The longest bar is {number(full)}.", screen)
