r"""Expressions as LaTeX, for amsmath and for MathJax: \frac{e^{z_{\text{setosa}}}}{S}."""

# ruff: noqa: N802  SymPy calls a printer by the names of its classes

from collections.abc import Sequence

from sympy import Expr, Symbol
from sympy.printing.latex import LatexPrinter

from softmax_cli.tutor.nodes import Log, SumOver
from softmax_cli.tutor.printers.page import PagePrinter

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
_SIGNS = {"+": " + ", "−": " - ", "·": r" \cdot ", "⋯": r"\cdots"}


def escaped(text: str) -> str:
    r"""Return text that LaTeX sets as it stands.

    Examples
    --------
    >>> print(escaped("50% of a_b"))
    50\% of a\_b
    """
    return "".join(_SPECIAL.get(sign, sign) for sign in text).replace("--", "-{}-")


class BoardLatexPrinter(PagePrinter, LatexPrinter):  # type: ignore[misc]
    """Write LaTeX; what is highlighted has the colour ``changed``."""

    def _highlighted(self, part: str) -> str:
        return rf"{{\color{{changed}} {part}}}"

    def _row(self, *parts: str) -> str:
        return "".join(parts)

    def _sign(self, sign: str) -> str:
        return _SIGNS.get(sign, sign)

    def _letter(self, letter: str) -> str:
        return r"\delta" if letter == "δ" else letter

    def _text(self, text: str) -> str:
        return rf"\text{{{escaped(text)}}}"

    def _index(self, index: str) -> str:
        return self._text(index) if self.names.named and self.names.spelled else index

    def _bracketed(self, x: Expr) -> str:
        return rf"\left({self._print(x)}\right)"

    def _fraction(self, top: str, bottom: str) -> str:
        return rf"\frac{{{top}}}{{{bottom}}}"

    def _derivative(self, of: str, wrt: Sequence[str]) -> str:
        order = "^2" if len(wrt) > 1 else ""
        return self._fraction(rf"\partial{order} {of}", " ".join(rf"\partial {name}" for name in wrt))

    def _raised(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def _lowered(self, base: str, index: str) -> str:
        return f"{base}_{{{index}}}"

    def _primed(self, part: str) -> str:
        return f"{part}'"

    def _print_Log(self, x: Log) -> str:
        blank = " " if isinstance(x.args[0], Symbol) else ""
        return rf"\log{blank}{self._argument(x.args[0])}"

    def _print_SumOver(self, x: SumOver) -> str:
        body, letter = x.args
        return rf"\sum_{{{self._print(letter)}=1}}^{{K}} {self._factor(body)}"
