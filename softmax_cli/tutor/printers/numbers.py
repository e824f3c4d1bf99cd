"""Expressions with numbers in place of names: 0.6842 × (0 − 0.1098)."""

import math
from collections.abc import Callable

from softmax_cli.core.formula.exact.arithmetic import Arithmetic
from softmax_cli.core.formula.printing import ADD, ATOM, FUNCTION, MULTIPLY, POWER
from softmax_cli.core.formula.tree import Binary, Call, Derivative, Node, Symbol, factors
from softmax_cli.tutor.notation import DOTS
from softmax_cli.tutor.printers.line import LinePrinter, is_fraction
from softmax_cli.tutor.printers.names import Names


class NumberPrinter(LinePrinter):
    """Write the value of every name, exponential and derivative, and the signs between them.

    `digits` gives the text of such a value, in digits that Python reads; the rest is as in `LinePrinter`.
    """

    def __init__(self, names: Names, *, unicode: bool, digits: Callable[[Node], str]) -> None:
        super().__init__(names, unicode=unicode)
        self._digits = digits
        self._cross = " × " if unicode else " x "

    def _write(self, node: Node) -> tuple[str, int]:
        if not _is_leaf(node):
            return super()._write(node)
        if node == DOTS:
            return self.dots, ATOM
        digits = self._digits(node)
        return self.signed(digits), ADD if digits.startswith("-") else FUNCTION

    def _product(self, node: Binary) -> tuple[str, int]:
        parts = factors(node)
        level = ADD if all(map(is_fraction, parts)) else POWER
        return self._cross.join(self._inside(factor, level) for factor in parts), MULTIPLY


def _is_leaf(x: Node) -> bool:
    return isinstance(x, Symbol | Derivative) or (isinstance(x, Call) and x.function == "exp")


class ShownDoubles(Arithmetic[float]):
    """Doubles, with the shown value for each name, by `digits`: what a reader would compute."""

    def __init__(self, digits: Callable[[Node], str]) -> None:
        super().__init__({})
        self._digits = digits

    def value(self, x: Node) -> float:
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

    def exponential(self, argument: Node) -> float:
        """Return e to the argument."""
        return math.exp(self.value(argument))

    def irreducible_logarithm(self, value: float) -> float:
        """Return the natural logarithm; of 0 no number."""
        return math.log(value) if value > 0 else math.nan
