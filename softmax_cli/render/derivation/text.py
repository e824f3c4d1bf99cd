"""Derivations for a person: numbered steps, the reason beside the line or above, fractions of three rows."""

from collections.abc import Iterator, Sequence

from softmax_cli.render.derivation.board import INDENT, Board, plain, spans
from softmax_cli.render.derivation.page import new_numbers
from softmax_cli.render.derivation.words import check, key, numbers, proof, rule, title
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.glyphs import cells, wrap
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.rules import Definition

NARROWEST_REASON = 28
WIDEST_REASON = 60


def text(lessons: Sequence[Lesson], screen: Screen) -> Iterator[Line]:
    """Yield the lines of some derivations, one after the other.

    Parameters
    ----------
    lessons
        The derivations with their classes and numbers.
    screen
        Nothing is wider than it.
    """
    for n, lesson in enumerate(lessons):
        if n:
            yield from ("", screen.spell("─" * screen.width), "")
        board = Board(lesson, screen)
        yield from opening(board, numbered=new_numbers(lessons, n))
        layout = Layout(board)
        for number, step in enumerate(lesson.derivation.steps, 1):
            yield from layout.step(number, step)
        yield from closing(board)


class Layout:
    """Places lines and reasons: beside each other where the screen is wide enough for both."""

    def __init__(self, board: Board) -> None:
        self.board = board
        width = board.screen.width
        steps = board.lesson.derivation.steps
        self._drawn = {id(step): self._entries(step) for step in steps}
        widest = max(
            indent + _widest(rows) for entries in self._drawn.values() for _, indent, rows in entries
        )
        self.column = widest + INDENT
        self.room = min(width - self.column, WIDEST_REASON)

    def _entries(self, step: Step) -> list[tuple[Step, int, list[Line]]]:
        own, parts = [(step, INDENT)], [(part, 2 * INDENT) for part in step.substeps]
        # A definition is said, then its parts; any other line is worked out from its parts.
        order = own + parts if issubclass(step.rule, Definition) else parts + own
        width = self.board.screen.width
        drawn = [(line, indent, self.board.rows(line, width - indent)) for line, indent in order]
        # With a thousand classes a term alone can be as wide as a narrow screen: then it starts at its edge.
        return [(line, max(0, min(indent, width - _widest(rows))), rows) for line, indent, rows in drawn]

    def step(self, number: int, step: Step) -> Iterator[Line]:
        """Yield a step: its heading, its reason, its line and the lines of its parts."""
        if self.room >= NARROWEST_REASON:
            yield from self.heading(number, step)
            for line, indent, rows in self._drawn[id(step)]:
                yield from self._beside(rows, indent, self.board.words(line.why))
                yield ""
        else:
            yield from self.explained(number, step)

    def bare(self, number: int, step: Step) -> Iterator[Line]:
        """Yield a step without its reasons."""
        yield from self.heading(number, step)
        for _, indent, rows in self._drawn[id(step)]:
            yield from (((" " * indent, ""), *spans(row)) for row in rows)
            yield ""

    def heading(self, number: int, step: Step) -> Iterator[Line]:
        """Yield the step's number and name, and its rule where there is room."""
        head = f"{number}.".ljust(INDENT) + title(step)
        behind = f"   {rule(step)}"
        width = self.board.screen.width
        if len(head) + len(behind) <= width:
            yield ((head, "head"), (behind, ""))
        else:
            yield from (((line, "head"),) for line in wrap(head, width, rest=" " * INDENT))

    def explained(self, number: int, step: Step) -> Iterator[Line]:
        """Yield a step, each reason above its line."""
        yield from self.heading(number, step)
        width = self.board.screen.width
        yield from wrap(self.board.words(step.why), width, first=" " * INDENT)
        yield ""
        for line, indent, rows in self._drawn[id(step)]:
            if line is not step:
                yield from wrap(self.board.words(line.why), width, first=" " * indent)
            yield from (((" " * indent, ""), *spans(row)) for row in rows)
            yield ""

    def _beside(self, rows: list[Line], indent: int, reason: str) -> Iterator[Line]:
        words = wrap(reason, self.room)
        words = [""] * ((len(rows) - len(words)) // 2) + words
        for n in range(max(len(rows), len(words))):
            row = ((" " * indent, ""), *spans(rows[n])) if n < len(rows) else ()
            gap = " " * (self.column - cells(plain(row)))
            yield (*row, (gap + words[n], "")) if n < len(words) else row


def _widest(rows: Sequence[Line]) -> int:
    return max(cells(plain(row)) for row in rows)


def opening(board: Board, *, numbered: bool) -> Iterator[Line]:
    """Yield the title, the key to names, and the logits where they are to be shown."""
    width = board.screen.width
    yield from (((line, "title"),) for line in wrap(board.words(board.lesson.derivation.title), width))
    if words := key(board):
        yield from wrap(words, width)
    yield ""
    if numbered:
        yield from _numbers(board)


def _numbers(board: Board) -> Iterator[Line]:
    rows = [("", "z", "p"), *numbers(board)]
    logits, values = (max(len(row[c]) for row in rows if row) for c in (1, 2))
    room = max(4, board.screen.width - INDENT - 6 - logits - values)
    names = min(room, max(cells(board.screen.clean(row[0])) for row in rows if row))
    for row in rows:
        if row is None:
            yield " " * INDENT + "..."
            continue
        name = board.screen.shorten(row[0], names)
        gap = " " * (names - cells(name))
        yield f"{'':{INDENT}}{name}{gap}   {row[1]:>{logits}}   {row[2]:>{values}}"
    yield ""


def closing(board: Board) -> Iterator[Line]:
    """Yield the answer worked out in another way, and what was proved."""
    for words in (check(board.lesson), proof(board.lesson)):
        if words:
            yield from wrap(words, board.screen.width)
