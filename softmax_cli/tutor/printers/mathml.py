"""Expressions as presentation MathML, which browsers draw without a script."""

# ruff: noqa: N802  SymPy calls a printer by the names of its classes

from html import escape
from typing import Any

from sympy import Expr, Integer, Symbol
from sympy.printing.mathml import MathMLPresentationPrinter

from softmax_cli.tutor.nodes import (
    DOTS,
    At,
    D,
    Delta,
    Exp,
    Frac,
    Label,
    Log,
    Neg,
    Plus,
    Power,
    Prime,
    SumOver,
    Times,
)
from softmax_cli.tutor.notation import F, G
from softmax_cli.tutor.printers.line import delta_index
from softmax_cli.tutor.printers.names import Names


class BoardMathMLPrinter(MathMLPresentationPrinter):  # type: ignore[misc]
    """Write MathML; `_print` gives an element of a document, `doprint` its text.

    Parameters
    ----------
    names
        How names are shown.
    changed
        The parts to highlight: an ``mrow`` of the class ``changed``.
    """

    def __init__(self, names: Names, *, changed: frozenset[Expr] = frozenset()) -> None:
        super().__init__()
        self.names = names
        self.changed = changed

    def doprint(self, x: Expr) -> str:
        """Return an expression as the inside of a ``math`` element."""
        text: str = self._print(x).toxml()
        return text

    def _print(self, x: Expr, **settings: Any) -> Any:
        element = super()._print(x, **settings)
        if x not in self.changed:
            return element
        row = self._of("mrow", element)
        row.setAttribute("class", "changed")
        return row

    def _of(self, tag: str, *children: Any) -> Any:
        # SymPy's documents write a text node as it is: what a name holds is escaped here.
        element = self.dom.createElement(tag)
        for child in children:
            element.appendChild(
                self.dom.createTextNode(escape(child, quote=False)) if isinstance(child, str) else child
            )
        return element

    def _row(self, *children: Any) -> Any:
        return self._of("mrow", *children)

    def _sign(self, sign: str) -> Any:
        return self._of("mo", sign)

    def _bracketed(self, x: Expr) -> Any:
        return self._row(self._sign("("), self._print(x), self._sign(")"))

    def _factor(self, x: Expr) -> Any:
        return self._bracketed(x) if isinstance(x, Plus | Neg) else self._print(x)

    def _index(self, index: str) -> Any:
        if index.isdecimal():
            return self._of("mn", index)
        return self._of("mtext" if self.names.named else "mi", index)

    def _print_Symbol(self, x: Symbol, style: str = "") -> Any:
        if x == DOTS:
            return self._sign("⋯")
        exponent = self.names.exponent(x)
        if exponent is not None:
            return self._power_of_e(exponent)
        letter, index = self.names.split(x)
        if not index:
            return self._of("mi", letter)
        return self._of("msub", self._of("mi", letter), self._index(index))

    def _power_of_e(self, exponent: Expr) -> Any:
        return self._of("msup", self._of("mi", "e"), self._print(exponent))

    def _print_Integer(self, x: Integer) -> Any:
        return self._of("mn", str(x))

    def _print_Label(self, x: Label) -> Any:
        return self._of("mtext", self.names.label(int(x.args[0])))

    def _print_Frac(self, x: Frac) -> Any:
        return self._of("mfrac", self._print(x.args[0]), self._print(x.args[1]))

    def _print_Times(self, x: Times) -> Any:
        row = self._row(self._factor(x.args[0]))
        for before, factor in zip(x.args, x.args[1:], strict=False):
            numbers = isinstance(before, Integer) or isinstance(factor, Integer)
            fractions = isinstance(before, Frac | D) and isinstance(factor, Frac | D)
            row.appendChild(self._sign("·") if numbers or fractions else self._space())
            row.appendChild(self._factor(factor))
        return row

    def _space(self) -> Any:
        space = self._of("mspace")
        space.setAttribute("width", "0.2em")
        return space

    def _print_Plus(self, x: Plus) -> Any:
        row = self._row(self._print(x.args[0]))
        for term in x.args[1:]:
            negative = isinstance(term, Neg)
            row.appendChild(self._sign("−" if negative else "+"))
            row.appendChild(self._factor(term.args[0]) if negative else self._print(term))
        return row

    def _print_Neg(self, x: Neg) -> Any:
        return self._row(self._sign("−"), self._factor(x.args[0]))

    def _print_Power(self, x: Power) -> Any:
        base, exponent = x.args
        inside = self._print(base) if isinstance(base, Symbol) else self._bracketed(base)
        return self._of("msup", inside, self._print(exponent))

    def _print_Exp(self, x: Exp) -> Any:
        return self._power_of_e(x.args[0])

    def _print_Log(self, x: Log) -> Any:
        argument = x.args[0]
        inside = self._print(argument) if isinstance(argument, Symbol) else self._bracketed(argument)
        return self._row(self._of("mi", "log"), self._space(), inside)

    def _print_D(self, x: D) -> Any:
        of, wrt = x.args
        if of in (F, G):
            return self._of("msup", self._print(of), self._sign("′"))
        partial = self._of("mi", "∂")
        if isinstance(of, D):
            top = self._row(self._of("msup", partial, self._of("mn", "2")), self._print(of.args[0]))
            return self._of("mfrac", top, self._row(*self._partials(of.args[1]), *self._partials(wrt)))
        bracket = isinstance(of, Plus | Times | Frac | Neg)
        top = self._row(partial, self._bracketed(of) if bracket else self._print(of))
        return self._of("mfrac", top, self._row(*self._partials(wrt)))

    def _partials(self, z: Expr) -> tuple[Any, Any]:
        return self._of("mi", "∂"), self._print(z)

    def _print_Prime(self, x: Prime) -> Any:
        inside = self._print(x.args[0]) if isinstance(x.args[0], Symbol) else self._bracketed(x.args[0])
        return self._of("msup", inside, self._sign("′"))

    def _print_Delta(self, x: Delta) -> Any:
        return self._of("msub", self._of("mi", "δ"), self._of("mi", delta_index(x)))

    def _print_At(self, x: At) -> Any:
        return self._of("msub", *map(self._print, x.args))

    def _print_SumOver(self, x: SumOver) -> Any:
        body, letter = x.args
        start = self._row(self._print(letter), self._sign("="), self._of("mn", "1"))
        return self._row(
            self._of("munderover", self._sign("∑"), start, self._of("mi", "K")), self._factor(body)
        )
