"""Expressions as they stand on a board: a fraction is three rows, with a bar that never breaks.

Two private ranges of Unicode are used while a picture is put together, and none is left in the result. A
class name that is not plain ASCII is one sign of the first range and fillers, as many as its columns, so that
wide signs keep the rows aligned. A sign that is to be highlighted is moved to plane 15.
"""

# ruff: noqa: N802, N815  SymPy calls a printer by the names of its classes

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from sympy import Expr
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.pretty_symbology import pretty_use_unicode
from sympy.printing.pretty.stringpict import prettyForm, stringPict

from softmax_cli.tutor.nodes import D, Frac, Neg, Plus, Times
from softmax_cli.tutor.notation import F, G
from softmax_cli.tutor.printers.line import LinePrinter
from softmax_cli.tutor.printers.names import Names, braced

_MARKED = 0xF0000
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

    def text(self) -> str:
        """Return the rows without highlights."""
        return "\n".join("".join(text for text, _ in row).rstrip() for row in self.rows)


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


class BoardPrinter(PrettyPrinter):  # type: ignore[misc]
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
        super().__init__({"use_unicode": unicode, "wrap_line": False})
        self.row = _RowPrinter(names, unicode=unicode, changed=changed)
        self.changed = changed
        self.unicode = unicode
        self.widest_sum = sys.maxsize
        """A sum of more columns has a row for each term."""

    def equation(self, lhs: Expr | None, rhs: Expr) -> Picture:
        """Draw lhs = rhs, or = rhs."""
        with _signs(self.unicode):
            form = prettyForm(*stringPict.next(prettyForm("= "), self._print(rhs)))
            if lhs is not None:
                form = prettyForm(*stringPict.next(self._unmarked(lhs), " ", form))
        return self._finish(form)

    def _unmarked(self, x: Expr) -> prettyForm:
        changed, nothing = self.changed, frozenset[Expr]()
        self.changed = self.row.changed = nothing
        try:
            return self._print(x)
        finally:
            self.changed = self.row.changed = changed

    def alone(self, x: Expr) -> Picture:
        """Draw one expression."""
        with _signs(self.unicode):
            return self._finish(self._unmarked(x))

    def _print(self, x: Expr, **settings: object) -> prettyForm:
        form = super()._print(x, **settings)
        if x in self.changed:
            form = prettyForm("\n".join(map(mark, form.picture)), form.baseline)
        return form

    def emptyPrinter(self, x: Expr) -> prettyForm:
        """Draw in one row what has no picture of its own."""
        return prettyForm(self.row.doprint(x))

    def _print_Symbol(self, x: Expr) -> prettyForm:
        return self.emptyPrinter(x)

    _print_Integer = _print_Exp = _print_Log = _print_Delta = _print_Power = _print_Symbol
    _print_At = _print_SumOver = _print_Label = _print_Prime = _print_Symbol

    def _print_Frac(self, x: Frac) -> prettyForm:
        return self._stacked(*map(self._half, x.args))

    def _half(self, x: Expr) -> Sequence[str]:
        """Return the rows of the top or the bottom of a fraction."""
        text = self.row.doprint(x)
        if isinstance(x, Plus) and len(text) > self.widest_sum:
            rows: Sequence[str] = self._term_a_row(x).picture
            return rows
        return [text]

    def _print_D(self, x: D) -> prettyForm:
        of, wrt = x.args
        if of in (F, G):
            return self.emptyPrinter(x)
        top, bottom = self.row.derivative(of, wrt)
        if isinstance(of, Plus) and len(top) > self.widest_sum:
            operator = self._stacked([self.row.partial], [bottom])
            return prettyForm(*stringPict.next(operator, " ", self._factor(of)))
        return self._stacked([top], [bottom])

    def _stacked(self, top: Sequence[str], bottom: Sequence[str]) -> prettyForm:
        bar = ("─" if self.unicode else "-") * max(map(len, (*top, *bottom)))
        rows = [row.center(len(bar)) for row in (*top, bar, *bottom)]
        return prettyForm("\n".join(rows), len(top))

    def _print_Times(self, x: Times) -> prettyForm:
        if all(self._flat(factor) for factor in x.args):
            return self.emptyPrinter(x)
        form = self._factor(x.args[0])
        for before, factor in zip(x.args, x.args[1:], strict=False):
            dot = not (self._flat(before) or self._flat(factor)) and not isinstance(factor, Plus)
            dot = dot or before.is_Integer or factor.is_Integer
            form = prettyForm(
                *stringPict.next(form, f" {self.row.dot} " if dot else " ", self._factor(factor))
            )
        return form

    def _flat(self, x: Expr) -> bool:
        if isinstance(x, Plus | Times | Neg):
            return all(self._flat(arg) for arg in x.args)
        return not isinstance(x, Frac) and not (isinstance(x, D) and x.args[0] not in (F, G))

    def _factor(self, x: Expr) -> prettyForm:
        form = self._print(x)
        return prettyForm(*form.parens()) if isinstance(x, Plus | Neg) else form

    def _print_Plus(self, x: Plus) -> prettyForm:
        form = self._print(x.args[0])
        for term in x.args[1:]:
            form = prettyForm(*stringPict.next(form, " ", self._signed(term)))
        return form if form.width() <= self.widest_sum else self._term_a_row(x)

    def _signed(self, term: Expr) -> prettyForm:
        negative = isinstance(term, Neg)
        drawn = self._factor(term.args[0]) if negative else self._print(term)
        return prettyForm(*stringPict.next(f"{self.row.minus if negative else '+'} ", drawn))

    def _term_a_row(self, x: Plus) -> prettyForm:
        first = prettyForm(*stringPict.next("  ", self._print(x.args[0])))
        forms = [first, *map(self._signed, x.args[1:])]
        width = max(form.width() for form in forms)
        rows = [row.ljust(width) for form in forms for row in form.picture]
        return prettyForm("\n".join(rows), first.baseline)

    def _print_Neg(self, x: Neg) -> prettyForm:
        inner = x.args[0]
        blank = "" if self._flat(inner) else " "
        return prettyForm(*stringPict.next(self.row.minus + blank, self._factor(inner)))

    def _finish(self, form: prettyForm) -> Picture:
        return Picture(tuple(map(self._spans, form.picture)), form.width(), form.baseline)

    def _spans(self, row: str) -> tuple[tuple[str, bool], ...]:
        spans = []
        for marked, signs in groupby(row.rstrip(), key=lambda sign: ord(sign) >= _MARKED):
            text = "".join(chr(ord(sign) - _MARKED) if marked else sign for sign in signs)
            spans.append((_STAND_IN.sub(self._name, text), marked))
        return tuple(spans)

    def _name(self, stand_in: re.Match[str]) -> str:
        return self.row.stand_ins[ord(stand_in[0][0]) - _FIRST_NAME]


def mark(text: str) -> str:
    """Move the signs of a text to plane 15, where a highlight is."""
    return "".join(chr(ord(sign) + _MARKED) if sign != " " and ord(sign) < _MARKED else sign for sign in text)


@contextmanager
def _signs(unicode: bool) -> Iterator[None]:
    """Let SymPy draw its brackets in Unicode or in ASCII, and leave its setting as it was."""
    before = pretty_use_unicode(unicode)
    try:
        yield
    finally:
        pretty_use_unicode(before)
