"""The lines of a derivation drawn within a width: as much spelled out as fits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from softmax_cli.core.formula.tree import Node, Number
from softmax_cli.render.layout.console import Line, Screen, plain, spans
from softmax_cli.render.layout.glyphs import cells
from softmax_cli.tutor.derivation import Sentence, Step
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.notation import Label
from softmax_cli.tutor.printers.board import BoardPrinter, Picture
from softmax_cli.tutor.printers.line import LinePrinter, abridge, with_gaps
from softmax_cli.tutor.printers.names import Names

if TYPE_CHECKING:
    from softmax_cli.tutor.numbers import mpf

INDENT = 4
_NARROWEST_SUM = 8
CHANGED = "strong plus"
"""The style of the part of a line that is new."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How much is spelled out.

    Parameters
    ----------
    spelled
        Class names in formulas; else their numbers.
    exponentials
        e^z_1; else e_1.
    longest
        The longest sum shown in full; of a longer one, both ends and the classes in question; below 5, these
        classes alone.
    stacked
        Whether a line that is too wide may continue below: its left-hand side, and under it = and the other
        side, with a row for each term of a sum if need be.
    """

    spelled: bool
    exponentials: bool
    longest: int
    stacked: bool = False


MANNERS = (
    Manner(spelled=True, exponentials=True, longest=8),
    Manner(spelled=True, exponentials=True, longest=5),
    Manner(spelled=False, exponentials=True, longest=8),
    Manner(spelled=False, exponentials=True, longest=5),
    Manner(spelled=False, exponentials=True, longest=4),
    Manner(spelled=False, exponentials=False, longest=5),
    Manner(spelled=False, exponentials=False, longest=4),
    Manner(spelled=False, exponentials=True, longest=4, stacked=True),
    Manner(spelled=False, exponentials=False, longest=4, stacked=True),
)
"""From the fullest to the shortest; a derivation takes the first in which every line fits."""


class Drawing:
    """Draws one lesson on one screen.

    Parameters
    ----------
    lesson
        What is drawn.
    screen
        Its width and its signs.
    manner
        How much is spelled out; as much as fits by default.
    """

    def __init__(self, lesson: Lesson, screen: Screen, manner: Manner | None = None) -> None:
        self.lesson = lesson
        if manner is not None:
            self.manner = manner
        self.screen = screen
        self._cuts: dict[tuple[Node, int], Node] = {}
        self._drawn: dict[tuple[int, int, Manner], list[Picture]] = {}
        derivation = lesson.derivation
        self.kept = frozenset(m for m in (derivation.of, derivation.wrt, derivation.target) if m is not None)
        self._fullest = Names(
            tuple(screen.clean(name) for name in lesson.classes),
            lesson.named,
            derivation.definitions,
            measure=cells,
        )

    @cached_property
    def manner(self) -> Manner:
        """The most that can be spelled out on this screen."""
        lines = [(step, INDENT) for step in self.lesson.derivation.steps]
        lines += [(part, 2 * INDENT) for step in self.lesson.derivation.steps for part in step.substeps]
        for manner in MANNERS:
            wide = (n for n, line in enumerate(lines) if not self._fits(*line, manner))
            place = next(wide, None)
            if place is None:
                return manner
            lines.insert(0, lines.pop(place))  # what was too wide is tried first from here on
        return MANNERS[-1]

    def _fits(self, step: Step, indent: int, manner: Manner) -> bool:
        room = self.screen.width - indent
        return all(picture.width <= room for picture in self._pictures(step, room, manner))

    @cached_property
    def line(self) -> LinePrinter:
        """What writes an expression within a sentence."""
        return LinePrinter(self.names, unicode=self.screen.unicode)

    @cached_property
    def names(self) -> Names:
        """How names are shown."""
        return self._named(self.manner)

    def _named(self, manner: Manner) -> Names:
        return replace(self._fullest, spelled=manner.spelled, exponentials=manner.exponentials)

    @property
    def numbered(self) -> bool:
        """Whether classes that have names go by their numbers, so that a key is needed."""
        return self.lesson.named and not self.manner.spelled

    def words(self, words: Sentence) -> str:
        """Return a sentence as one text."""
        return "".join(map(self._said, words))

    def _said(self, part: str | Node | Label) -> str:
        if isinstance(part, Label):
            return self.names.label(part)
        return self.line.typeset(part) if isinstance(part, str) else self.formula(part)

    def formula(self, x: Node) -> str:
        """Return an expression in one row."""
        return self.line.of(self.abridged(x))

    def places(self, most: int) -> Iterator[int | None]:
        """Yield the classes of a list: all up to `most`, else the ends and the kept; None at a gap."""
        k = self.lesson.derivation.k
        return with_gaps(range(k) if k <= most else sorted({0, k - 1} | self.kept), k)

    def abridged(self, x: Node) -> Node:
        """Return an expression with its long sums cut short."""
        return self._cut(x, self.manner)

    def _cut(self, x: Node, manner: Manner) -> Node:
        key = x, manner.longest
        if key not in self._cuts:
            self._cuts[key] = abridge(x, self.kept, manner.longest)
        return self._cuts[key]

    def rows(self, step: Step, room: int) -> list[Line]:
        """Return the rows of a line, with its value after it if there is room, else below."""
        value = self.value(step)
        pictures = self._pictures(step, room, self.manner)
        rows = [styled(row) for picture in pictures for row in picture.rows]
        if not value:
            return rows
        if len(pictures) > 1 or pictures[0].width + 3 + len(value) > room:
            return [*rows, value]
        place = pictures[0].baseline
        gap = " " * (pictures[0].width - cells(plain(rows[place])) + 3)
        rows[place] = (*spans(rows[place]), (gap + value, ""))
        return rows

    def value(self, step: Step) -> str:
        """Return the value of a line, after its sign of equality; empty if there is nothing to say."""
        exact, short = value(self.lesson, step)
        sign = "=" if exact else "≈" if self.screen.unicode else "~"
        return f"{sign} {short}" if short else ""

    def _pictures(self, step: Step, room: int, manner: Manner) -> list[Picture]:
        key = id(step), room, manner
        if key not in self._drawn:
            self._drawn[key] = self._draw(step, room, manner)
        return self._drawn[key]

    def _draw(self, step: Step, room: int, manner: Manner) -> list[Picture]:
        lhs, rhs, *changed = (self._cut(x, manner) for x in (step.lhs, step.rhs, *step.changed))
        names = self._named(manner)
        printer = BoardPrinter(names, unicode=self.screen.unicode, changed=frozenset(changed) - {rhs})
        whole = printer.equation(lhs, rhs)
        if whole.width <= room or not manner.stacked:
            return [whole]
        pictures = [printer.alone(lhs), printer.equation(None, rhs)]
        # The widest sums are broken first, and no more of them than necessary.
        while any(picture.width > room for picture in pictures) and printer.widest_sum > _NARROWEST_SUM:
            printer.widest_sum = min(printer.widest_sum, room) - 4
            pictures = [printer.alone(lhs), printer.equation(None, rhs)]
        return pictures


def value(lesson: Lesson, step: Step) -> tuple[bool, str]:
    """Return whether four digits say a line's value exactly, and these digits; empty without numbers."""
    number = lesson.value(step.rhs)
    if number is None or isinstance(step.rhs, Number):
        return True, ""
    short = people(number)
    return " " not in short and float(short) == number, short


