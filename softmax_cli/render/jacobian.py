"""Jacobians as signed tables; gradients, jvps and vjps as signed bars."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np

from softmax_cli.io.result import Matrices, PerClass
from softmax_cli.render.bars import signed_bar, size_mark
from softmax_cli.render.console import Line, Screen, Span
from softmax_cli.render.glyphs import left, right, shorten
from softmax_cli.render.grid import grid
from softmax_cli.render.numbers import NARROWEST, fitted, floats, number
from softmax_cli.render.rows import (
    MANY,
    SHOWN,
    draw,
    largest,
    names,
    paragraph,
    row_heading,
    title,
    total,
)
from softmax_cli.render.table import GAP, Column, table

_LONGEST_NUMBER = 11
_WIDEST_BAR = 30
_OUTPUTS = {
    "softmax": ("the probability", "p_i"),
    "log-softmax": ("the log-probability", "log p_i"),
    "sigmoid": ("the sigmoid", "s_i"),
}


def jacobians(results: Iterable[Matrices], screen: Screen) -> None:
    """Draw Jacobians: row the output that moves, column the logit that is nudged.

    Parameters
    ----------
    results
        Batches of one computation; drawn as they come.
    screen
        Where. Of many classes, the block of the most probable ones that fits is drawn.

    Raises
    ------
    OSError
        As the stream raises it.
    """
    draw(results, screen, lambda result, on: _lines([result], on), _lines)


def _lines(results: Iterable[Matrices], screen: Screen) -> Iterator[Line]:
    first = True
    for result in results:
        for i in range(len(result.batch)):
            if first:
                yield from _introduction(result, screen)
            else:
                yield ""
            yield from row_heading(result.batch, i, screen)
            yield from _matrix(result, i, screen)
            if first:
                yield ""
                yield from _example(result, screen)
            first = False


def _introduction(result: Matrices, screen: Screen) -> Iterator[Line]:
    output, symbol = _OUTPUTS.get(result.function, ("the output", "f_i"))
    yield from title(f"Jacobian of {result.function}, d {symbol} / d z_j", result.temperature, screen)
    yield from paragraph(f"row: {output} that moves; column: the logit that is nudged", screen)
    yield from paragraph("+ it moves the same way, - the other way; the mark is the size", screen)
    yield from paragraph(_sums(result.function), screen)
    yield ""


def _sums(function: str) -> str:
    return {
        "softmax": "Each row sums to 0, and so does each column: what one class gains, the others lose.",
        "log-softmax": "Each row sums to 0: nudging all the logits alike changes nothing.",
        "sigmoid": "Only the diagonal is not 0: each class depends on its own logit alone.",
    }.get(function, "")


def _example(result: Matrices, screen: Screen) -> Iterator[Line]:
    """Yield one entry of the first Jacobian in words."""
    batch = result.batch
    order = largest(floats(batch.values[0]), 2)
    of, wrt = order[0], order[-1]
    named = names(batch, screen, 20)
    slope = float(result.values[0, of, wrt])
    output, _ = _OUTPUTS.get(result.function, ("the output", ""))
    yield from paragraph(
        f"For example: raise the logit of {named[wrt]} by 0.01, and {output} of {named[of]} "
        f"moves by about {number(0.01 * slope, signed=True)}.",
        screen,
    )


def _matrix(result: Matrices, i: int, screen: Screen) -> Iterator[Line]:
    """Yield the Jacobian of row i: all of it, or the block of the most probable classes and the rest's sums."""
    batch, k = result.batch, result.batch.k
    named = names(batch, screen, max(8, screen.width // 5))
    matrix = result.values[i]
    front = max(len("of " + name) for name in named)
    order = largest(floats(batch.values[i]), k)
    shown, width, rest = _block(matrix, order, screen.width - front)
    heads = ["wrt " + named[j] for j in shown]
    if rest:
        heads.append(f"other {len(rest)}")
    width = max(width, min(max(map(len, heads)), (screen.width - front) // len(heads) - 3))
    heads = [
        shorten(head if len(head) <= width else head.removeprefix("wrt "), width, unicode=screen.unicode)
        for head in heads
    ]
    yield ((left("", front + GAP) + (" " * (GAP + 1)).join(right(head, width) for head in heads), "head"),)
    highest = float(np.abs(matrix[np.ix_(shown, shown)]).max())
    for of in shown:
        entries = [float(matrix[of, j]) for j in shown]
        if rest:
            entries.append(total(floats(matrix[of, rest])))
        yield _entries("of " + named[of], front, entries, width, highest, screen)
    if rest:
        yield from paragraph(
            f"The {len(shown)} most probable of {k} classes; {len(rest)} are not shown, but summed in the last column.",
            screen,
        )


def _block(
    matrix: "np.ndarray[tuple[int, ...], np.dtype[np.floating]]", order: list[int], room: int
) -> tuple[list[int], int, list[int]]:
    """Return the classes shown, in order of class; the width of a number; and the classes that are not shown."""
    k = len(order)
    for count in range(min(k, max(1, room // (NARROWEST + GAP + 1))), 0, -1):
        shown = sorted(order[:count])
        block = matrix[np.ix_(shown, shown)]
        natural = max(len(number(x, signed=True, near_one=True)) for row in block for x in floats(row))
        width = max(NARROWEST + 1, min(natural, _LONGEST_NUMBER if count < k else NARROWEST + 2))
        columns = count + (count < k)
        if columns * (width + GAP + 1) <= room or count == 1:
            return shown, min(width, room // columns - GAP - 1), sorted(order[count:])
    return [order[0]], NARROWEST, sorted(order[1:])


def _entries(name: str, front: int, entries: list[float], width: int, highest: float, screen: Screen) -> Line:
    spans: list[Span] = [(left(name, front), "head")]
    for x in entries:
        mark = size_mark(abs(x) / highest if highest else 0, unicode=screen.unicode)
        style = "" if x == 0 else "plus" if x > 0 else "minus"
        text = right(fitted(x, width, signed=True, near_one=True), width)
        spans += [(" " * GAP, ""), (text + mark, style)]
    return tuple(spans)


def per_class(results: Iterable[PerClass], screen: Screen) -> None:
    """Draw a gradient, a jvp or a vjp: signed numbers with signed bars, or a line a row.

    Parameters
    ----------
    results
        Batches of one computation, key ``gradient``, ``jvp`` or ``vjp``; drawn as they come.
    screen
        Where.

    Raises
    ------
    OSError
        As the stream raises it.
    """
    draw(results, screen, _vector, lambda many, on: grid(many, on, _title))


def _title(result: PerClass) -> str:
    return {
        "gradient": f"gradient of {result.function}, d L / d z_j",
        "jvp": f"J v for {result.function}: how each output moves when the logits move along v",
        "vjp": f"v^T J for {result.function}: how v . f moves when each logit is nudged",
    }.get(result.key, f"{result.key} of {result.function}")


def _vector(result: PerClass, screen: Screen) -> Iterator[Line]:
    values = floats(result.values[0])
    sizes = [abs(x) for x in values]
    shown = list(range(len(values))) if len(values) <= MANY else largest(sizes, SHOWN)
    yield from title(_title(result), result.temperature, screen)
    heading = list(row_heading(result.batch, 0, screen))
    yield from chain(heading, [""] if heading else [])
    named = names(result.batch, screen, screen.width // 3)
    columns = [
        Column("class", [named[i] for i in shown], "left"),
        Column(result.key, [number(values[i], signed=True, near_one=True) for i in shown]),
    ]
    half = min((screen.width - 2 - sum(column.width() + GAP for column in columns) - 1) // 2, _WIDEST_BAR)
    if half > 1:
        highest = max(sizes)
        bars = [
            signed_bar(values[i] / highest if highest else 0, half, unicode=screen.unicode) for i in shown
        ]
        columns.append(Column("", bars, "left", "bar"))
    yield from table(columns, screen)
    yield ""
    yield from paragraph(f"sum {number(total(values), signed=True)}", screen)
    hidden = len(values) - len(shown)
    if hidden:
        yield from paragraph(f"{hidden} more classes, closer to 0, are not shown", screen)
