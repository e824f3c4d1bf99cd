"""Derivations for a person: numbered steps, the reason beside the line or above it, fractions over three rows."""

from collections.abc import Iterator, Sequence

from softmax_cli.render.console import Line, Screen
from softmax_cli.render.derivation_board import INDENT, Board, people, plain, spans
from softmax_cli.render.derivation_words import proof, title
from softmax_cli.render.glyphs import cells, wrap
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.lesson import Lesson
from softmax_cli.tutor.rules import Definition

NARROWEST_REASON = 28
WIDEST_REASON = 60
MOST_CLASSES = 8


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
        yield from opening(board)
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
            indent + max(cells(plain(row)) for row in rows)
            for entries in self._drawn.values()
            for _, indent, rows in entries
        )
        self.column = widest + INDENT
        self.room = min(width - self.column, WIDEST_REASON)

    def _entries(self, step: Step) -> list[tuple[Step, int, list[Line]]]:
        own, parts = [(step, INDENT)], [(part, 2 * INDENT) for part in step.substeps]
        # A definition is said, then its parts; any other line is worked out from its parts.
        order = own + parts if issubclass(step.rule, Definition) else parts + own
        width = self.board.screen.width
        return [(line, indent, self.board.rows(line, width - indent)) for line, indent in order]

    def step(self, number: int, step: Step) -> Iterator[Line]:
        """Yield a step: its heading, its reason, its line and the lines of its parts."""
        yield from self.heading(number, step)
        if self.room >= NARROWEST_REASON:
            for line, indent, rows in self._drawn[id(step)]:
                yield from self._beside(rows, indent, self.board.words(line.why))
                yield ""
        else:
            yield from self._above(step)

    def heading(self, number: int, step: Step) -> Iterator[Line]:
        """Yield the step's number and name, and its rule where there is room."""
        head = f"{number}.".ljust(INDENT) + title(step)
        rule = f"   {step.rule.statement()}"
        fits = len(head) + len(rule) <= self.board.screen.width
        yield ((head, "head"), (rule if fits else "", ""))

    def _above(self, step: Step) -> Iterator[Line]:
        width = self.board.screen.width
        yield from wrap(self.board.words(step.why), width, first=" " * INDENT)
        yield ""
        for line, indent, rows in self._drawn[id(step)]:
            if line is not step:
                yield from wrap(self.board.words(line.why), width, first=" " * indent)
            yield from (((" " * indent, ""), *spans(row)) for row in rows)
            yield ""

    def _beside(self, rows: list[Line], indent: int, reason: str) -> Iterator[Line]:
        words = wrap(reason, self.room, first="")
        words = [""] * ((len(rows) - len(words)) // 2) + words
        for n in range(max(len(rows), len(words))):
            row = ((" " * indent, ""), *spans(rows[n])) if n < len(rows) else ()
            gap = " " * (self.column - cells(plain(row)))
            yield (*row, (gap + words[n], "")) if n < len(words) else row


def opening(board: Board) -> Iterator[Line]:
    """Yield the title, the key to numbered classes, and the logits."""
    lesson, width = board.lesson, board.screen.width
    for line in wrap(board.words(lesson.derivation.title), width, first=""):
        yield ((line, "title"),)
    if board.numbered:
        shown = lesson.classes if len(lesson.classes) <= 2 * MOST_CLASSES else ()
        places = range(len(shown)) if shown else sorted(board.kept)
        key = ", ".join(f"{m + 1} = {board.screen.clean(lesson.classes[m])}" for m in places)
        yield from wrap(f"Classes: {key}{'' if shown else ', ...'}", width, first="")
    yield ""
    if lesson.numbers is not None:
        yield from _numbers(board)


def _numbers(board: Board) -> Iterator[Line]:
    lesson, screen = board.lesson, board.screen
    k = len(lesson.classes)
    places = list(range(k)) if k <= MOST_CLASSES else sorted({0, k - 1} | board.kept)
    rows = [(screen.shorten(lesson.classes[m], 14), *_row(lesson, m)) for m in places]
    head = ("", "z", "p") if "sigmoid" in lesson.derivation.function else ("", "z", "p")
    widths = [max(cells(row[c]) for row in [head, *rows]) for c in range(len(head))]
    before = -1
    for m, row in zip([-1, *places], [head, *rows], strict=True):
        if m > before + 1:
            yield "    ..."
        before = m
        name, *numbers = row
        line = name + " " * (widths[0] - cells(name))
        yield "    " + line + "".join(f"   {x:>{w}}" for x, w in zip(numbers, widths[1:], strict=True))
    yield ""


def _row(lesson: Lesson, m: int) -> tuple[str, str]:
    logits = lesson.logits or ()
    name = next(n for n in lesson.derivation.definitions if n.name == f"p_{m + 1}")
    value = lesson.value(name)
    return repr(logits[m]), people(value)


def closing(board: Board) -> Iterator[Line]:
    """Yield what was proved, and the answer worked out in another way."""
    lesson, width = board.lesson, board.screen.width
    check = lesson.check
    if check is not None and lesson.result is not None:
        words = (
            f"The complex-step derivative gives {check.complex_step!r}; "
            f"this derivation {lesson.result!r}. Difference: {check.difference:.1e}."
        )
        yield from wrap(words, width, first="")
    yield from wrap(proof(lesson), width, first="")
