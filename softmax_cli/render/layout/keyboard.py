"""Single keys from the terminal, without waiting for Enter."""

import os
import re
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

_WINDOWS = {"H": "\x1b[A", "P": "\x1b[B", "K": "\x1b[D", "M": "\x1b[C", "I": "\x1b[5~", "Q": "\x1b[6~"}
"""The second code of the keys that Windows sends as two, and what a terminal sends for them."""
_KEY = re.compile(r"\x1b(?:\[<?[0-9;]*[~A-Za-z]|O[A-Za-z])?|.", re.DOTALL)
_CUT_SHORT = re.compile(r"\x1b(?:O|\[<?[0-9;]*)?\Z")
"""The beginning of a sequence whose rest is on its way; or the Escape key."""

_REST = 0.03
"""Seconds within which the rest comes."""

ReadKey: TypeAlias = Callable[[float | None], str | None]
"""Waits for a key, at most so many seconds; gives None if none came, an empty string at the end of input."""


@contextmanager
def keyboard(resumed: Callable[[], None] = lambda: None) -> Iterator[ReadKey]:
    """Give a function that waits for one key, while the terminal neither waits for Enter nor echoes.

    After Ctrl-Z and fg, when the shell has set its own mode, it is so again, and `resumed` is called.
    """
    if sys.platform == "win32":
        yield _windows_key
        return
    import signal
    import termios
    import tty

    def resume(signum: int, frame: object) -> None:
        tty.setcbreak(descriptor)
        resumed()

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    keys = Keys(descriptor)
    handler = signal.signal(signal.SIGCONT, resume)
    try:
        tty.setcbreak(descriptor)
        yield keys.next
    finally:
        signal.signal(signal.SIGCONT, handler)
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


class Keys:
    """Splits the bytes of a terminal into keys; an arrow or a mouse click sends several.

    Parameters
    ----------
    descriptor
        The open terminal.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: list[str] = []

    def next(self, seconds: float | None = None) -> str | None:
        """Return the next key: see `ReadKey`."""
        if not self._waiting:
            if not self._is_ready(seconds):
                return None
            text = self._read()
            while _CUT_SHORT.search(text) and self._is_ready(_REST):
                text += self._read()
            self._waiting = _KEY.findall(text) or [""]
        return self._waiting.pop(0)

    def _is_ready(self, seconds: float | None) -> bool:
        return seconds is None or bool(select.select([self._descriptor], [], [], seconds)[0])

    def _read(self) -> str:
        return os.read(self._descriptor, 1024).decode("utf-8", "replace")


def _windows_key(seconds: float | None = None) -> str | None:  # pragma: no cover - no Windows here
    if sys.platform == "win32":
        import msvcrt
        import time

        until = None if seconds is None else time.monotonic() + seconds
        while until is not None and not msvcrt.kbhit():
            if time.monotonic() > until:
                return None
            time.sleep(0.01)
        key = msvcrt.getwch()
        return _WINDOWS.get(msvcrt.getwch(), "\x1b") if key in ("\x00", "\xe0") else key
    return ""
