"""`--compare`: softmax beside sigmoid and argmax, and why they differ."""

from collections.abc import Iterable, Iterator, Sequence

from softmax_cli.io.table.results.result import Long
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.labels import ClassLabels
from softmax_cli.render.layout.numbers import floats, number
from softmax_cli.render.layout.rows import (
    every_row,
    is_largest,
    paragraph,
    positions_shown,
    row_heading,
    title,
    total,
)
from softmax_cli.render.layout.table import GAP, Column, room_beside, table

_WHY = {
    "softmax": (
        "the classes compete for a total of 1: to raise one logit takes from all the others. "
        "For a choice of exactly one class."
    ),
    "sigmoid": (
        "each class is judged on its own, by {formula}: the sum may be anything from 0 to the number of "
        "classes. For labels of which several, or none, may hold at once."
    ),
    "argmax": (
        "the largest takes all: 1 for it, 0 for the others. A small nudge of a logit changes nothing, so the "
        "derivative is 0 wherever there is one: nothing to learn from. Softmax is its smooth form."
    ),
}


def compare(results: Iterable[Long], screen: Screen) -> Iterator[Line]:
    """Yield softmax beside sigmoid and argmax, as `long_tables.compare` has them, and why they differ."""
    for result, i, first in every_row(results):
        if first:
            yield from title("softmax beside sigmoid and argmax", result.temperature, screen)
            yield from _explanation(result.temperature, screen)
        yield ""
        yield from _row(result, i, screen)


def _explanation(temperature: float, screen: Screen) -> Iterator[Line]:
    formula = "1 / (1 + exp(-z))" if temperature == 1 else "1 / (1 + exp(-z / T))"
    for name, why in _WHY.items():
        yield from paragraph(why.format(formula=formula), screen, first=f"{name}:".ljust(9), rest=" " * 9)


def _row(result: Long, i: int, screen: Screen) -> Iterator[Line]:
    columns = {name: floats(result.values[i, :, j]) for j, name in enumerate(result.columns)}
    p = columns["softmax"]
    shown = positions_shown(p)
    marks = is_largest(p)
    drawn = _columns(result, i, columns, shown)
    room = room_beside(drawn[1:], screen)
    labels = ClassLabels.fit(result.batch, screen, shown, max(8, room))
    others = [f"other {len(p) - len(shown)}"] if len(shown) < len(p) else []
    classes = Column("class", [*map(labels.__getitem__, shown), *others, "sum"], "left")
    if classes.width() + GAP + drawn[0].width() > room:
        del drawn[0]  # the logits: what is compared stays side by side
    yield from row_heading(result.batch, i, screen)
    footer = 1 if len(shown) == len(p) else 2
    yield from table([classes, *drawn], screen, marks=[marks[j] for j in shown], footer=footer)
    yield from labels.key(shown)
    logits = floats(result.batch.values[i])
    if logits.count(max(logits)) > 1:
        yield ""
        yield from paragraph("Several logits are the largest: argmax takes the first of them.", screen)


def _columns(result: Long, i: int, columns: dict[str, list[float]], shown: Sequence[int]) -> list[Column]:
    logits = floats(result.batch.values[i])
    hidden = sorted(set(range(result.batch.k)) - set(shown))

    def texts(name: str) -> list[str]:
        values = columns[name]
        above = [number(values[j], near_one=True) for j in shown]
        others = [number(total(values[j] for j in hidden), near_one=True)] if hidden else []
        return [*above, *others, number(columns["sigmoid_sum"][0]) if name == "sigmoid" else "1"]

    return [
        Column("logit", [*(number(logits[j]) for j in shown), *([""] if hidden else []), ""]),
        *(Column(name, texts(name)) for name in _WHY),
    ]
