"""Slides, one per step, turned by single keys or a presenter's clicker; nothing scrolls away."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from softmax_cli.render.derivation.box import box
from softmax_cli.render.derivation.column import CaseColumn
from softmax_cli.render.derivation.drawing import Drawing
from softmax_cli.render.derivation.page import new_numbers
from softmax_cli.render.derivation.text import SideBySide, opening
from softmax_cli.render.derivation.words import check, proof
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.glyphs import wrap
from softmax_cli.render.layout.keyboard import keyboard
from softmax_cli.tutor.evaluated_derivation import Lesson

KEYS = "Enter next  b back  ? why  1-9 step  q quit"
_NEXT = frozenset({"\r", "\n", " ", "n", "\x1b[B", "\x1b[C", "\x1bOB", "\x1bOC", "\x1b[6~"})
_BACK = frozenset({"b", "p", "\x7f", "\x08", "\x1b[A", "\x1b[D", "\x1bOA", "\x1bOD", "\x1b[5~"})
_WHY = frozenset({"?", "w"})
_QUIT = frozenset({"q", "Q", "\x04", ""})
_SAME_NUMBER = 1.0
"""Seconds within which a second digit belongs to the same number."""
_GLANCE = 0.25
"""Seconds after which a window that was resized is drawn anew."""
_BAR = 2
"""Rows at the bottom: a blank one, and the keys."""


def walk(lessons: Sequence[Lesson], screen: Screen, read_key: Callable[[], str] | None = None) -> None:
    """Show derivations one slide at a time, until q is pressed.

    `read_key` gives the next key, or an empty string at the end of input; it is the keyboard by default.
    """
    show = _Show(lessons, screen)
    with keyboard(show.forget) if read_key is None else nullcontext(lambda _: read_key()) as key:
        show.draw()
        while (pressed := key(_GLANCE)) not in _QUIT:
            if pressed is not None:
                show.press(pressed)
            elif show.size != show.drawn:
                show.draw()
    screen.show([""])


@dataclass(frozen=True, slots=True)
class Slide:
    """What one slide shows, without and with the reasons of its parts.

    Parameters
    ----------
    lines
        The heading, the formula and its reason.
    why
        The same, with every reason.
    lesson
        Which derivation it is of, from 0.
    step
        The number of its step, 0 for a title.
    """

    lines: Sequence[Line]
    why: Sequence[Line]
    lesson: int
    step: int


class _Show:
    """The slide that is shown, which part if it is too high for the screen, and whether ? is open."""

    def __init__(self, lessons: Sequence[Lesson], screen: Screen) -> None:
        self.lessons = lessons
        self.screen = screen
        self.slides = list(_slides(lessons, screen))
        self.drawn: tuple[int, int] | None = None
        self.place = 0
        self.part = 0
        self.open = False
        self._typed = ""
        self._typed_at = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """The rows and columns of the screen now."""
        now = Screen.for_output(self.screen.stream) if self.screen.interactive else self.screen
        return now.height, now.width

    def forget(self) -> None:
        """Let the slide be drawn again."""
        self.drawn = None

    def press(self, key: str) -> None:
        """Do what a key says; any other key does nothing."""
        if key.isdecimal():
            self._jump(key)
            return
        self._typed = ""
        if key in _WHY:
            self.open, self.part = not self.open, 0
        elif key in _NEXT:
            self._turn(1)
        elif key in _BACK:
            self._turn(-1)
        else:
            return
        self.draw()

    def draw(self) -> None:
        """Draw the slide again, laid out anew if the terminal has a new width."""
        self.drawn = self.size
        if self.drawn[1] != self.screen.width:
            self.screen = self.screen._replace(width=self.drawn[1])
            self.slides = list(_slides(self.lessons, self.screen))
        parts = self._parts()
        self.part = min(self.part, len(parts) - 1)
        lines = parts[self.part]
        self.screen.clear()
        self.screen.show([*lines, *[""] * (self.screen.height - 1 - len(lines) - 1)])
        where = f"{self.place + 1}/{len(self.slides)}"
        where += f" ({self.part + 1} of {len(parts)})" if len(parts) > 1 else ""
        keys = f"{where}  {KEYS}"
        self.screen.show([((keys[: self.screen.width - 1], "bar"),)], end="")

    def _parts(self) -> list[list[Line]]:
        """Return the slide, cut into parts no higher than the screen, between formulas if possible."""
        slide = self.slides[self.place]
        rest, parts = list(slide.why if self.open else slide.lines), []
        room = self.screen.height - _BAR
        while len(rest) > room:
            blanks = [n for n in range(room // 2, room) if rest[n] == ""]
            cut = blanks[-1] + 1 if blanks else room
            parts.append(rest[:cut])
            rest = rest[cut:]
        return [*parts, rest]

    def _turn(self, by: int) -> None:
        part = self.part + by
        if 0 <= part < len(self._parts()):
            self.part = part
        elif 0 <= self.place + by < len(self.slides):
            self.place += by
            self.open, self.part = False, 0
            if by < 0:
                self.part = len(self._parts()) - 1

    def _jump(self, digit: str) -> None:
        """Go to a step of this derivation by its number, which may have two digits."""
        now = time.monotonic()
        more = now - self._typed_at < _SAME_NUMBER
        for typed in (self._typed + digit, digit) if more else (digit,):
            for place, slide in enumerate(self.slides):
                if slide.step == int(typed) and slide.lesson == self.slides[self.place].lesson and slide.step:
                    self._typed, self._typed_at = typed, now
                    self.place, self.part, self.open = place, 0, False
                    self.draw()
                    return


def _slides(lessons: Sequence[Lesson], screen: Screen) -> Iterator[Slide]:
    for n, lesson in enumerate(lessons):
        drawing = Drawing(lesson, screen)
        title = list(opening(drawing, numbered=new_numbers(lessons, n)))
        yield Slide(title, [*title, *wrap(proof(lesson), screen.width)], n, 0)
        layout = SideBySide(drawing)
        for number, step in enumerate(lesson.derivation.steps, 1):
            yield Slide(
                list(layout.step(number, step, slide=True)), list(layout.step(number, step)), n, number
            )
    cases = [lesson for lesson in lessons if lesson.derivation.meaning][:2]
    columns = [CaseColumn(Drawing(lesson, screen)) for lesson in cases or lessons[:1]]
    end = [*box(columns, (), screen), "", *wrap(proof(lessons[0]), screen.width)]
    checked = [line for lesson in lessons for line in wrap(check(lesson), screen.width) if line]
    yield Slide(end, [*end, *checked], len(lessons), 0)
