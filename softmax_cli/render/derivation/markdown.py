"""Derivations as Markdown with $...$, for a code host.

A host reads Markdown before it reads the formula, and takes a backslash before a punctuation mark away. So
formulas hold no such pair, and a class whose name is more than letters, digits, blanks, dots and hyphens
stands by its number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from softmax_cli.render.derivation.page import Page, new_numbers, power_of_ten
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.nodes import Expr
from softmax_cli.tutor.printers.latex import BoardLatexPrinter

_SIMPLE = re.compile(r"[^\W_]+(?:[ .-][^\W_]+)*")
_SPECIAL = re.compile(r"[\\`*_{}\[\]#|~<>&$@]|://")
_ENTITIES = {"&": "&amp;", "<": "&lt;", "$": "&#36;", "@": "&#64;", "://": "&#58;//"}


def markdown(lessons: Sequence[Lesson]) -> Iterator[str]:
    """Yield the text of some derivations, block by block."""
    for n, lesson in enumerate(lessons):
        yield from (f"{block}\n\n" for block in _Markdown(lesson).write(numbered=new_numbers(lessons, n)))


class _Markdown(Page):
    def __init__(self, lesson: Lesson) -> None:
        super().__init__(lesson)
        if not all(_SIMPLE.fullmatch(name) for name in lesson.classes):
            self.drawing.manner = replace(self.drawing.manner, spelled=False)
        self._latex = BoardLatexPrinter(self.drawing.names)

    def escape(self, text: str) -> str:
        return _SPECIAL.sub(_escaped, text)

    def math(self, x: Expr) -> str:
        return f"${self._latex.doprint(x)}$"

    def identity(self, lhs: Expr, rhs: Expr) -> str:
        return f"${self._latex.doprint(lhs)} = {self._latex.doprint(rhs)}$"

    def equation(self, step: Step) -> str:
        lhs, rhs, _ = self.sides(step)
        exact, digits = self.value(step)
        formula = f"{self._latex.doprint(lhs)} = {self._latex.doprint(rhs)}"
        return f"$${formula}{_value(exact, digits)}$$"

    def heading(self, words: str) -> str:
        return f"# {words}"

    def subheading(self, number: int, words: str, rule: str) -> str:
        return f"## {number}. {words}" + (f"\n\nRule: {rule}" if rule else "")

    def paragraph(self, words: str) -> str:
        return words

    def part(self, words: str, equation: str) -> str:
        return f"> {words}\n>\n> {equation}"

    def table(self, rows: Sequence[tuple[str, str, str] | None]) -> str:
        lines = [("class", "$z$", "$p$")]
        lines += [(self.escape(row[0]), *row[1:]) if row else ("...", "", "") for row in rows]
        head, *body = (f"| {' | '.join(line)} |" for line in lines)
        return "\n".join([head, "| --- | ---: | ---: |", *body])


def _escaped(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0], f"\\{found[0]}")


def _value(exact: bool, digits: str) -> str:
    mantissa, exponent = power_of_ten(digits)
    sign = "=" if exact else r"\approx"
    power = rf" \cdot 10^{{{exponent}}}" if exponent else ""
    return rf" \quad {sign} {mantissa}{power}" if digits else ""
