"""Expressions as strings that SymPy reads back, with plain names: z_1, e_1, p_1, y_1, f, g, s, L, T."""

# ruff: noqa: N802, N815  SymPy calls a printer by the names of its classes

from collections.abc import Mapping
from typing import cast

from sympy import Expr, Symbol
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.str import StrPrinter

from softmax_cli.tutor.nodes import At, D, Delta, Exp, Frac, Log, Neg, Plus, Power, SumOver, Times

ADD, MUL, POW = PRECEDENCE["Add"], PRECEDENCE["Mul"], PRECEDENCE["Pow"]

_CALLED = {Exp: "exp", Log: "log", D: "Derivative", Delta: "KroneckerDelta", At: "Indexed"}


_methods: dict[tuple[type, type], str] = {}
"""What prints a kind of expression, by printer; SymPy looks for it anew at every expression."""


class PlainPrinter(StrPrinter):  # type: ignore[misc]
    """Write what SymPy's parser reads back.

    Examples
    --------
    >>> PlainPrinter().doprint(Frac(Plus(Times(0, Symbol("s")), Neg(Symbol("e_1"))), Power(Symbol("s"), 2)))
    '(0*s - e_1)/s**2'
    """

    minus = "-"

    def _print(self, x: Expr, **settings: object) -> str:
        key = type(self), type(x)
        if key not in _methods:
            names = (f"_print_{base.__name__}" for base in type(x).__mro__)
            _methods[key] = next(name for name in names if hasattr(self, name))
        return cast("str", getattr(self, _methods[key])(x))

    def _inside(self, x: Expr, level: int) -> str:
        text: str = self._print(x)
        return f"({text})" if self._level(x) < level else text

    def _level(self, x: Expr) -> int:
        return int(precedence(x))

    def _print_Frac(self, x: Frac) -> str:
        numerator, denominator = x.args
        return f"{self._inside(numerator, MUL)}/{self._inside(denominator, MUL + 1)}"

    def _print_Times(self, x: Times) -> str:
        return "*".join(map(self._factor, x.args))

    def _factor(self, x: Expr) -> str:
        return self._inside(x, MUL + 1)

    def _print_Plus(self, x: Plus) -> str:
        text = self._print(x.args[0])
        for term in x.args[1:]:
            if isinstance(term, Neg):
                text += f" {self.minus} {self._inside(term.args[0], ADD + 1)}"
            else:
                text += f" + {self._inside(term, ADD)}"
        return str(text)

    def _print_Neg(self, x: Neg) -> str:
        return f"{self.minus}{self._inside(x.args[0], ADD + 1)}"

    def _print_Power(self, x: Power) -> str:
        base, exponent = x.args
        return f"{self._inside(base, POW + 1)}**{self._inside(exponent, POW)}"

    def _call(self, x: Expr) -> str:
        return f"{_CALLED[type(x)]}({', '.join(map(self._print, x.args))})"

    _print_Exp = _print_Log = _print_D = _print_Delta = _print_At = _call

    def _print_SumOver(self, x: SumOver) -> str:
        body, letter = map(self._print, x.args)
        return f"Sum({body}, ({letter}, 1, K))"


class DefinitionPrinter(PlainPrinter):
    """Write every name as what it stands for, down to the logits and T.

    Parameters
    ----------
    definitions
        What each name stands for, in terms of other names.
    """

    def __init__(self, definitions: Mapping[Symbol, Expr]) -> None:
        super().__init__()
        self._definitions = definitions
        self._written: dict[Symbol, str] = {}

    def _level(self, x: Expr) -> int:
        while isinstance(x, Symbol) and x in self._definitions:
            x = self._definitions[x]
        return super()._level(x)

    def _print_Symbol(self, x: Symbol) -> str:
        if x not in self._definitions:
            return str(x.name)
        if x not in self._written:
            self._written[x] = self._print(self._definitions[x])
        return self._written[x]


def plain(x: Expr) -> str:
    """Return an expression as a string that SymPy reads back."""
    return str(PlainPrinter().doprint(x))
