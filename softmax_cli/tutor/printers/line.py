"""Expressions for people on one line: e^z_setosa / S."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from softmax_cli.core.formula.printing import ADD, ATOM, FUNCTION, MULTIPLY, NEGATIVE, POWER, Writer, kind
from softmax_cli.core.formula.tree import (
    Binary,
    Call,
    Derivative,
    Negative,
    Node,
    Number,
    Over,
    Symbol,
    Total,
    factors,
    is_delta,
    terms,
    with_parts,
)
from softmax_cli.tutor.notation import DOTS, F, G, Label
from softmax_cli.tutor.printers.names import Names, braced

BRACKETED = frozenset(("sum", "total", "product", "quotient", "negative"))
"""What stands in brackets where it is differentiated."""


class LinePrinter(Writer):
    """Write for a reader, in Unicode or in plain ASCII.

    Parameters
    ----------
    names
        How names are shown.
    unicode
        False to keep to ASCII signs (class names stay as they are).
    """

    def __init__(self, names: Names, *, unicode: bool = True) -> None:
        super().__init__()
        self.names = names
        self.partial = "∂" if unicode else "d"
        self.dot = "·" if unicode else "*"
        self.dots = "…" if unicode else "..."
        self.sigma = "Σ" if unicode else "sum"
        self.delta = "δ" if unicode else "delta"
        self.square = "²" if unicode else "^2"
        self.minus = "−" if unicode else "-"

    def said(self, part: Node | Label) -> str:
        """Return what stands for a class or an expression in a sentence."""
        return self.names.label(part) if isinstance(part, Label) else self.of(part)

    def typeset(self, words: str) -> str:
        """Return words with the signs that a screen has."""
        return words.replace("!=", "≠").replace(" - ", " − ") if self.minus == "−" else words

    def signed(self, digits: str) -> str:
        """Return a number with the minus sign that the screen has."""
        digits = digits.replace(" - ", f" {self.minus} ")
        return self.minus + digits[1:] if digits.startswith("-") else digits

    def subscript(self, index: str) -> str:
        """Return what stands below a letter."""
        return braced(index)

    def _symbol(self, node: Symbol) -> tuple[str, int]:
        if node == DOTS:
            return self.dots, ATOM
        if is_delta(node):
            return f"{self.delta}_{delta_index(node)}", ATOM
        exponent = self.names.exponent(node)
        if exponent is not None:
            return f"e^{self._inside(exponent, POWER)}", ATOM
        letter, index = self.names.split(node)
        return f"{letter}_{self.subscript(index)}" if index else letter, ATOM

    def _sum(self, node: Node) -> tuple[str, int]:
        (_, first), *others = terms(node)
        shown = (
            f" {self.minus} {self._inside(x, MULTIPLY)}" if sign == "-" else f" + {self.of(x)}"
            for sign, x in others
        )
        return "".join([self.of(first), *shown]), ADD

    _total = _sum

    def _negative(self, node: Negative) -> tuple[str, int]:
        return f"{self.minus}{self._inside(node.operand, MULTIPLY)}", NEGATIVE

    def _product(self, node: Binary) -> tuple[str, int]:
        parts = factors(node)
        if all(is_fraction(factor) for factor in parts):
            return f" {self.dot} ".join(map(self.of, parts)), MULTIPLY
        text = self._inside(parts[0], POWER)
        for before, factor in pairwise(parts):
            dotted = any(isinstance(x, Number) or self._is_exponential(x) for x in (before, factor))
            text += (self.dot if dotted else " ") + self._inside(factor, POWER)
        return text, MULTIPLY

    def _is_exponential(self, x: Node) -> bool:
        """Tell whether the next factor could be read as part of this exponent."""
        if isinstance(x, Symbol):
            return self.names.exponent(x) is not None
        return isinstance(x, Call) and x.function == "exp"

    def _quotient(self, node: Binary) -> tuple[str, int]:
        divided = is_fraction(node.left) or isinstance(node.left, Derivative)
        top = self._inside(node.left, POWER if divided else MULTIPLY)
        return f"{top}/{self._inside(node.right, POWER)}", MULTIPLY

    def _power(self, node: Binary) -> tuple[str, int]:
        power = self.square if node.right == Number(2) else f"^{self._inside(node.right, POWER)}"
        return self._inside(node.left, FUNCTION) + power, POWER

    def _call(self, node: Call) -> tuple[str, int]:
        (argument,) = node.arguments
        match node.function:
            case "exp":
                return f"e^{self._inside(argument, POWER)}", FUNCTION
            case "prime":
                return f"{self._inside(argument, ATOM)}'", ATOM
        inside = self.of(argument)
        return f"log {inside}" if isinstance(argument, Symbol) else f"log({inside})", FUNCTION

    def _derivative(self, node: Derivative) -> tuple[str, int]:
        if node.of in (F, G):
            return f"{self.of(node.of)}'", ATOM
        return "/".join(self.fraction(node)), MULTIPLY

    def fraction(self, node: Derivative) -> tuple[str, str]:
        """Return the top and the bottom of a derivative that is written as a fraction."""
        of, wrt = node
        if isinstance(of, Derivative):
            twice, first = map(self.of, of)
            top = f"{self.partial}{self.square}{twice}"
            return top, f"{self.partial}{first} {self.partial}{self.of(wrt)}"
        inside = self.of(of)
        if kind(of) in BRACKETED:
            inside = self._brackets(inside)
        elif not isinstance(of, Symbol):
            inside = f" {inside}"
        return f"{self.partial}{inside}", f"{self.partial}{self.of(wrt)}"

    def _over(self, node: Over) -> tuple[str, int]:
        return f"{self.sigma}_{node.letters} {self._inside(node.body, MULTIPLY)}", MULTIPLY


def is_sum(x: Node) -> bool:
    """Tell whether an expression is a sum."""
    return isinstance(x, Total) or (isinstance(x, Binary) and x.operator in ("+", "-"))


def is_fraction(x: Node) -> bool:
    """Tell whether an expression is a quotient."""
    return isinstance(x, Binary) and x.operator == "/"


def delta_index(x: Symbol) -> str:
    """Return the letters of a Kronecker delta: i and j if it has two classes."""
    return "".join(
        index.name if isinstance(index, Symbol) else letter
        for index, letter in zip(x.indices, "ij", strict=True)
    )


def abridge(x: Node, keep: frozenset[int], most: int) -> Node:
    """Return an expression in which a sum over more than `most` classes shows some of its terms.

    Parameters
    ----------
    x
        What is to be shown.
    keep
        0-based places of the terms to show.
    most
        The longest sum that is shown in full; below 5, a longer one loses its ends too.

    Examples
    --------
    >>> from softmax_cli.core.formula.printing import text
    >>> z = tuple(Symbol("z", (Number(m),)) for m in range(1, 8))
    >>> text(abridge(Total(z), frozenset({3}), 5))
    'z_1 + dots + z_4 + dots + z_7'
    """
    if isinstance(x, Symbol):
        return x
    if isinstance(x, Total) and len(x.terms) > most:
        k = len(x.terms)
        ends = {0, k - 1} if most > 4 else set()
        places = with_gaps(sorted(ends | {place for place in keep if place < k}), k)
        x = Total(tuple(DOTS if place is None else x.terms[place] for place in places))
    return with_parts(x, lambda part: abridge(part, keep, most))


def with_gaps(shown: Iterable[int], k: int) -> Iterator[int | None]:
    """Yield the places of `k` that are shown, in order, and None wherever some are left out."""
    before = -1
    for place in shown:
        if place > before + 1:
            yield None
        yield place
        before = place
    if before < k - 1:
        yield None
