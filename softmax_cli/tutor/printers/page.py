"""What LaTeX and MathML have in common: which parts a node has on a page, and where brackets stand."""

# ruff: noqa: N802  SymPy calls a printer by the names of its classes

from typing import Any

from sympy import Expr, Integer, Symbol
from sympy.printing.printer import Printer

from softmax_cli.tutor.nodes import DOTS, At, D, Delta, Exp, Frac, Label, Neg, Plus, Power, Prime, Times
from softmax_cli.tutor.notation import F, G
from softmax_cli.tutor.printers.line import delta_index
from softmax_cli.tutor.printers.names import Names


class PagePrinter(Printer):  # type: ignore[misc]
    """Walk an expression; a format says how its parts are written.

    The parts are methods of the format: ``_row``, ``_sign`` ("+", "−" between terms, "-" in front, "·", " ",
    "⋯"), ``_letter``, ``_text``, ``_index``, ``_bracketed``, ``_fraction``, ``_derivative``, ``_raised``,
    ``_lowered``, ``_primed`` and ``_highlighted``.

    Parameters
    ----------
    names
        How names are shown.
    changed
        The parts to highlight.
    """

    def __init__(self, names: Names, *, changed: frozenset[Expr] = frozenset()) -> None:
        super().__init__()
        self.names = names
        self.changed = changed

    def _print(self, x: Expr, **settings: Any) -> Any:
        part = super()._print(x, **settings)
        return self._highlighted(part) if x in self.changed else part

    def _factor(self, x: Expr) -> Any:
        return self._bracketed(x) if isinstance(x, Plus | Neg) else self._print(x)

    def _argument(self, x: Expr) -> Any:
        return self._print(x) if isinstance(x, Symbol) else self._bracketed(x)

    def _print_Symbol(self, x: Symbol, style: str = "") -> Any:
        if x == DOTS:
            return self._sign("⋯")
        exponent = self.names.exponent(x)
        if exponent is not None:
            return self._power_of_e(exponent)
        letter, index = self.names.split(x)
        return self._lowered(self._letter(letter), self._index(index)) if index else self._letter(letter)

    def _power_of_e(self, exponent: Expr) -> Any:
        return self._raised(self._letter("e"), self._print(exponent))

    def _print_Exp(self, x: Exp) -> Any:
        return self._power_of_e(x.args[0])

    def _print_Label(self, x: Label) -> Any:
        return self._text(self.names.label(int(x.args[0])))

    def _print_Frac(self, x: Frac) -> Any:
        return self._fraction(*map(self._print, x.args))

    def _print_Times(self, x: Times) -> Any:
        parts = [self._factor(x.args[0])]
        for before, factor in zip(x.args, x.args[1:], strict=False):
            numbers = isinstance(before, Integer) or isinstance(factor, Integer)
            fractions = isinstance(before, Frac | D) and isinstance(factor, Frac | D)
            parts += [self._sign("·" if numbers or fractions else " "), self._factor(factor)]
        return self._row(*parts)

    def _print_Plus(self, x: Plus) -> Any:
        parts = [self._print(x.args[0])]
        for term in x.args[1:]:
            negative = isinstance(term, Neg)
            parts += [
                self._sign("−" if negative else "+"),
                self._factor(term.args[0]) if negative else self._print(term),
            ]
        return self._row(*parts)

    def _print_Neg(self, x: Neg) -> Any:
        return self._row(self._sign("-"), self._factor(x.args[0]))

    def _print_Power(self, x: Power) -> Any:
        base, exponent = x.args
        return self._raised(self._argument(base), self._print(exponent))

    def _print_D(self, x: D) -> Any:
        of, *wrt = x.args
        if of in (F, G):
            return self._primed(self._print(of))
        if isinstance(of, D):
            of, wrt = of.args[0], [of.args[1], *wrt]
        inside = self._bracketed(of) if isinstance(of, Plus | Times | Frac | Neg) else self._print(of)
        return self._derivative(inside, [self._print(name) for name in wrt])

    def _print_Prime(self, x: Prime) -> Any:
        return self._primed(self._argument(x.args[0]))

    def _print_Delta(self, x: Delta) -> Any:
        return self._lowered(self._letter("δ"), self._letter(delta_index(x)))

    def _print_At(self, x: At) -> Any:
        return self._lowered(*map(self._print, x.args))
