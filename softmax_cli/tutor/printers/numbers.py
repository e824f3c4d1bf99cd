"""Expressions with numbers in place of names: 0.6842 × (0 − 0.1098)."""

# ruff: noqa: N802  SymPy calls a printer by the names of its classes

import math
from collections.abc import Callable

from sympy import Expr, Symbol

from softmax_cli.tutor.evaluate import Arithmetic
from softmax_cli.tutor.nodes import DOTS, D, Exp, Frac, Times
from softmax_cli.tutor.printers.line import LinePrinter
from softmax_cli.tutor.printers.names import Names
from softmax_cli.tutor.printers.plain import ADD, POW


class NumberPrinter(LinePrinter):
    """Write the value of every name, exponential and derivative, and the signs between them.

    `digits` gives the text of such a value, in digits that Python reads; the rest is as in `LinePrinter`.
    """

    def __init__(self, names: Names, *, unicode: bool, digits: Callable[[Expr], str]) -> None:
        super().__init__(names, unicode=unicode)
        self._digits = digits
        self._cross = " × " if unicode else " x "

    def _print(self, x: Expr, **settings: object) -> str:
        if _is_leaf(x):
            return self.dots if x == DOTS else self.signed(self._digits(x))
        text: str = super()._print(x, **settings)
        return text

    def _level(self, x: Expr) -> int:
        if not _is_leaf(x) or x == DOTS:
            return super()._level(x)
        level: int = ADD if self._digits(x).startswith("-") else POW + 1
        return level

    def _print_Times(self, x: Times) -> str:
        fractions = all(isinstance(factor, Frac) for factor in x.args)
        return self._cross.join(map(self._print if fractions else self._factor, x.args))


def _is_leaf(x: Expr) -> bool:
    return isinstance(x, Symbol | Exp | D)


class ShownDoubles(Arithmetic[float]):
    """Doubles, with the shown value for each name, by `digits`: what a reader would compute."""

    def __init__(self, digits: Callable[[Expr], str]) -> None:
        super().__init__({})
        self._digits = digits

    def value(self, x: Expr) -> float:
        """Return the value of an expression."""
        return float(self._digits(x)) if _is_leaf(x) else super().value(x)

    def integer(self, n: int) -> float:
        """Return a whole number."""
        return float(n)

    def reciprocal(self, a: float) -> float:
        """Return 1 / a; of 0 no number."""
        return 1.0 / a if a else math.nan

    def variable(self, name: Symbol) -> float:
        """Return the number that is shown for a name."""
        return float(self._digits(name))

    def exponential(self, argument: Expr) -> float:
        """Return e to the argument."""
        return math.exp(self.value(argument))

    def irreducible_logarithm(self, value: float) -> float:
        """Return the natural logarithm; of 0 no number."""
        return math.log(value) if value > 0 else math.nan
