"""Derivations as one HTML file: MathML, no script, no network, readable on a phone and in the dark."""

from collections.abc import Iterator, Sequence
from html import escape

from softmax_cli.render.derivation.page import Page, new_numbers, power_of_ten
from softmax_cli.render.layout.page import HEAD, TAIL
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.nodes import Expr
from softmax_cli.tutor.printers.mathml import BoardMathMLPrinter


def html(lessons: Sequence[Lesson]) -> Iterator[str]:
    """Yield the file, block by block."""
    yield HEAD.format(title=f"The derivative of {escape(lessons[0].derivation.function)}, step by step")
    yield from articles(lessons)
    yield TAIL


def articles(lessons: Sequence[Lesson]) -> Iterator[str]:
    """Yield the derivations alone, each an article, for a page that has its own head."""
    for n, lesson in enumerate(lessons):
        yield "<article>\n"
        yield from (f"{block}\n" for block in _Html(lesson).write(numbered=new_numbers(lessons, n)))
        yield "</article>\n"


class _Html(Page):
    def escape(self, text: str) -> str:
        return escape(text)

    def math(self, x: Expr) -> str:
        return f"<math>{BoardMathMLPrinter(self.drawing.names).doprint(x)}</math>"

    def identity(self, lhs: Expr, rhs: Expr) -> str:
        printer = BoardMathMLPrinter(self.drawing.names)
        sides = f"{printer.doprint(lhs)}<mo>=</mo>{printer.doprint(rhs)}"
        return f'<math displaystyle="true"><mrow>{sides}</mrow></math>'

    def _step(self, number: int, step: Step) -> Iterator[str]:
        yield "<section>"
        yield from super()._step(number, step)
        yield "</section>"

    def equation(self, step: Step) -> str:
        lhs, rhs, changed = self.sides(step)
        left = BoardMathMLPrinter(self.drawing.names).doprint(lhs)
        right = BoardMathMLPrinter(self.drawing.names, changed=changed).doprint(rhs)
        exact, digits = self.value(step)
        sides = f'<math displaystyle="true"><mrow>{left}<mo>=</mo>{right}</mrow></math>'
        return f'<div class="line">{sides}{_value(exact, digits)}</div>'

    def heading(self, words: str) -> str:
        return f"<h1>{words}</h1>"

    def subheading(self, number: int, words: str, rule: str) -> str:
        return f"<h2>{number}. {words}</h2>" + (f'\n<p class="rule">{rule}</p>' if rule else "")

    def paragraph(self, words: str) -> str:
        return f"<p>{words}</p>"

    def part(self, words: str, equation: str) -> str:
        return f'<div class="part"><p>{words}</p>\n{equation}</div>'

    def table(self, rows: Sequence[tuple[str, str, str] | None]) -> str:
        cells = ["".join(f"<td>{cell}</td>" for cell in _signed(row or ("...", "", ""))) for row in rows]
        body = "\n".join(f"<tr>{row}</tr>" for row in cells)
        head = "<tr><th>class</th><th>logit <i>z</i></th><th>probability <i>p</i></th></tr>"
        return f"<table>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table>"


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