def people(value: mpf) -> str:
    """Return a number to four digits, whatever its size; just below one, as one minus the rest.

    Examples
    --------
    >>> from mpmath import mpf
    >>> people(mpf("0.25")), people(mpf("2.71e400")), people(1 - mpf(2) ** -30)
    ('0.25', '2.710e400', '1 - 9.313e-10')
    """
    return f"1 - {people(1 - value)}" if 0.9999 < value < 1 else decimal(value)


def decimal(value: mpf, digits: int = 4) -> str:
    """Return a number to some digits, whatever its size.

    Examples
    --------
    >>> from mpmath import mpf
    >>> decimal(mpf("0.123456"), 3), decimal(mpf("2.71e400"))
    ('0.123', '2.710e400')
    """
    double = float(value)
    if math.isfinite(double) and (double or value == 0):
        from softmax_cli.render.layout.numbers import number

        text = number(double, digits=digits)
        return text if value == double or not text.isdecimal() else f"{double:.{digits - 1}f}"
    return str(value.context.nstr(value, digits, strip_zeros=False)).replace("e+", "e")


def styled(row: tuple[tuple[str, bool], ...]) -> Line:
    """Return a row of a picture, what changed highlighted."""
    return tuple((text, CHANGED if marked else "") for text, marked in row)
