"""The board: what both cases share, both side by side, with numbers put in, and the results in a box."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from softmax_cli.core.formula.tree import Derivative, Symbol
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.render.derivation.box import box
from softmax_cli.render.derivation.column import CaseColumn
from softmax_cli.render.derivation.drawing import MANNERS, Drawing, Manner
from softmax_cli.render.derivation.words import key, proof, title
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.glyphs import cells, left, wrap
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.notation import named
from softmax_cli.tutor.rules import DEFINITION, QUOTIENT

SIDE_BY_SIDE = 100
"""The screen width from which both cases stand side by side."""
LABELS_BESIDE = 60
"""The screen width from which a rule stands beside its line, not above it."""
GAP = 2


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A row of the board.

    Parameters
    ----------
    label
        The rule, in up to three words.
    lines
        A line in each column, or one for both.
    tails
        What follows a line if there is room, or else goes below or is left out.
    """

    label: str
    lines: tuple[str, ...]
    tails: tuple[str, ...] = ("", "")


class Board:
    """Lays out one derivation, or both cases of one.

    Parameters
    ----------
    lessons
        One, or the two cases of a function.
    screen
        The board is no wider.
    summary
        All the derivatives of the function, row after row; none if they are too many to show.
    """

    def __init__(self, lessons: Sequence[Lesson], screen: Screen, summary: Sequence[Lesson] = ()) -> None:
        self.screen = screen
        self.lessons = lessons
        self.summary = summary
        side_by_side = len(lessons) > 1 and screen.width >= SIDE_BY_SIDE
        manners = [manner for manner in MANNERS if not manner.stacked]
        for self.beside in (True, False) if side_by_side else (False,):
            for manner in manners:
                self._write(manner)
                if self._fits():
                    return

    def _write(self, manner: Manner) -> None:
        self.columns = [CaseColumn(Drawing(lesson, self.screen, manner)) for lesson in self.lessons]
        self.last = self.columns[-1]
        self.shared = self._shared()
        self.introduction = list(self._introduction())
        self.rows = list(self._rows())
        labels = [row.label for row in (*self.introduction, *self.rows)]
        self.front = max(map(cells, labels)) + GAP if self.screen.width >= LABELS_BESIDE else 0
        self.widths = [max(cells(row.lines[n]) for row in self.rows) for n in range(len(self.columns))]

    @property
    def _room(self) -> int:
        return self.screen.width - (self.front or GAP)

    def _fits(self) -> bool:
        wanted = sum(self.widths) + GAP if self.beside else max(self.widths)
        return wanted <= self._room

    def lines(self) -> Iterator[Line]:
        """Yield the lines of the board."""
        drawing = self.last.drawing
        derivation = drawing.lesson.derivation
        two = len(self.columns) > 1
        name = f"The derivative of {derivation.function}" if two else drawing.words(derivation.title)
        yield from (((line, "title"),) for line in wrap(name, self.screen.width))
        if words := key(drawing):
            yield from wrap(words, self.screen.width)
        for row in self.introduction:
            yield from self._row(row.label, row.lines[0], row.tails[0], below=True)
        yield from self._side_by_side() if self.beside else self._stacked()
        yield from box(self.columns, self.summary, self.screen)
        if any(lesson.verdicts for lesson in self.lessons):
            for lesson in self.lessons:
                yield from wrap(proof(lesson), self.screen.width)

    def _row(self, label: str, line: str, tail: str = "", *, below: bool = False) -> Iterator[Line]:
        """Yield a line after its label, and its tail, if that fits or may go below."""
        if cells(line) + cells(tail) <= self._room:
            line, tail = line + tail, ""
        indent = " " * (self.front or GAP)
        if label and not self.front:
            yield ((f"{label}:", "faint"),)
        text = wrap(line, self.screen.width, first=indent, rest=f"{indent}  ")
        if label and self.front:
            text[0] = text[0][self.front :]
            yield ((left(label, self.front), "faint"), (text.pop(0), ""))
        yield from text
        if tail and below:
            yield from wrap(tail, self.screen.width, first=f"{indent}  ")

    def _stacked(self) -> Iterator[Line]:
        for n, column in enumerate(self.columns):
            yield ""
            for line in wrap(self._head(n, column), self.screen.width, first=" " * self.front):
                yield ((line, "head"),)
            for row in self.rows:
                if row.lines[n]:
                    yield from self._row(row.label, row.lines[n], row.tails[n])

    def _side_by_side(self) -> Iterator[Line]:
        first = max(self.widths[0], min((self._room - GAP) // 2, self._room - GAP - self.widths[1]))
        rooms = first, self._room - GAP - first
        heads = [
            left(self._head(n, column), room)
            for n, (column, room) in enumerate(zip(self.columns, rooms, strict=True))
        ]
        yield ((" " * self.front, ""), ((" " * GAP).join(heads), "head"))
        for row in self.rows:
            whole = [line + tail for line, tail in zip(row.lines, row.tails, strict=True)]
            fits = all(cells(line) <= room for line, room in zip(whole, rooms, strict=True))
            texts = [left(line, room) for line, room in zip(whole if fits else row.lines, rooms, strict=True)]
            yield ((left(row.label, self.front), "faint"), ((" " * GAP).join(texts), ""))

    def _head(self, n: int, column: CaseColumn) -> str:
        claim = column.drawing.formula(column.derivation.claim)
        return f"{column.case}: {claim}" if len(self.columns) > 1 else claim

    def _shared(self) -> int:
        """Return how many steps the columns share: those before the derivative is taken."""
        first, last = self.columns[0], self.columns[-1]
        pairs = zip(first.steps, last.steps, strict=False)
        return sum(1 for _ in takewhile(lambda pair: self._is_shared(*pair), pairs))

    def _is_shared(self, step: Step, other: Step) -> bool:
        chained = isinstance(step.lhs, Derivative) or step.lhs == self.last.derivation.claim
        if chained and step.rule is not QUOTIENT:
            return False
        return self.columns[0].drawing.formula(step.rhs) == self.last.drawing.formula(other.rhs)

    def _introduction(self) -> Iterator[BoardRow]:
        column, derivation = self.last, self.last.derivation
        told = derivation.wrt is None
        names = {name.name for name in derivation.definitions if name.indices}
        if not told and derivation.k:
            yield BoardRow("raw outputs", (column.raw_outputs(),))
        if not told and "y" in names:
            yield BoardRow("true class", (column.definitions("y"),))
        for name in column.undefined():
            yield BoardRow("", (f"{column.drawing.formula(name)} = {column.meant(name)}",))
        for step in column.steps[: self.shared]:
            if step.rule is QUOTIENT and not told:
                yield self._derivative()
                told = True
            yield from self._definition(step)
            if step is column.steps[0] and column.lesson.numbers is not None and derivation.wrt is not None:
                yield BoardRow("probabilities", (column.values("p"),))
        if not told:
            yield self._derivative()

    def _derivative(self) -> BoardRow:
        """Say what the sign of the derivative means, and which classes i and j are."""
        function = FUNCTIONS[self.last.derivation.function]
        claim = self.last.derivation.claim
        of, sign = self.last.in_letters(self.last.sides[0]), self.last.in_letters(claim)
        classes = [column.label(column.derivation.wrt) for column in self.columns]
        here = f"j = {' or '.join(classes)}"
        if not function.scalar:
            here = f"i = {self.last.label(self.last.derivation.of)}, {here}"
        return BoardRow("derivative", (f"{sign}: how fast {of} changes with z_j alone; {here}",))

    def _definition(self, step: Step) -> Iterator[BoardRow]:
        """Yield the rows of a step that the columns share, what it stands on first."""
        column, formula = self.last, self.last.drawing.formula
        if step.rule is QUOTIENT and isinstance(step.lhs, Derivative):
            z = named("z_j") if len(self.columns) > 1 else step.lhs.wrt
            slope = formula(Derivative(step.lhs.of, z))
            prime = formula(Derivative(Symbol("f "), z)).replace("f ", "")
            yield BoardRow(label(step), (f"{slope} {column.line(step)}",), (f" where ' is {prime}",))
        elif step.id == "naming":
            parts = [f"{formula(part.lhs)} = {formula(part.rhs)}" for part in step.substeps]
            yield BoardRow(label(step), (f"{column.line(step)} with {' and '.join(parts)}",))
        else:
            for line in (*step.substeps, step):
                name = column.derivation.function if line.id == "definition" else label(line)
                tail = "".join(column.substituted(line))
                yield BoardRow(name, (column.line(line),), (f" {tail}" if tail else "",))

    def _rows(self) -> Iterator[BoardRow]:
        """Yield a row for each step of the cases, and one with its numbers."""
        each = [{step.id: step for step in column.steps[self.shared :]} for column in self.columns]
        for name, step in max(each, key=len).items():
            both = [steps.get(name) for steps in each]
            pairs = list(zip(self.columns, both, strict=True))
            for part in step.substeps:
                if part.rule is DEFINITION:
                    yield BoardRow(label(part), tuple(column.line(part) for column in self.columns))
            lines = [column.line(one) if one else "" for column, one in pairs]
            notes = [column.note(one) if one else "" for column, one in pairs]
            numbers = [column.substituted(one) if one else ("", "") for column, one in pairs]
            if all(not value for _, value in numbers):
                lines = [f"{line} {shown}".rstrip() for line, (shown, _) in zip(lines, numbers, strict=True)]
                yield BoardRow(label(step), tuple(lines), tuple(notes))
                continue
            yield BoardRow(label(step), tuple(lines), tuple(notes))
            if all(column.steps[-1] is one for column, one in pairs):
                yield BoardRow("", tuple(map("".join, numbers)), ("",) * len(both))
            else:
                yield BoardRow("", tuple(shown for shown, _ in numbers), tuple(value for _, value in numbers))


def label(step: Step) -> str:
    """Return the rule of a step in three words."""
    name = title(step)
    return name[:1].lower() + name[1:]
