"""Expressions as they stand on a board: a fraction is three rows, with a bar that never breaks.

Two private ranges of Unicode are used while a picture is put together, and none is left in the result. A
class name that is not plain ASCII is one sign of the first range and fillers, as many as its columns, so that
wide signs keep the rows aligned. A sign that is to be highlighted is moved to plane 15.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from softmax_cli.core.formula.tree import Binary, Derivative, Negative, Node, Number, factors, parts, terms
from softmax_cli.tutor.notation import F, G
from softmax_cli.tutor.printers.line import LinePrinter, is_fraction, is_sum
from softmax_cli.tutor.printers.names import Names, braced

_MARKED = 0xF0000
_SPANS = re.compile("[\U000f0000-\U0010ffff]+|[^\U000f0000-\U0010ffff]+")
_FIRST_NAME, _FILLER = 0xE000, "\uf8ff"
_STAND_IN = re.compile("[\ue000-\uf8fe]\uf8ff*")


@dataclass(frozen=True)
class Picture:
    """Rows of a drawn equation.

    Parameters
    ----------
    rows
        Each a list of (text, highlighted).
    width
        The columns of the widest row.
    baseline
        The row of the sign of equality, from 0.
    """

    rows: tuple[tuple[tuple[str, bool], ...], ...]
    width: int
    baseline: int


class _RowPrinter(LinePrinter):
    """What stands in one row of a picture."""

    def __init__(self, names: Names, *, unicode: bool, changed: frozenset[Node]) -> None:
        super().__init__(names, unicode=unicode)
        self.changed = changed
        self.stand_ins: list[str] = []

    def _write(self, node: Node) -> tuple[str, int]:
        text, level = super()._write(node)
        return mark(text) if node in self.changed else text, level

    def subscript(self, index: str) -> str:
        """Return what stands below a letter, a name that is not plain as its stand-in."""
        name = braced(index)
        if name.isascii():
            return name
        if name not in self.stand_ins:
            self.stand_ins.append(name)
        return chr(_FIRST_NAME + self.stand_ins.index(name)) + _FILLER * (
            max(self.names.measure(name), 1) - 1
        )


@dataclass(frozen=True, slots=True)
class _Sketch:
    """Rows of one width, and which of them, from 0, stands in line with what is beside the sketch."""

    rows: Sequence[str]
    baseline: int = 0

    @property
    def width(self) -> int:
        return len(self.rows[0])


class BoardPrinter:
    """Draw an expression over several rows.

    Parameters
    ----------
    names
        How names are shown.
    unicode
        False to draw with ASCII signs.
    changed
        The parts to highlight.
    """

    def __init__(self, names: Names, *, unicode: bool, changed: frozenset[Node] = frozenset()) -> None:
        self.row = _RowPrinter(names, unicode=unicode, changed=changed)
        self.changed = changed
        self.unicode = unicode
        self.widest_sum = sys.maxsize
        """A sum of more columns has a row for each term."""

    def equation(self, lhs: Node | None, rhs: Node) -> Picture:
        """Draw lhs = rhs, or = rhs."""
        before: tuple[str | _Sketch, ...] = () if lhs is None else (self._unmarked(lhs), " ")
        return self._finish(_beside(*before, "= ", self._drawn(rhs)))

    def _unmarked(self, x: Node) -> _Sketch:
        changed, nothing = self.changed, frozenset[Node]()
        self.changed = self.row.changed = nothing
        try:
            return self._drawn(x)
        finally:
            self.changed = self.row.changed = changed

    def alone(self, x: Node) -> Picture:
        """Draw one expression."""
        return self._finish(self._unmarked(x))

    def _drawn(self, x: Node) -> _Sketch:
        sketch = self._plainly(x)
        return _Sketch([*map(mark, sketch.rows)], sketch.baseline) if x in self.changed else sketch

    def _plainly(self, x: Node) -> _Sketch:
        """Draw an expression, in one row if it has no picture of its own."""
        if is_sum(x):
            return self._sum(x)
        match x:
            case Binary(operator="/"):
                return self._stacked(self._half(x.left), self._half(x.right))
            case Negative(operand=operand):
                return _beside(self.row.minus + ("" if _flat(operand) else " "), self._factor(operand))
            case Derivative() if not _flat(x):
                return self._derivative(x)
            case Binary(operator="*") if not _flat(x):
                return self._product(x)
        return _Sketch([self.row.of(x)])

    def _half(self, x: Node) -> Sequence[str]:
        """Return the rows of the top or the bottom of a fraction."""
        text = self.row.of(x)
        return self._term_a_row(x).rows if is_sum(x) and len(text) > self.widest_sum else [text]

    def _derivative(self, x: Derivative) -> _Sketch:
        top, bottom = self.row.fraction(x)
        if is_sum(x.of) and len(top) > self.widest_sum:
            return _beside(self._stacked([self.row.partial], [bottom]), " ", self._factor(x.of))
        return self._stacked([top], [bottom])

    def _stacked(self, top: Sequence[str], bottom: Sequence[str]) -> _Sketch:
        bar = ("─" if self.unicode else "-") * max(map(len, (*top, *bottom)))
        return _Sketch([row.center(len(bar)) for row in (*top, bar, *bottom)], len(top))

    def _product(self, x: Node) -> _Sketch:
        each = factors(x)
        drawn: list[str | _Sketch] = [self._factor(each[0])]
        for before, factor in pairwise(each):
            dot = not (_flat(before) or _flat(factor)) and not is_sum(factor)
            dot = dot or isinstance(before, Number) or isinstance(factor, Number)
            drawn += [f" {self.row.dot} " if dot else " ", self._factor(factor)]
        return _beside(*drawn)

    def _factor(self, x: Node) -> _Sketch:
        sketch = self._drawn(x)
        if not (is_sum(x) or isinstance(x, Negative)):
            return sketch
        brackets = "()" if len(sketch.rows) == 1 else ("⎛⎜⎝", "⎞⎟⎠") if self.unicode else ("/|\\", "\\|/")
        left, right = (_bracket(signs, sketch) for signs in brackets)
        return _beside(left, sketch, right)

    def _sum(self, x: Node) -> _Sketch:
        (_, first), *others = terms(x)
        drawn: list[str | _Sketch] = [self._drawn(first)]
        for term in others:
            drawn += [" ", *self._signed(*term)]
        sketch = _beside(*drawn)
        return sketch if sketch.width <= self.widest_sum else self._term_a_row(x)

    def _signed(self, sign: str, term: Node) -> tuple[str, _Sketch]:
        if sign == "-":
            return f"{self.row.minus} ", self._factor(term)
        return "+ ", self._drawn(term)

    def _term_a_row(self, x: Node) -> _Sketch:
        (_, top), *others = terms(x)
        first = _beside("  ", self._drawn(top))
        sketches = [first, *(_beside(*self._signed(*term)) for term in others)]
        width = max(sketch.width for sketch in sketches)
        return _Sketch([row.ljust(width) for sketch in sketches for row in sketch.rows], first.baseline)

    def _finish(self, sketch: _Sketch) -> Picture:
        return Picture(tuple(map(self._spans, sketch.rows)), sketch.width, sketch.baseline)

    def _spans(self, row: str) -> tuple[tuple[str, bool], ...]:
        return tuple(map(self._span, _SPANS.findall(row.rstrip())))

    def _span(self, text: str) -> tuple[str, bool]:
        marked = ord(text[0]) >= _MARKED
        shown = "".join(chr(ord(sign) - _MARKED) for sign in text) if marked else text
        return _STAND_IN.sub(self._name, shown), marked

    def _name(self, stand_in: re.Match[str]) -> str:
        return self.row.stand_ins[ord(stand_in[0][0]) - _FIRST_NAME]


def _flat(x: Node) -> bool:
    """Tell whether an expression takes one row."""
    if is_sum(x) or isinstance(x, Negative) or (isinstance(x, Binary) and x.operator == "*"):
        return all(map(_flat, parts(x)))
    return not is_fraction(x) and not (isinstance(x, Derivative) and x.of not in (F, G))


def _beside(*parts: str | _Sketch) -> _Sketch:
    """Put texts and sketches next to each other, their baselines in one row."""
    sketches = [_Sketch([part]) if isinstance(part, str) else part for part in parts]
    above = max(sketch.baseline for sketch in sketches)
    below = max(len(sketch.rows) - sketch.baseline for sketch in sketches)
    columns = []
    for sketch in sketches:
        blank = [" " * sketch.width]
        over = above - sketch.baseline
        columns.append([*blank * over, *sketch.rows, *blank * (above + below - over - len(sketch.rows))])
    return _Sketch(["".join(row) for row in zip(*columns, strict=True)], above)


def _bracket(signs: str, sketch: _Sketch) -> _Sketch:
    """Return one side of the brackets around a sketch, drawn with its top, middle and bottom sign."""
    height = len(sketch.rows)
    return _Sketch([signs[0], *signs[1:-1] * (height - 2), signs[-1]][:height], sketch.baseline)


def mark(text: str) -> str:
    """Move the signs of a text to plane 15, where a highlight is."""
    return "".join(chr(ord(sign) + _MARKED) if sign != " " and ord(sign) < _MARKED else sign for sign in text)
