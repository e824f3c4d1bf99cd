"""Expressions as they stand on a board: a fraction is three rows, with a bar that never breaks.

Two private ranges of Unicode are used while a picture is put together, and none is left in the result. A
class name that is not plain ASCII is one sign of the first range and fillers, as many as its columns, so that
wide signs keep the rows aligned. A sign that is to be highlighted is moved to plane 15.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr

from softmax_cli.tutor.nodes import D, Frac, Neg, Plus, Times
from softmax_cli.tutor.notation import F, G
from softmax_cli.tutor.printers.line import LinePrinter
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

    def __init__(self, names: Names, *, unicode: bool, changed: frozenset[Expr]) -> None:
        super().__init__(names, unicode=unicode)
        self.changed = changed
        self.stand_ins: list[str] = []

    def _print(self, x: Expr, **settings: object) -> str:
        text: str = super()._print(x, **settings)
        return mark(text) if x in self.changed else text

    def _subscript(self, index: str) -> str:
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

    def __init__(self, names: Names, *, unicode: bool, changed: frozenset[Expr] = frozenset()) -> None:
        self.row = _RowPrinter(names, unicode=unicode, changed=changed)
        self.changed = changed
        self.unicode = unicode
        self.widest_sum = sys.maxsize
        """A sum of more columns has a row for each term."""

    def equation(self, lhs: Expr | None, rhs: Expr) -> Picture:
        """Draw lhs = rhs, or = rhs."""
        before: tuple[str | _Sketch, ...] = () if lhs is None else (self._unmarked(lhs), " ")
        return self._finish(_beside(*before, "= ", self._drawn(rhs)))

    def _unmarked(self, x: Expr) -> _Sketch:
        changed, nothing = self.changed, frozenset[Expr]()
        self.changed = self.row.changed = nothing
        try:
            return self._drawn(x)
        finally:
            self.changed = self.row.changed = changed

    def alone(self, x: Expr) -> Picture:
        """Draw one expression."""
        return self._finish(self._unmarked(x))

    def _drawn(self, x: Expr) -> _Sketch:
        sketch = self._plainly(x)
        return _Sketch([*map(mark, sketch.rows)], sketch.baseline) if x in self.changed else sketch

    def _plainly(self, x: Expr) -> _Sketch:
        """Draw an expression, in one row if it has no picture of its own."""
        match x:
            case Frac():
                return self._stacked(*map(self._half, x.args))
            case Plus():
                return self._sum(x)
            case Neg():
                blank = "" if self._flat(x.args[0]) else " "
                return _beside(self.row.minus + blank, self._factor(x.args[0]))
            case D() if not self._flat(x):
                return self._derivative(*x.args)
            case Times() if not self._flat(x):
                return self._product(x)
        return _Sketch([self.row.doprint(x)])

    def _half(self, x: Expr) -> Sequence[str]:
        """Return the rows of the top or the bottom of a fraction."""
        text = self.row.doprint(x)
        return self._term_a_row(x).rows if isinstance(x, Plus) and len(text) > self.widest_sum else [text]

    def _derivative(self, of: Expr, wrt: Expr) -> _Sketch:
        top, bottom = self.row.derivative(of, wrt)
        if isinstance(of, Plus) and len(top) > self.widest_sum:
            return _beside(self._stacked([self.row.partial], [bottom]), " ", self._factor(of))
        return self._stacked([top], [bottom])

    def _stacked(self, top: Sequence[str], bottom: Sequence[str]) -> _Sketch:
        bar = ("─" if self.unicode else "-") * max(map(len, (*top, *bottom)))
        return _Sketch([row.center(len(bar)) for row in (*top, bar, *bottom)], len(top))

    def _product(self, x: Times) -> _Sketch:
        parts: list[str | _Sketch] = [self._factor(x.args[0])]
        for before, factor in zip(x.args, x.args[1:], strict=False):
            dot = not (self._flat(before) or self._flat(factor)) and not isinstance(factor, Plus)
            dot = dot or before.is_Integer or factor.is_Integer
            parts += [f" {self.row.dot} " if dot else " ", self._factor(factor)]
        return _beside(*parts)

    def _flat(self, x: Expr) -> bool:
        if isinstance(x, Plus | Times | Neg):
            return all(self._flat(arg) for arg in x.args)
        return not isinstance(x, Frac) and not (isinstance(x, D) and x.args[0] not in (F, G))

    def _factor(self, x: Expr) -> _Sketch:
        sketch = self._drawn(x)
        if not isinstance(x, Plus | Neg):
            return sketch
        brackets = "()" if len(sketch.rows) == 1 else ("⎛⎜⎝", "⎞⎟⎠") if self.unicode else ("/|\\", "\\|/")
        left, right = (_bracket(signs, sketch) for signs in brackets)
        return _beside(left, sketch, right)

    def _sum(self, x: Plus) -> _Sketch:
        parts: list[str | _Sketch] = [self._drawn(x.args[0])]
        for term in x.args[1:]:
            parts += [" ", *self._signed(term)]
        sketch = _beside(*parts)
        return sketch if sketch.width <= self.widest_sum else self._term_a_row(x)

    def _signed(self, term: Expr) -> tuple[str, _Sketch]:
        if isinstance(term, Neg):
            return f"{self.row.minus} ", self._factor(term.args[0])
        return "+ ", self._drawn(term)

    def _term_a_row(self, x: Plus) -> _Sketch:
        first = _beside("  ", self._drawn(x.args[0]))
        sketches = [first, *(_beside(*self._signed(term)) for term in x.args[1:])]
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
