"""Jacobians as signed tables."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from softmax_cli.core.functions import FUNCTIONS, Function
from softmax_cli.io.table.batch import Array
from softmax_cli.io.table.results.result import Matrices
from softmax_cli.render.layout.bars import MARKS, relative, size_mark
from softmax_cli.render.layout.blocks import Block, Heading, Paragraph, Table, Title
from softmax_cli.render.layout.console import Line, Screen, Span, sign_style
from softmax_cli.render.layout.glyphs import cells, left
from softmax_cli.render.layout.labels import ClassLabels
from softmax_cli.render.layout.numbers import NARROWEST, Aligned, floats, number
from softmax_cli.render.layout.rows import every_row, largest, paragraph, row_heading, row_name, title, total
from softmax_cli.render.layout.table import Column

_WIDEST_NUMBER = 12
_WORTH_FOUR_DIGITS = 3
_COMPACT = NARROWEST + 2
"""The narrowest column: a blank, a number, the mark of its size."""
_WIDE = 2
"""The blanks in front of a column whose numbers have four digits."""


def jacobians(results: Iterable[Matrices], screen: Screen) -> Iterator[Line]:
    """Yield Jacobians: row the output that moves, column the logit that is nudged.

    Of many classes, the block of the most probable ones that fits is drawn.
    """
    for result, i, first in every_row(results):
        if first:
            yield from _introduction(result, screen)
        else:
            yield ""
        labels, block = _plan(result, i, screen)
        yield from row_heading(result.batch, i, screen)
        yield from _matrix(result.values[i], labels, block, screen)
        if first:
            yield ""
            yield from paragraph(_example(result, labels), screen)
        yield from labels.key(block.shown)


def _introduction(result: Matrices, screen: Screen) -> Iterator[Line]:
    function = FUNCTIONS[result.function]
    yield from title(f"Jacobian of {function.name}, d {function.symbol} / d z_j", result.temperature, screen)
    legend = {
        "row (of)": f"{function.output} that moves",
        "column (wrt)": "the logit that is nudged",
        "+ or -": "it moves the same way as the logit, or the other way",
        MARKS: "how far, beside the largest entry",
    }
    for sign, meaning in legend.items():
        yield from paragraph(meaning, screen, first=screen.spell(sign.ljust(14)), rest=" " * 14)
    yield ""
    if words := _sums(function):
        yield from paragraph(words, screen)
        yield ""


def _sums(function: Function) -> str:
    """Say what the rows and columns of a function's Jacobian add up to; "" if nothing is known."""
    if function.elementwise:
        return "Beside the diagonal all is 0: each class depends on its own logit alone."
    if function.shift_invariant and function.symmetric:
        return "Each row sums to 0, and so does each column: what one class gains, the others lose."
    if function.shift_invariant:
        return "Each row sums to 0: raising all the logits alike changes nothing."
    return ""


def blocks(results: Iterable[Matrices], screen: Screen) -> Iterator[Block]:
    """Yield the Jacobians as an explanation: what rows and columns are, the matrices, one entry in words."""
    for result, i, first in every_row(results):
        function = FUNCTIONS[result.function]
        if first:
            yield Title(f"Jacobian of {function.name}, `d {function.symbol} / d z_j`", result.temperature)
            yield Paragraph(
                f"A row for each class (of): {function.output} that moves. A column for each class "
                "(wrt): the logit that is nudged. An entry says how fast the one moves with the other."
            )
            if words := _sums(function):
                yield Paragraph(words)
        if name := row_name(result.batch, i, screen):
            yield Heading(name)
        names = [screen.clean(name) for name in result.batch.classes]
        texts = ([number(x, near_one=True) for x in floats(column)] for column in result.values[i].T)
        yield Table([Column("of", names, "left"), *map(Column, names, texts)])
        if first:
            labels = ClassLabels.fit(result.batch, screen, range(result.batch.k), screen.width)
            if words := _example(result, labels):
                yield Paragraph(words)


def _example(result: Matrices, labels: ClassLabels) -> str:
    """Put one entry of the first Jacobian into words: off the diagonal, unless it is 0 there."""
    order = largest(floats(result.batch.values[0]), 2)
    of, wrt = order[0], order[-1]
    if result.values[0, of, wrt] == 0:
        wrt = of
    slope = float(result.values[0, of, wrt])
    if math.isnan(slope):
        return ""
    output = FUNCTIONS[result.function].output
    named = [labels.in_words(position).replace("`", "'") for position in (of, wrt)]
    # A hundredth of the range over which the function bends: there the slope predicts the change.
    nudge = 0.01 * min(1.0, result.temperature)
    if math.isinf(slope):
        nudge, change = 0.0, "moves faster than a double can hold"
    elif nudge * slope:
        change = f"moves by about {number(nudge * slope, signed=True)}"
    elif _stands_still(result, (of, wrt)):
        change = "does not move"
    else:
        change = "moves by less than a double can hold"
    by = f" by {number(nudge)}" if nudge else ""
    return f"For example: raise the logit of {named[1]}{by}, and {output} of {named[0]} {change}."


def _stands_still(result: Matrices, pair: tuple[int, int]) -> bool:
    """Tell whether an entry of the first Jacobian that is 0 is exactly 0, not just too small."""
    logits = floats(result.batch.values[0])
    if any(math.isinf(logits[position]) for position in pair):
        return True
    certain = math.inf in logits or sum(map(math.isfinite, logits)) == 1
    return certain and not FUNCTIONS[result.function].elementwise


