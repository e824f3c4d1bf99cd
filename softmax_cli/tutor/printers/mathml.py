"""Expressions as presentation MathML, which browsers draw without a script."""

# ruff: noqa: N802  SymPy calls a printer by the names of its classes

from collections.abc import Sequence
from html import escape
from typing import Any

from sympy import Expr, Integer
from sympy.printing.mathml import MathMLPresentationPrinter

from softmax_cli.tutor.nodes import Log, SumOver
from softmax_cli.tutor.printers.page import PagePrinter


class BoardMathMLPrinter(PagePrinter, MathMLPresentationPrinter):  # type: ignore[misc]
    """Write MathML; `_print` gives an element of a document, `doprint` its text.

    What is highlighted is an ``mrow`` of the class ``changed``.
    """

    def doprint(self, x: Expr) -> str:
        """Return an expression as the inside of a ``math`` element."""
        text: str = self._print(x).toxml()
        return text

    def _of(self, tag: str, *children: Any, **attributes: str) -> Any:
        # SymPy's documents write a text node as it is: what a name holds is escaped here.
        element = self.dom.createElement(tag)
        for child in children:
            element.appendChild(
                self.dom.createTextNode(escape(child, quote=False)) if isinstance(child, str) else child
            )
        for name, value in attributes.items():
            element.setAttribute(name, value)
        return element

    def _highlighted(self, part: Any) -> Any:
        return self._of("mrow", part, **{"class": "changed"})

    def _row(self, *parts: Any) -> Any:
        return self._of("mrow", *parts)

    def _sign(self, sign: str) -> Any:
        return self._of("mspace", width="0.2em") if sign == " " else self._of("mo", sign.replace("-", "−"))

    def _letter(self, letter: str) -> Any:
        return self._of("mi", letter)

    def _text(self, text: str) -> Any:
        return self._of("mtext", text)

    def _index(self, index: str) -> Any:
        return self._of("mn" if index.isdecimal() else "mtext" if self.names.named else "mi", index)

    def _bracketed(self, x: Expr) -> Any:
        return self._row(self._sign("("), self._print(x), self._sign(")"))

    def _fraction(self, top: Any, bottom: Any) -> Any:
        return self._of("mfrac", top, bottom)

    def _derivative(self, of: Any, wrt: Sequence[Any]) -> Any:
        order = self._raised(self._letter("∂"), self._of("mn", "2")) if len(wrt) > 1 else self._letter("∂")
        below = (part for name in wrt for part in (self._letter("∂"), name))
        return self._fraction(self._row(order, of), self._row(*below))

    def _raised(self, base: Any, exponent: Any) -> Any:
        return self._of("msup", base, exponent)

    def _lowered(self, base: Any, index: Any) -> Any:
        return self._of("msub", base, index)

    def _primed(self, part: Any) -> Any:
        return self._raised(part, self._sign("′"))

    def _print_Integer(self, x: Integer) -> Any:
        return self._of("mn", str(x))

    def _print_Log(self, x: Log) -> Any:
        return self._row(self._letter("log"), self._sign(" "), self._argument(x.args[0]))

    def _print_SumOver(self, x: SumOver) -> Any:
        body, letter = x.args
        start = self._row(self._print(letter), self._sign("="), self._of("mn", "1"))
        sign = self._of("munderover", self._sign("∑"), start, self._letter("K"))
        return self._row(sign, self._factor(body))
