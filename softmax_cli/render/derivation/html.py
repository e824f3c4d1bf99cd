"""Derivations as one HTML file: MathML, no script, no network, readable on a phone and in the dark."""

from collections.abc import Iterator, Sequence
from html import escape

from softmax_cli.render.derivation.page import Page, new_numbers, power_of_ten
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.nodes import Expr
from softmax_cli.tutor.printers.mathml import BoardMathMLPrinter

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ --paper: #fdfdfb; --ink: #1c1c1c; --faint: #666; --changed: #0b57a4; --line: #d8d8d0; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --paper: #16181c; --ink: #e6e6e3; --faint: #9a9a95; --changed: #7db8ff; --line: #3a3d44; }}
}}
body {{ margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1.05rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }}
h1 {{ font-size: 1.4rem; line-height: 1.3; }}
h2 {{ font-size: 1.05rem; margin: 2rem 0 0; }}
article + article {{ border-top: 1px solid var(--line); margin-top: 3rem; }}
.rule {{ margin: 0; color: var(--faint); }}
.line {{ overflow-x: auto; padding: .5rem 0 .5rem 1rem; display: flex; flex-wrap: wrap; gap: .3rem 1.5rem;
  align-items: center; }}
.part {{ border-left: 3px solid var(--line); margin: .5rem 0 .5rem 1rem; padding-left: 1rem; }}
.part p {{ margin: .3rem 0; }}
math {{ font-size: 1.15em; }}
p math, h1 math {{ font-size: 1em; }}
msub > mtext {{ padding-left: .05em; }}
.changed {{ color: var(--changed); }}
table {{ border-collapse: collapse; }}
th, td {{ padding: .15rem .8rem .15rem 0; text-align: right; border-bottom: 1px solid var(--line); }}
th:first-child, td:first-child {{ text-align: left; }}
@media print {{
  :root {{ --paper: #fff; --ink: #000; --faint: #444; --changed: #0b57a4; --line: #bbb; }}
  body {{ max-width: none; padding: 0; font-size: 11pt; }}
  section {{ break-inside: avoid; }}
  h1, h2, .rule {{ break-after: avoid; }}
  article + article {{ break-before: page; border: 0; margin-top: 0; }}
}}
@page {{ margin: 2cm; }}
</style>
</head>
<body>
"""


def html(lessons: Sequence[Lesson]) -> Iterator[str]:
    """Yield the file, block by block."""
    yield _HEAD.format(title=f"The derivative of {escape(lessons[0].derivation.function)}, step by step")
    yield from articles(lessons)
    yield "</body>\n</html>\n"


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
        return f"<math><mrow>{printer.doprint(lhs)}<mo>=</mo>{printer.doprint(rhs)}</mrow></math>"

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
        cells = ["".join(f"<td>{escape(cell)}</td>" for cell in (row or ("...", "", ""))) for row in rows]
        body = "\n".join(f"<tr>{row}</tr>" for row in cells)
        head = "<tr><th>class</th><th>logit <i>z</i></th><th>probability <i>p</i></th></tr>"
        return f"<table>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _value(exact: bool, digits: str) -> str:
    if not digits:
        return ""
    mantissa, exponent = power_of_ten(digits)
    power = f"<mo>·</mo><msup><mn>10</mn><mn>{exponent}</mn></msup>" if exponent else ""
    sign = "=" if exact else "≈"
    return f"<math><mrow><mo>{sign}</mo><mn>{mantissa.replace('-', '−')}</mn>{power}</mrow></math>"