def _plan(result: Matrices, i: int, screen: Screen) -> tuple[ClassLabels, "_Block"]:
    """Choose the labels and the block of row i: names, unless they cost digits."""
    batch = result.batch
    order = largest(floats(batch.values[i]), batch.k)
    possible = order[: screen.width // _COMPACT]
    usual = max(8, screen.width // 5)
    for most in (screen.width // 3, usual, 0):
        labels = ClassLabels.fit(batch, screen, possible, *([most] if most else []))
        room = screen.width - _front(labels, possible)
        block = _block(result.values[i], order, labels, room)
        every_digit = not block.rest and block.gap == _WIDE
        if labels.tell_apart(block.shown, block.heads(labels)) and (every_digit or most == usual):
            break
    return labels, block


def _front(labels: ClassLabels, shown: Sequence[int]) -> int:
    return len("of ") + labels.width(shown)


def _matrix(matrix: Array, labels: ClassLabels, block: "_Block", screen: Screen) -> Iterator[Line]:
    """Yield a Jacobian: all, or the block of the most probable classes."""
    front = _front(labels, block.shown)
    yield ((left("", front) + block.head(labels), "head"),)
    entries = [x for of in block.shown for x in block.row(floats(matrix[of]))]
    across = len(entries) // len(block.shown)
    spans = block.entries(entries, screen)
    for of in block.shown:
        yield ((left(f"of {labels[of]}", front), "head"), *islice(spans, across))
    if block.rest:
        most = "The most probable class" if len(block.shown) == 1 else f"The {len(block.shown)} most probable"
        yield from paragraph(
            f"{most} of {len(matrix)}. The last column is the sum over the other {len(block.rest)}, "
            "whose rows are not shown.",
            screen,
        )


@dataclass(frozen=True, slots=True)
class _Block:
    """The part of a Jacobian that is drawn.

    Parameters
    ----------
    shown
        The classes, in their order.
    rest
        The classes that are summed in one more column.
    numbers
        Its numbers; their width is the most cells that one may take, without the mark of its size.
    width
        The cells of a column, the mark apart.
    gap
        The blanks in front of a column.
    """

    shown: Sequence[int]
    rest: Sequence[int]
    numbers: Aligned
    width: int
    gap: int

    def heads(self, labels: ClassLabels) -> list[str]:
        """Return the labels of the columns, shortened to fit."""
        return [labels.screen.shorten(labels[j], self.width + 1) for j in self.shown]

    def head(self, labels: ClassLabels) -> str:
        """Return the heads of the columns, with "wrt" if all have room for it."""
        room = self.width + 1
        heads = [f"wrt {labels[j]}" for j in self.shown]
        if any(cells(head) > room for head in heads):
            heads = self.heads(labels)
        if self.rest:
            others = f"other {len(self.rest)}"
            heads.append(others if len(others) <= room else "others")
        return "".join(" " * self.gap + left(head, room) for head in heads)

    def row(self, values: Sequence[float]) -> list[float]:
        """Return the entries of a row of the Jacobian that are drawn."""
        shown = [values[j] for j in self.shown]
        return [*shown, total(values[j] for j in self.rest)] if self.rest else shown

    def entries(self, entries: Sequence[float], screen: Screen) -> Iterator[Span]:
        """Yield the entries as text: sign and size by colour, and by what is printed."""
        for x, share in zip(entries, relative(entries), strict=True):
            size = abs(share)
            marked = self.numbers.cell(x, self.numbers.width) + size_mark(size, unicode=screen.unicode)
            yield (" " * self.gap + left(marked, self.width + 1), _style(x, size))


def _style(x: float, size: float) -> str:
    if not size:
        return ""
    strength = "strong " if size > 0.5 else "" if size > 0.01 else "faint "
    return strength + sign_style(x)


def _block(matrix: Array, order: Sequence[int], labels: ClassLabels, room: int) -> _Block:
    """Choose what fits: all with four digits, else all with fewer, else the most probable classes."""
    k = len(order)
    if k * _COMPACT <= room:
        shown: Sequence[int] = range(k)
        numbers = _natural(matrix, shown)
        if k * (numbers.width + 3) <= room:
            width = min(room // k - 3, max(numbers.width, len("wrt ") + labels.width(shown) - 1))
            return _Block(shown, (), numbers, width, _WIDE)
        width = min(room // k - 2, numbers.width)
        return _Block(shown, (), numbers._replace(width=width), width, 1)
    for count in range(min(k - 1, room // _COMPACT - 1), _WORTH_FOUR_DIGITS - 1, -1):
        shown = sorted(order[:count])
        numbers = _natural(matrix, shown)
        if (count + 1) * (numbers.width + 3) <= room:
            return _Block(shown, sorted(order[count:]), numbers, numbers.width, _WIDE)
    count = max(1, min(k - 1, room // _COMPACT - 1))
    shown = sorted(order[:count])
    numbers = _natural(matrix, shown)
    width = max(NARROWEST, min(room // (count + 1) - 2, numbers.width))
    return _Block(shown, sorted(order[count:]), numbers._replace(width=width), width, 1)


def _natural(matrix: Array, shown: Sequence[int]) -> Aligned:
    """Return the numbers at four digits."""
    values = (x for row in matrix[np.ix_(shown, shown)] for x in floats(row))
    found = Aligned.of(values, signed=True, near_one=True)
    return found._replace(width=max(NARROWEST + 1, min(found.width, _WIDEST_NUMBER)))
