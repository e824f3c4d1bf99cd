"""Expressions for people on one line: e^z_setosa / S."""

# ruff: noqa: N802  SymPy calls a printer by the names of its classes

from collections.abc import Iterable, Iterator

from sympy import Expr, Integer, Symbol
from sympy.printing.precedence import PRECEDENCE

from softmax_cli.tutor.nodes import (
    DOTS,
    At,
    D,
    Delta,
    Exp,
    Frac,
    Label,
    Neg,
    Plus,
    Power,
    Prime,
    SumOver,
    Times,
    Total,
)
from softmax_cli.tutor.notation import F, G
from softmax_cli.tutor.printers.names import Names, braced
from softmax_cli.tutor.printers.plain import MUL, POW, PlainPrinter


class LinePrinter(PlainPrinter):
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

    def typeset(self, words: str) -> str:
        """Return words with the signs that a screen has."""
        return words.replace("!=", "≠").replace(" - ", " − ") if self.minus == "−" else words

    def signed(self, digits: str) -> str:
        """Return a number with the minus sign that the screen has."""
        digits = digits.replace(" - ", f" {self.minus} ")
        return self.minus + digits[1:] if digits.startswith("-") else digits

    def _level(self, x: Expr) -> int:
        return MUL if isinstance(x, D) and x.args[0] not in (F, G) else super()._level(x)

    def _subscript(self, index: str) -> str:
        return braced(index)

    def _print_Symbol(self, x: Symbol) -> str:
        if x == DOTS:
            return self.dots
        exponent = self.names.exponent(x)
        if exponent is not None:
            return f"e^{self._inside(exponent, POW)}"
        letter, index = self.names.split(x)
        return f"{letter}_{self._subscript(index)}" if index else letter

    def _print_Label(self, x: Label) -> str:
        return self.names.label(int(x.args[0]))

    def _print_Times(self, x: Times) -> str:
        if all(isinstance(factor, Frac) for factor in x.args):
            return f" {self.dot} ".join(map(self._print, x.args))
        text = self._factor(x.args[0])
        for before, factor in zip(x.args, x.args[1:], strict=False):
            dotted = any(isinstance(x, Integer) or self._is_exponential(x) for x in (before, factor))
            text += (self.dot if dotted else " ") + self._factor(factor)
        return text

    def _is_exponential(self, x: Expr) -> bool:
        """Tell whether the next factor could be read as part of this exponent."""
        return isinstance(x, Exp) or (isinstance(x, Symbol) and self.names.exponent(x) is not None)

    def _print_Frac(self, x: Frac) -> str:
        top, bottom = x.args
        double = isinstance(top, Frac | D) and self._level(top) == MUL
        return f"({self._print(top)})/{self._inside(bottom, MUL + 1)}" if double else super()._print_Frac(x)

    def _print_Power(self, x: Power) -> str:
        base, exponent = x.args
        power = self.square if exponent == 2 else f"^{self._inside(exponent, POW)}"
        return self._inside(base, POW + 1) + power

    def _print_Exp(self, x: Expr) -> str:
        return f"e^{self._inside(x.args[0], POW)}"

    def _print_Log(self, x: Expr) -> str:
        argument = x.args[0]
        return (
            f"log {self._print(argument)}"
            if isinstance(argument, Symbol)
            else f"log({self._print(argument)})"
        )

    def _print_D(self, x: D) -> str:
        of, wrt = x.args
        if of in (F, G):
            return f"{self._print(of)}'"
        top, bottom = self.derivative(of, wrt)
        return f"{top}/{bottom}"

    def _print_Prime(self, x: Prime) -> str:
        return f"{self._inside(x.args[0], PRECEDENCE['Atom'])}'"

    def derivative(self, of: Expr, wrt: Symbol) -> tuple[str, str]:
        """Return the top and the bottom of a derivative that is written as a fraction."""
        if isinstance(of, D):
            twice = self._print(of.args[0])
            return f"{self.partial}{self.square}{twice}", " ".join(
                f"{self.partial}{self._print(z)}" for z in (of.args[1], wrt)
            )
        inside = self._print(of)
        if isinstance(of, (Plus, Times, Frac, Neg)):
            inside = f"({inside})"
        elif not isinstance(of, Symbol):
            inside = f" {inside}"
        return f"{self.partial}{inside}", f"{self.partial}{self._print(wrt)}"

    def _print_Delta(self, x: Delta) -> str:
        return f"{self.delta}_{delta_index(x)}"

    def _print_At(self, x: At) -> str:
        return f"{self._print(x.args[0])}_{self._print(x.args[1])}"

    def _print_SumOver(self, x: SumOver) -> str:
        body, letter = x.args
        return f"{self.sigma}_{self._print(letter)} {self._inside(body, MUL)}"


def delta_index(x: Delta) -> str:
    """Return the letters of a Kronecker delta: i and j if it has two classes."""
    return "ij" if x.args[0].is_Integer else "".join(str(letter) for letter in x.args)


def abridge(x: Expr, keep: frozenset[int], most: int) -> Expr:
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
    >>> z = [Symbol(f"z_{m}") for m in range(1, 8)]
    >>> PlainPrinter().doprint(abridge(Total(*z), frozenset({3}), 5))
    'z_1 + ... + z_4 + ... + z_7'
    """
    if not x.args or isinstance(x, Label):
        return x
    args = x.args
    if isinstance(x, Total) and len(args) > most:
        ends = {0, len(args) - 1} if most > 4 else set()
        places = with_gaps(sorted(ends | {place for place in keep if place < len(args)}), len(args))
        args = tuple(DOTS if place is None else args[place] for place in places)
    shown = tuple(abridge(arg, keep, most) for arg in args)
    return x if shown == x.args else x.func(*shown)


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
