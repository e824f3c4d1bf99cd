"""A tree's value in doubles, as a reader would work it out, without numpy."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from softmax_cli.core.formula.exact.arithmetic import Arithmetic, K
from softmax_cli.core.formula.tree import Node, Number, Symbol
from softmax_cli.errors import FormulaError

Given: TypeAlias = Mapping[str, float | Sequence[float]]
"""The numbers of the names: one, or one for each class."""


def number(node: Node, given: Given) -> float:
    """Return the value of a tree, whose indices are numbers of classes.

    Raises
    ------
    FormulaError
        If it has none: a name is not given, or there is a division by 0.

    Examples
    --------
    >>> from softmax_cli.core.formula.parser import parse
    >>> number(parse("p_1 (1 - p_1)"), {"p": (0.5, 0.3, 0.2)})
    0.25
    """
    try:
        return Doubles(given).value(node)
    except (ArithmeticError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise FormulaError("this has no value in these numbers", column=0) from error


class Doubles(Arithmetic[float]):
    """Doubles.

    Parameters
    ----------
    given
        The numbers of the names.
    """

    def __init__(self, given: Given) -> None:
        k = max((len(one) for one in given.values() if not isinstance(one, float | int)), default=0)
        super().__init__({K: Number(k)})
        self._given = given

    def integer(self, n: int) -> float:
        """Return a whole number."""
        return float(n)

    def divide(self, a: float, b: float) -> float:
        """Return a / b."""
        return a / b

    def power(self, a: float, n: int) -> float:
        """Return a^n."""
        return float(a**n)

    def sum(self, values: Iterable[float]) -> float:
        """Return a sum, rounded once."""
        return math.fsum(values)

    def variable(self, name: Symbol) -> float:
        """Return the number that is given for a name."""
        found: Any = self._given[name.name]
        for index in name.indices:
            found = found[index.numerator - 1]  # type: ignore[union-attr]  # a letter has no value
        return float(found)

    def exponential(self, argument: Node) -> float:
        """Return e to the argument."""
        return math.exp(self.value(argument))

    def irreducible_logarithm(self, value: float) -> float:
        """Return the natural logarithm."""
        return math.log(value)

    def derivative(self, of: Node, wrt: Symbol) -> float:
        """Refuse a derivative: numbers alone do not move."""
        raise FormulaError("a derivative has no value in numbers alone", column=0)
