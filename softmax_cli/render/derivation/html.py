"""Derivations as one HTML file: MathML, no script, no network, readable on a phone and in the dark."""

from collections.abc import Iterator, Sequence
from html import escape

from softmax_cli.core.formula.tree import Node
from softmax_cli.render.derivation.drawing import value
from softmax_cli.render.derivation.formats import Telling
from softmax_cli.render.derivation.page import Page, power_of_ten
from softmax_cli.render.layout.page import HEAD, TAIL
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.printers.mathml import BoardMathMLPrinter


def write(telling: Telling) -> Iterator[str]:
    """Yield the file, block by block."""
    function = escape(telling.lessons[0].derivation.function)
    yield HEAD.format(title=f"The derivative of {function}, step by step")
    yield from articles(telling.lessons)
    yield TAIL


def articles(lessons: Sequence[Lesson]) -> Iterator[str]:
    """Yield the derivations alone, each an article, for a page that has its own head."""
    return _HtmlPage.blocks(lessons)


class _HtmlPage(Page):
    name = "html"
    rule = '\n<p class="rule">{}</p>'
    part = '<div class="part"><p>{}</p>\n{}</div>'

    def escape(self, text: str) -> str:
        return escape(text)

    def _mathml(self, x: Node, changed: frozenset[Node] = frozenset()) -> str:
        return BoardMathMLPrinter(self.drawing.names, changed=changed).of(x)

    def math(self, x: Node) -> str:
        return f"<math>{self._mathml(x)}</math>"

    def identity(self, lhs: Node, rhs: Node, changed: frozenset[Node] = frozenset()) -> str:
        sides = f"{self._mathml(lhs)}<mo>=</mo>{self._mathml(rhs, changed)}"
        return f'<math displaystyle="true"><mrow>{sides}</mrow></math>'

    def write(self, *, numbered: bool) -> Iterator[str]:
        yield "<article>"
        yield from super().write(numbered=numbered)
        yield "</article>"

    def _step(self, number: int, step: Step) -> Iterator[str]:
        yield "<section>"
        yield from super()._step(number, step)
        yield "</section>"

    def equation(self, step: Step) -> str:
        return (
            f'<div class="line">{self.identity(*self.sides(step))}{_value(*value(self.lesson, step))}</div>'
        )

    def table(self, rows: Sequence[tuple[str, str, str] | None]) -> str:
        head = ("class", "logit <i>z</i>", "probability <i>p</i>")
        return self.form.table([head, *(_signed(row or ("...", "", "")) for row in rows)], ())


def _signed(row: tuple[str, str, str]) -> tuple[str, ...]:
    """Return a name, and numbers with real minus signs."""
    return escape(row[0]), *(number.replace("-", "−") for number in row[1:])


def _value(exact: bool, digits: str) -> str:
    if not digits:
        return ""
    mantissa, exponent = power_of_ten(digits)
    power = f"<mo>·</mo><msup><mn>10</mn><mn>{exponent}</mn></msup>" if exponent else ""
    sign = "=" if exact else "≈"
    return f"<math><mrow><mo>{sign}</mo><mn>{mantissa.replace('-', '−')}</mn>{power}</mrow></math>"
