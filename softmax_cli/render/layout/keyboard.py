"""Single keys from the terminal, without waiting for Enter."""

import os
import re
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

_WINDOWS = {"H": "\x1b[A", "P": "\x1b[B", "K": "\x1b[D", "M": "\x1b[C", "I": "\x1b[5~", "Q": "\x1b[6~"}
"""The second code of a key that Windows sends as two, as what a terminal sends."""
_KEY = re.compile(r"\x1b(?:\[[0-9;]*[~A-Za-z]|O[A-Za-z])?|.", re.DOTALL)
ReadKey: TypeAlias = Callable[[float | None], str | None]
"""Waits for a key, at most so many seconds; None where none came, the empty string at the end of input."""


@contextmanager
def keyboard() -> Iterator[ReadKey]:
    """Give a function that waits for one key, with the terminal told not to wait for Enter nor to echo."""
    if sys.platform == "win32":
        yield _windows_key
        return
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)

    waiting: list[str] = []

    def key(seconds: float | None = None) -> str | None:
        if waiting:
            return waiting.pop(0)
        if seconds is not None and not select.select([descriptor], [], [], seconds)[0]:
            return None
        # A key such as an arrow sends several bytes at once, and a fast hand several keys.
        waiting.extend(_KEY.findall(os.read(descriptor, 64).decode("utf-8", "replace")))
        return waiting.pop(0) if waiting else ""

    try:
        tty.setcbreak(descriptor)
        yield key
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


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
