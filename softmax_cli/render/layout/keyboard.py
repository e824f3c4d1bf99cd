"""Single keys from the terminal, without waiting for Enter."""

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

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

    def key(seconds: float | None = None) -> str | None:
        if seconds is not None and not select.select([descriptor], [], [], seconds)[0]:
            return None
        # A key such as an arrow sends several bytes at once.
        return os.read(descriptor, 16).decode("utf-8", "replace")

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
        return msvcrt.getwch()
    return ""
