"""The terminal, taken over for a moving picture and given back as it was, whatever happens."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from softmax_cli.render.layout.console import STYLES, Line, Screen, spans
from softmax_cli.render.layout.glyphs import cells, cut
from softmax_cli.render.layout.keyboard import ReadKey, keyboard

TICK = 0.25
"""Seconds after which a window that was resized is drawn anew."""

USUAL = (24, 80)
"""The lines and columns of a window of unknown size."""

NARROWEST, LOWEST = 60, 12
"""The smallest window that holds a picture."""

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l"  # another screen, no cursor, no wrapping
_LEAVE = "\x1b[?2026l\x1b[?7h\x1b[?25h\x1b[?1049l"
_MOUSE_ON = "\x1b[?1000h\x1b[?1006h"
_MOUSE_OFF = "\x1b[?1006l\x1b[?1000l"
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"  # drawn at once, without tearing, if the terminal can


class Stage:
    """The whole window; only what has changed is written."""

    def __init__(self, screen: Screen, read_key: ReadKey) -> None:
        self.screen = screen
        self.read_key = read_key
        self._shown: list[Line] = []
        self._size = self.size

    @property
    def size(self) -> tuple[int, int]:
        """The lines and columns of the window."""
        try:
            size = os.get_terminal_size(sys.stdout.fileno())
        except (OSError, ValueError):
            return USUAL
        return (size.lines, size.columns) if size.lines and size.columns else USUAL

    def forget(self) -> None:
        """Draw everything again next time."""
        self._shown = []

    def show(self, frame: Callable[[tuple[int, int]], Sequence[Line]]) -> None:
        """Show the frame of this window's size, or say that no frame fits into it."""
        height, width = size = self.size
        small = height < LOWEST or width < NARROWEST
        self.draw([f"{NARROWEST} x {LOWEST} at least, please", "q leaves"] if small else frame(size))

    def draw(self, lines: Sequence[Line]) -> None:
        """Show lines from the top; those already there are not written again."""
        height, width = size = self.size
        parts = []
        if size != self._size or not self._shown:
            parts.append("\x1b[2J")
            self._size, self._shown = size, []
        lines = list(lines[:height])
        for row in range(max(len(lines), len(self._shown))):
            line: Line = lines[row] if row < len(lines) else ""
            if row >= len(self._shown) or line != self._shown[row]:
                parts.append(f"\x1b[{row + 1};1H{self._painted(line, width)}")
        self._shown = lines
        if parts:
            self.write(_BEGIN + "".join(parts) + _END)

    def write(self, text: str) -> None:
        """Write text as it is."""
        stream: Any = self.screen.stream
        binary = getattr(stream, "buffer", stream)
        binary.write(self.screen.spell(text).encode(self.screen.encoding, "backslashreplace"))
        binary.flush()

    def _painted(self, line: Line, width: int) -> str:
        painted, room = [], width
        for text, style in spans(line):
            shown = cut(text, room)
            room -= cells(shown)
            code = _sgr(style) if self.screen.colour else ""
            painted.append(f"\x1b[{code}m{shown}\x1b[m" if code else shown)
        # In the last column the cursor stands on the last cell: clearing from there would erase it.
        return "".join(painted) + "\x1b[K" * (room > 0)


def _sgr(style: str) -> str:
    """Return the codes of a style: of 256 colours, or of 8 if the terminal has no more."""
    many = "256" in os.environ.get("TERM", "") or bool(os.environ.get("COLORTERM"))
    codes = []
    for word in STYLES[style].split():
        if word.startswith("color("):
            number = word[6:-1]
            codes.append(f"38;5;{number}" if many else {"32": "34", "166": "33"}[number])
        else:
            codes.append({"bold": "1", "dim": "2"}[word])
    return ";".join(codes)


@contextmanager
def stage(screen: Screen, *, mouse: bool = False) -> Iterator[Stage]:
    """Take over the terminal, and give it back: at the end, after an error, Ctrl-C, Ctrl-Z or a signal."""
    with keyboard() as read_key:
        taken = Stage(screen, read_key)
        enter, leave = _ENTER + _MOUSE_ON * mouse, _MOUSE_OFF * mouse + _LEAVE
        try:
            taken.write(enter)
            with _stopped_and_continued(taken, enter, leave):
                yield taken
        finally:
            taken.write(leave)


@contextmanager
def _stopped_and_continued(taken: Stage, enter: str, leave: str) -> Iterator[None]:
    """On Ctrl-Z give the terminal back, and take it over again in the foreground."""
    if sys.platform == "win32":
        yield
        return

    def stop(signum: int, frame: Any) -> None:
        taken.write(leave)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, stop)
        taken.write(enter)
        taken.forget()

    before: Callable[[int, Any], Any] | int | None = signal.signal(signal.SIGTSTP, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, before)
