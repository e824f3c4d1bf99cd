"""Derivations for a person: numbered steps, the reason beside the line or above, fractions of three rows."""

from collections.abc import Iterator, Sequence

from softmax_cli.render.derivation.drawing import INDENT, Drawing
from softmax_cli.render.derivation.page import new_numbers
from softmax_cli.render.derivation.words import check, key, numbers, proof, rule, title
from softmax_cli.render.layout.console import Line, Screen, plain, side_by_side, spans
from softmax_cli.render.layout.glyphs import cells, wrap
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.rules import DEFINITION

NARROWEST_REASON = 36
WIDEST_REASON = 60


def text(lessons: Sequence[Lesson], screen: Screen) -> Iterator[Line]:
    """Yield the lines of some derivations, one after the other, no wider than the screen."""
    for n, lesson in enumerate(lessons):
        if n:
            yield from ("", screen.spell("─" * screen.width), "")
        drawing = Drawing(lesson, screen)
        yield from opening(drawing, numbered=new_numbers(lessons, n))
        layout = SideBySide(drawing)
        for number, step in enumerate(lesson.derivation.steps, 1):
            yield from layout.step(number, step)
        yield from closing(drawing)


class SideBySide:
    """Places lines and reasons, side by side if the screen is wide enough."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        width = drawing.screen.width
        steps = drawing.lesson.derivation.steps
        self._drawn = {id(step): self._entries(step) for step in steps}
        widest = max(
            indent + _widest(rows) for entries in self._drawn.values() for _, indent, rows in entries
        )
        self.column = widest + INDENT
        self.room = min(width - self.column, WIDEST_REASON)

    def _entries(self, step: Step) -> list[tuple[Step, int, list[Line]]]:
        own, parts = [(step, INDENT)], [(part, 2 * INDENT) for part in step.substeps]
        # A definition comes before its parts; any other line follows from its parts.
        order = own + parts if step.rule is DEFINITION else parts + own
        width = self.drawing.screen.width
        drawn = [(line, indent, self.drawing.rows(line, width - indent)) for line, indent in order]
        # With a thousand classes a single term can fill a narrow screen: then it starts at the edge.
        return [(line, max(0, min(indent, width - _widest(rows))), rows) for line, indent, rows in drawn]

    def step(self, number: int, step: Step, *, slide: bool = False) -> Iterator[Line]:
        """Yield a step: its heading, and each line with its reason; of a slide, its own reason alone."""
        yield from self.heading(number, step)
        if slide:
            yield ""
        for line, indent, rows in self._drawn[id(step)]:
            explained = line is step or not slide
            yield from self._explained(line, rows, indent) if explained else _indented(rows, indent)
            yield ""

    def _explained(self, line: Step, rows: list[Line], indent: int) -> Iterator[Line]:
        """Yield a line with its reason: beside it if there is room, else above."""
        reason = self.drawing.words(line.why)
        if self.room >= NARROWEST_REASON:
            yield from self._beside(rows, indent, reason)
            return
        yield from wrap(reason, self.drawing.screen.width, first=" " * indent)
        yield from _indented(rows, indent)

    def heading(self, number: int, step: Step) -> Iterator[Line]:
        """Yield the step's number and name, and its rule where there is room."""
        head = f"{number}.".ljust(INDENT) + title(step)
        behind = f"   {rule(step, self.drawing)}"
        width = self.drawing.screen.width
        if len(head) + len(behind) <= width:
            yield ((head, "head"), (behind, ""))
        else:
            yield from (((line, "head"),) for line in wrap(head, width, rest=" " * INDENT))

    def _beside(self, rows: list[Line], indent: int, reason: str) -> Iterator[Line]:
        words = wrap(reason, self.room)
        words = [""] * ((len(rows) - len(words)) // 2) + words
        yield from side_by_side(_indented(rows, indent), words, self.column, max(len(rows), len(words)))


def _indented(rows: Sequence[Line], indent: int) -> list[Line]:
    return [((" " * indent, ""), *spans(row)) for row in rows]


def _widest(rows: Sequence[Line]) -> int:
    return max(cells(plain(row)) for row in rows)


def opening(drawing: Drawing, *, numbered: bool) -> Iterator[Line]:
    """Yield the title, the key to names, and the logits where they are to be shown."""
    width = drawing.screen.width
    yield from (((line, "title"),) for line in wrap(drawing.words(drawing.lesson.derivation.title), width))
    if words := key(drawing):
        yield from wrap(words, width)
    yield ""
    if numbered:
        yield from _numbers(drawing)


def _numbers(drawing: Drawing) -> Iterator[Line]:
    rows = [("", "z", "p"), *numbers(drawing)]
    logits, values = (max(len(row[c]) for row in rows if row) for c in (1, 2))
    room = max(4, drawing.screen.width - INDENT - 6 - logits - values)
    names = min(room, max(cells(drawing.screen.clean(row[0])) for row in rows if row))
    for row in rows:
        if row is None:
            yield " " * INDENT + "..."
            continue
        name = drawing.screen.shorten(row[0], names)
        gap = " " * (names - cells(name))
        yield f"{'':{INDENT}}{name}{gap}   {row[1]:>{logits}}   {row[2]:>{values}}"
    yield ""


def closing(drawing: Drawing) -> Iterator[Line]:
    """Yield the answer found in another way, and what was proved."""
    for words in (check(drawing.lesson), proof(drawing.lesson)):
        if words:
            yield from wrap(words, drawing.screen.width)
