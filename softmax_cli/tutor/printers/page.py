"""What LaTeX and MathML have in common: which parts a node has on a page, and where brackets stand."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import ClassVar, NamedTuple

from softmax_cli.core.formula.printing import kind
from softmax_cli.core.formula.tree import (
    Binary,
    Call,
    Derivative,
    Negative,
    Node,
    Number,
    Over,
    Symbol,
    factors,
    is_delta,
    terms,
)
from softmax_cli.tutor.notation import DOTS, F, G
from softmax_cli.tutor.printers.line import BRACKETED, delta_index, is_fraction, is_sum
from softmax_cli.tutor.printers.names import Names


class Templates(NamedTuple):
    """How a format writes each part, with ``{0}``, ``{1}`` and ``{2}`` for what is in it.

    Parameters
    ----------
    signs
        "+" or "−" between terms, "-" in front, "·", " " and "⋯".
    letters
        Letters that the format calls otherwise.
    escape
        Returns words that the format shows as they stand.
    """

    signs: Mapping[str, str]
    letters: Mapping[str, str]
    escape: Callable[[str], str]
    letter: str
    digits: str
    text: str
    row: str
    bracketed: str
    fraction: str
    raised: str
    lowered: str
    primed: str
    derivative: str
    second_derivative: str
    logarithm: str
    logarithm_of_name: str
    over: str
    changed: str


class PagePrinter:
    """Walk an expression and write it in a form.

    Parameters
    ----------
    names
        How names are shown.
    changed
        The parts to highlight.
    """

    form: ClassVar[Templates]

    def __init__(self, names: Names, *, changed: frozenset[Node] = frozenset()) -> None:
        self.names = names
        self.changed = changed

    def of(self, x: Node) -> str:
        """Return an expression, the changed parts of it highlighted."""
        part: str = getattr(self, f"_{kind(x)}")(x)
        return self.form.changed.format(part) if x in self.changed else part

    def text(self, words: str) -> str:
        """Return words."""
        return self.form.text.format(self.form.escape(words))

    def index(self, index: str) -> str:
        """Return what stands below a letter."""
        return self.form.digits.format(index)

    def letter(self, letter: str) -> str:
        """Return a letter."""
        return self.form.letter.format(self.form.letters.get(letter, letter))

    def _sign(self, sign: str) -> str:
        return self.form.signs.get(sign, sign)

    def _bracketed(self, x: Node) -> str:
        return self.form.bracketed.format(self.of(x))

    def _factor(self, x: Node) -> str:
        return self._bracketed(x) if is_sum(x) or isinstance(x, Negative) else self.of(x)

    def _argument(self, x: Node) -> str:
        return self.of(x) if isinstance(x, Symbol) else self._bracketed(x)

    def _number(self, x: Number) -> str:
        return self.form.digits.format(x.numerator)

    def _symbol(self, x: Symbol) -> str:
        if x == DOTS:
            return self._sign("⋯")
        if is_delta(x):
            return self.form.lowered.format(self.letter("δ"), self.letter(delta_index(x)))
        exponent = self.names.exponent(x)
        if exponent is not None:
            return self._power_of_e(exponent)
        letter, index = self.names.split(x)
        shown = self.letter(letter)
        return self.form.lowered.format(shown, self.index(index)) if index else shown

    def _power_of_e(self, exponent: Node) -> str:
        return self.form.raised.format(self.letter("e"), self.of(exponent))

    def _quotient(self, x: Binary) -> str:
        return self.form.fraction.format(self.of(x.left), self.of(x.right))

    def _product(self, x: Binary) -> str:
        each = factors(x)
        parts = [self._factor(each[0])]
        for pair in pairwise(each):
            numbers = any(isinstance(one, Number) for one in pair)
            fractions = all(is_fraction(one) or isinstance(one, Derivative) for one in pair)
            parts += [self._sign("·" if numbers or fractions else " "), self._factor(pair[1])]
        return self.form.row.format("".join(parts))

    def _sum(self, x: Node) -> str:
        (_, first), *others = terms(x)
        parts = [self.of(first)]
        for sign, term in others:
            parts += (
                [self._sign("+"), self.of(term)] if sign == "+" else [self._sign("−"), self._factor(term)]
            )
        return self.form.row.format("".join(parts))

    _total = _sum

    def _negative(self, x: Negative) -> str:
        return self.form.row.format(self._sign("-") + self._factor(x.operand))

    def _power(self, x: Binary) -> str:
        return self.form.raised.format(self._argument(x.left), self.of(x.right))

    def _call(self, x: Call) -> str:
        (argument,) = x.arguments
        if x.function == "exp":
            return self._power_of_e(argument)
        name = self.form.logarithm_of_name if isinstance(argument, Symbol) else self.form.logarithm
        return (self.form.primed if x.function == "prime" else name).format(self._argument(argument))

    def _over(self, x: Over) -> str:
        return self.form.over.format(self.letter(x.letters), self._factor(x.body))

    def _derivative(self, x: Derivative) -> str:
        of, wrt = x.of, self.of(x.wrt)
        if of in (F, G):
            return self.form.primed.format(self.of(of))
        if isinstance(of, Derivative):
            return self.form.second_derivative.format(self.of(of.of), self.of(of.wrt), wrt)
        return self.form.derivative.format(self._bracketed(of) if kind(of) in BRACKETED else self.of(of), wrt)
