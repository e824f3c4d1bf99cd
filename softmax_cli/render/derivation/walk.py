"""A walk through derivations with single keys: Enter for the next line, b back, ? why, q quit."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from softmax_cli.render.derivation.board import Board
from softmax_cli.render.derivation.page import new_numbers
from softmax_cli.render.derivation.text import Layout, closing, opening
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.keyboard import ReadKey, keyboard
from softmax_cli.tutor.evaluated_derivation import Lesson

KEYS = "Enter next   b back   ? why   q quit"
_NEXT = frozenset({"\r", "\n", " ", "n", "\x1b[B", "\x1b[C", "\x1b[6~"})
_BACK = frozenset({"b", "\x7f", "\x08", "\x1b[A", "\x1b[D", "\x1b[5~"})
_WHY = frozenset({"?", "w"})
_QUIT = frozenset({"q", "Q", "\x1b", "\x04", ""})


def walk(lessons: Sequence[Lesson], screen: Screen, read_key: Callable[[], str] | None = None) -> None:
    """Show derivations one line at a time.

    Parameters
    ----------
    lessons
        The derivations with their classes and numbers.
    screen
        A terminal.
    read_key
        Gives the next key, or the empty string at the end of input; the keyboard by default.
    """
    pages = list(_pages(lessons, screen))
    with keyboard() if read_key is None else _given(read_key) as key:
        place = 0
        screen.show(pages[0].lines)
        while place < len(pages) - 1:
            screen.show([((KEYS, "bar"),)])
            pressed = key(None)
            if pressed in _QUIT:
                return
            if pressed in _WHY:
                screen.show([*pages[place].why, ""])
            elif pressed in _BACK or pressed in _NEXT:
                place = max(0, place - 1) if pressed in _BACK else place + 1
                screen.show(["", *pages[place].lines])


@dataclass(frozen=True)
class _Page:
    """What one key shows, and the reason that another one asks for."""

    lines: list[Line]
    why: list[Line]


def _pages(lessons: Sequence[Lesson], screen: Screen) -> Iterator[_Page]:
    for n, lesson in enumerate(lessons):
        board = Board(lesson, screen)
        lines = list(opening(board, numbered=new_numbers(lessons, n)))
        yield _Page(lines, ["Press Enter for the first line."])
        layout = Layout(board)
        steps = lesson.derivation.steps
        for number, step in enumerate(steps, 1):
            lines = list(layout.bare(number, step))
            if step is steps[-1]:
                lines += closing(board)
            yield _Page(lines, list(layout.explained(number, step)))


@contextmanager
def _given(read_key: Callable[[], str]) -> Iterator[ReadKey]:
    yield lambda seconds: read_key()
