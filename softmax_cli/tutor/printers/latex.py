r"""Expressions as LaTeX, for amsmath and for MathJax: \frac{e^{z_{\text{setosa}}}}{S}."""

# ruff: noqa: N802  SymPy calls a printer by the names of its classes

from collections.abc import Callable

from sympy import Expr, Integer, Symbol
from sympy.printing.latex import LatexPrinter

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

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": "$<$",
    ">": "$>$",
    "|": "$|$",
    '"': r"{\ttfamily\char34}",
}


def escaped(text: str) -> str:
    r"""Return text that LaTeX sets as it stands.

    Examples
    --------
    >>> print(escaped("50% of a_b"))
    50\% of a\_b
    """
    return "".join(_SPECIAL.get(sign, sign) for sign in text).replace("--", "-{}-")


class BoardLatexPrinter(LatexPrinter):  # type: ignore[misc]
    """Write LaTeX.

    Parameters
    ----------
    names
        How names are shown.
    changed
        The parts to highlight.
    highlight
        What a highlighted part becomes.
    """

    def __init__(
        self,
        names: Names,
        *,
        changed: frozenset[Expr] = frozenset(),
        highlight: Callable[[str], str] = str,
    ) -> None:
        super().__init__()
        self.names = names
        self.changed = changed
        self.highlight = highlight

    def _print(self, x: Expr, **settings: object) -> str:
        text: str = super()._print(x, **settings)
        return self.highlight(text) if x in self.changed else text

    def _print_Symbol(self, x: Symbol, style: str = "") -> str:
        if x == DOTS:
            return r"\cdots"
        exponent = self.names.exponent(x)
        if exponent is not None:
            return f"e^{{{self._print(exponent)}}}"
        letter, index = self.names.split(x)
        if not index:
            return letter
        plain = not (self.names.named and self.names.spelled)
        return f"{letter}_{{{index}}}" if plain else rf"{letter}_{{\text{{{escaped(index)}}}}}"

    def _print_Label(self, x: Label) -> str:
        return rf"\text{{{escaped(self.names.label(int(x.args[0])))}}}"

    def _print_Frac(self, x: Frac) -> str:
        return rf"\frac{{{self._print(x.args[0])}}}{{{self._print(x.args[1])}}}"

    def _factor(self, x: Expr) -> str:
        text = self._print(x)
        return rf"\left({text}\right)" if isinstance(x, Plus | Neg) else text

    def _print_Times(self, x: Times) -> str:
        text = self._factor(x.args[0])
        for before, factor in zip(x.args, x.args[1:], strict=False):
            numbers = isinstance(before, Integer) or isinstance(factor, Integer)
            fractions = isinstance(before, Frac | D) and isinstance(factor, Frac | D)
            text += (r" \cdot " if numbers or fractions else " ") + self._factor(factor)
        return str(text)

    def _print_Plus(self, x: Plus) -> str:
        text = self._print(x.args[0])
        for term in x.args[1:]:
            if isinstance(term, Neg):
                text += f" - {self._factor(term.args[0])}"
            else:
                text += f" + {self._print(term)}"
        return str(text)

    def _print_Neg(self, x: Neg) -> str:
        return f"-{self._factor(x.args[0])}"

    def _print_Power(self, x: Power) -> str:
        base, exponent = x.args
        inside = self._print(base)
        inside = inside if isinstance(base, Symbol) else rf"\left({inside}\right)"
        return f"{inside}^{{{self._print(exponent)}}}"

    def _print_Exp(self, x: Exp) -> str:
        return f"e^{{{self._print(x.args[0])}}}"

    def _print_Log(self, x: Log) -> str:
        argument = x.args[0]
        inside = self._print(argument)
        return rf"\log {inside}" if isinstance(argument, Symbol) else rf"\log\left({inside}\right)"

    def _print_D(self, x: D) -> str:
        of, wrt = x.args
        if of in (F, G):
            return f"{self._print(of)}'"
        if isinstance(of, D):
            bottom = r" ".join(rf"\partial {self._print(z)}" for z in (of.args[1], wrt))
            return rf"\frac{{\partial^2 {self._print(of.args[0])}}}{{{bottom}}}"
        inside = self._print(of)
        inside = rf"\left({inside}\right)" if isinstance(of, Plus | Times | Frac | Neg) else inside
        return rf"\frac{{\partial {inside}}}{{\partial {self._print(wrt)}}}"

    def _print_Prime(self, x: Prime) -> str:
        inside = self._print(x.args[0])
        return f"{inside}'" if isinstance(x.args[0], Symbol) else rf"\left({inside}\right)'"

    def _print_Delta(self, x: Delta) -> str:
        return rf"\delta_{{{delta_index(x)}}}"

    def _print_At(self, x: At) -> str:
        return f"{self._print(x.args[0])}_{{{self._print(x.args[1])}}}"

    def _print_SumOver(self, x: SumOver) -> str:
        body, letter = x.args
        return rf"\sum_{{{self._print(letter)}=1}}^{{K}} {self._factor(body)}"
