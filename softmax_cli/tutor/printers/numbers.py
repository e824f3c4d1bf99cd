"""Expressions with numbers in place of names: 0.6842 × (0 − 0.1098)."""

from collections.abc import Callable

from softmax_cli.core.formula.doubles import Doubles
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


class ShownDoubles(Doubles):
    """Doubles, with the shown value for each name, by `digits`: what a reader would compute."""

    def __init__(self, digits: Callable[[Node], str]) -> None:
        super().__init__({})
        self._digits = digits

    def value(self, x: Node) -> float:
        """Return the value of an expression."""
        return float(self._digits(x)) if _is_leaf(x) else super().value(x)
