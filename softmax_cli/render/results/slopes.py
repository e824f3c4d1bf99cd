"""Gradients, jvps and vjps: signed numbers with signed bars, or a line a row."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.io.table.results.result import PerClass
from softmax_cli.render.layout.bars import relative, signed_bar
from softmax_cli.render.layout.blocks import Block, Heading, Paragraph, Table, Title
from softmax_cli.render.layout.console import Line, Screen, sign_style
from softmax_cli.render.layout.grid import grid
from softmax_cli.render.layout.labels import ClassLabels
from softmax_cli.render.layout.numbers import floats, number
from softmax_cli.render.layout.rows import (
    drawn,
    every_row,
    not_shown,
    paragraph,
    positions_shown,
    row_heading,
    row_name,
    title,
)
from softmax_cli.render.layout.table import GAP, Column, room_beside, table

_WIDEST_BAR = 30


def per_class(results: Iterable[PerClass], screen: Screen) -> Iterator[Line]:
    """Yield a gradient, a jvp or a vjp: signed numbers with signed bars, or a line a row."""
    return drawn(map(_by_output, results), screen, _vector, lambda many, on: grid(many, on, _title))


def blocks(results: Iterable[PerClass], screen: Screen) -> Iterator[Block]:
    """Yield a gradient, a jvp or a vjp as an explanation."""
    for result, i, first in every_row(map(_by_output, results)):
        if first:
            yield Title(_title(result), result.temperature)
        if name := row_name(result.batch, i, screen):
            yield Heading(name)
        values = floats(result.values[i])
        names = [screen.clean(name) for name in result.batch.classes]
        texts = [number(x, signed=True, near_one=True) for x in values]
        yield Table([Column("class", names, "left"), Column(result.key, texts)])
        if first and (use := _use(result, values)):
            yield Paragraph(use)


def _by_output(result: PerClass) -> PerClass:
    """Put the one output of a loss, if that is what moves, in the place of the classes."""
    if not _of_the_loss(result):
        return result
    outputs = replace(result.batch, values=result.values, classes=("loss",), named=True)
    return replace(result, batch=outputs, columns=None)


def _of_the_loss(result: PerClass) -> bool:
    return result.key == "jvp" and FUNCTIONS[result.function].scalar


def _title(result: PerClass) -> str:
    loss = FUNCTIONS[result.function].scalar
    moves = "the loss moves" if loss else "each output moves"
    weighted = "v times the loss moves" if loss else "the sum of the outputs, each times its v, moves"
    return {
        "gradient": f"gradient of {result.function}: how the loss moves when each logit is nudged",
        "jvp": f"J v of {result.function}: how {moves} when the logits move along v",
        "vjp": f"v^T J of {result.function}: how {weighted} when each logit is nudged",
    }.get(result.key, f"{result.key} of {result.function}")


def _vector(result: PerClass, screen: Screen) -> Iterator[Line]:
    values = floats(result.values[0])
    shown = positions_shown([abs(x) for x in values])
    yield from title(_title(result), result.temperature, screen)
    yield from row_heading(result.batch, 0, screen)
    styles = [sign_style(values[i]) for i in shown]
    numbers = Column(result.key, [number(values[i], signed=True, near_one=True) for i in shown], style=styles)
    room = room_beside([numbers], screen)
    labels = ClassLabels.fit(result.batch, screen, shown, room)
    columns = [Column("" if _of_the_loss(result) else "class", [labels[i] for i in shown], "left"), numbers]
    room -= columns[0].width() + GAP
    half = min((room - 1) // 2, _WIDEST_BAR)
    if half > 1 and len(shown) > 1:
        bars = [signed_bar(x, half, unicode=screen.unicode) for x in relative([values[i] for i in shown])]
        columns.append(Column("", bars, "left", styles))
    yield from table(columns, screen)
    yield from labels.key(shown)
    if use := _use(result, values):
        yield ""
        yield from paragraph(use, screen)
    yield from not_shown(len(values) - len(shown), "none of them further from 0", screen)


def _use(result: PerClass, values: Sequence[float]) -> str:
    """Say what the slopes of a loss are good for; "" if there is nothing to say."""
    if result.key == "gradient" and any(x != 0 for x in values):
        return (
            "To lower the loss, raise the logits with a minus and lower those with a plus: gradient descent."
        )
    if _of_the_loss(result) and math.isfinite(values[0]):
        return f"For a small t: from z to z + t v the loss moves by about {number(values[0], signed=True)} t."
    return ""
