"""What Markdown, LaTeX and HTML have in common: the order of a page."""

import io
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from softmax_cli.core.formula.tree import Node
from softmax_cli.render.derivation.drawing import Drawing
from softmax_cli.render.derivation.words import check, key, numbers, proof, title
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.layout.handout import FORMS
from softmax_cli.tutor.derivation import Sentence, Step
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.notation import Label
from softmax_cli.tutor.rules import DEFINITION

PAGE = 82
"""The width of a screen whose formulas fit on a printed line."""


class Page(ABC):
    """Writes one lesson in one format.

    Parameters
    ----------
    lesson
        What is written.
    """

    name: ClassVar[str]
    """The format, a key of `FORMS`."""
    rule: ClassVar[str]
    """What goes below the heading of a step with a rule, ``{}`` in it."""
    part: ClassVar[str]
    """A part of a step, with ``{}`` for its reason and for its line."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.drawing = Drawing(lesson, Screen(io.BytesIO(), width=PAGE))
        self.form = FORMS[self.name]

    @classmethod
    def blocks(cls, lessons: Sequence[Lesson]) -> Iterator[str]:
        """Yield derivations block by block, with the logits wherever they differ from those before."""
        for n, lesson in enumerate(lessons):
            page = cls(lesson)
            yield from (block + page.form.end for block in page.write(numbered=new_numbers(lessons, n)))

    @abstractmethod
    def escape(self, text: str) -> str:
        """Return text that the format shows as it stands."""

    @abstractmethod
    def math(self, x: Node) -> str:
        """Return an expression within a sentence."""

    @abstractmethod
    def identity(self, lhs: Node, rhs: Node) -> str:
        """Return a rule within a heading: lhs = rhs."""

    @abstractmethod
    def equation(self, step: Step) -> str:
        """Return a line, set by itself."""

    @abstractmethod
    def table(self, rows: Sequence[tuple[str, str, str] | None]) -> str:
        """Return the logits and the probabilities of the classes that are shown."""

    def words(self, words: Sentence) -> str:
        """Return a sentence."""
        return "".join(
            self.escape(part.replace("!=", "≠")) if isinstance(part, str) else self._inline(part)
            for part in words
        )

    def _inline(self, part: Node | Label) -> str:
        if isinstance(part, Label):
            return self.escape(self.drawing.names.label(part))
        return self.math(self.drawing.abridged(part))

    def sides(self, step: Step) -> tuple[Node, Node, frozenset[Node]]:
        """Return both sides of a line, long sums cut short, and the parts to highlight."""
        lhs, rhs, *changed = map(self.drawing.abridged, (step.lhs, step.rhs, *step.changed))
        return lhs, rhs, frozenset(changed) - {lhs, rhs}

    def write(self, *, numbered: bool) -> Iterator[str]:
        """Yield the blocks of the lesson, the logits among them where they are to be shown."""
        yield self.form.heading(self.words(self.lesson.derivation.title), 1)
        if words := key(self.drawing):
            yield self.form.paragraph(self.escape(words))
        if numbered:
            yield self.table(list(numbers(self.drawing)))
        for number, step in enumerate(self.lesson.derivation.steps, 1):
            yield from self._step(number, step)
        for words in (check(self.lesson), proof(self.lesson)):
            if words:
                yield self.form.paragraph(self.escape(words))

    def _step(self, number: int, step: Step) -> Iterator[str]:
        """Yield a step: its parts before what follows from them, each reason above its line."""
        heading = self.form.heading(f"{number}. {self.escape(title(step))}", 2)
        rule = ", ".join(self.identity(lhs, rhs) for lhs, rhs in step.rule.formulas)
        yield heading + (self.rule.format(rule) if rule else "")
        own = [self.form.paragraph(self.words(step.why)), self.equation(step)]
        parts = [self.part.format(self.words(part.why), self.equation(part)) for part in step.substeps]
        yield from [*own, *parts] if step.rule is DEFINITION else [*parts, *own]


def new_numbers(lessons: Sequence[Lesson], n: int) -> bool:
    """Return whether to show the logits of a lesson: not if they are those of the one before."""
    seen = (lessons[n - 1].classes, lessons[n - 1].logits) if n else None
    return lessons[n].numbers is not None and (lessons[n].classes, lessons[n].logits) != seen


def power_of_ten(digits: str) -> tuple[str, str]:
    """Return the mantissa and the exponent of a number for people, the exponent empty where it has none.

    Examples
    --------
    >>> power_of_ten("6.134e-9"), power_of_ten("0.25")
    (('6.134', '-9'), ('0.25', ''))
    """
    mantissa, _, exponent = digits.partition("e")
    return mantissa, exponent
