"""Derivations as Markdown with $...$, for a code host.

A host reads Markdown before it reads the formula, and takes a backslash before a punctuation mark away. So
formulas hold no such pair, and a class whose name is more than letters, digits, blanks, dots and hyphens
stands by its number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from softmax_cli.render.derivation.formats import Telling
from softmax_cli.render.derivation.tex import TexPage
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.evaluated_derivation import Lesson

_SIMPLE = re.compile(r"[^\W_]+(?:[ .-][^\W_]+)*")
_SPECIAL = re.compile(r"[\\`*_{}\[\]#|~<>&$@]|://")
_ENTITIES = {"&": "&amp;", "<": "&lt;", "$": "&#36;", "@": "&#64;", "://": "&#58;//"}


def write(telling: Telling) -> Iterator[str]:
    """Yield the text, block by block."""
    return _MarkdownPage.blocks(telling.lessons)


class _MarkdownPage(TexPage):
    name = "markdown"
    rule = "\n\nRule: {}"
    part = "> {}\n>\n> {}"

    def __init__(self, lesson: Lesson) -> None:
        super().__init__(lesson)
        if not all(_SIMPLE.fullmatch(name) for name in lesson.classes):
            self.drawing.manner = replace(self.drawing.manner, spelled=False)

    def escape(self, text: str) -> str:
        return _SPECIAL.sub(_escaped, text)

    def equation(self, step: Step) -> str:
        return f"$${self.line(step)}$$"

    def table(self, rows: Sequence[tuple[str, str, str] | None]) -> str:
        lines = [("class", "$z$", "$p$")]
        lines += [(self.escape(row[0]), *row[1:]) if row else ("...", "", "") for row in rows]
        head, *body = (f"| {' | '.join(line)} |" for line in lines)
        return "\n".join([head, "| --- | ---: | ---: |", *body])


def _escaped(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0], f"\\{found[0]}")
