"""A line on stderr that says how far a long check has come."""

import sys
import time
from types import TracebackType

_AFTER = 1.0
_EVERY = 0.1


class Progress:
    """Shows the rows checked so far, where stderr is a terminal and the work lasts over a second.

    Parameters
    ----------
    quiet
        Show nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._shows = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self._next = time.monotonic() + _AFTER
        self._shown = False

    def rows(self, done: int) -> None:
        """Say how many rows are done."""
        now = time.monotonic()
        if self._shows and now >= self._next:
            self._next = now + _EVERY
            self._shown = True
            print(f"\r  {done:,} rows checked ", end="", file=sys.stderr, flush=True)  # noqa: T201

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)  # noqa: T201
