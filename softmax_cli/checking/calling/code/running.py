"""User code, run so that it cannot take the program down: it may print, hang, fork, exit or read."""

import contextlib
import io
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, TypeVar

import numpy as np

from softmax_cli.errors import InputError

R = TypeVar("R")

_MOST_LINES = 20
_LONGEST = 80
_AGAIN = 0.2
"""Seconds after which a function that swallowed the first interruption is interrupted again."""


class OutOfTimeError(BaseException):
    """The user's code did not return in time; no ``except Exception`` of theirs catches it."""


class LateError(InputError):
    """A function did not return in time: asking it again would take as long."""


class RunLimits:
    """How long user code may run, and what keeps it from taking the program down."""

    def __init__(self) -> None:
        self.seconds = 10.0
        """The time that each call may take; 0 for no limit."""
        self._printed: dict[str, None] = {}
        self._inside = False

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        """Guard a block in which user code is called, often: the guards are set once."""
        if self._inside:
            yield
            return
        self._inside = True
        try:
            with _printing_once(self._printed), _without_exit(), _interruptible():
                yield
        finally:
            self._inside = False

    @contextlib.contextmanager
    def timed(self) -> Iterator[None]:
        """Interrupt a call after `seconds`, where the platform and the thread allow it."""
        if self.seconds <= 0.0 or not _possible():
            yield
            return
        signal.setitimer(signal.ITIMER_REAL, self.seconds, _AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0.0)


LIMITS = RunLimits()
"""The limits in force: one run of the command has one."""


def run(what: Callable[[], R], name: str, path: str) -> R:
    """Run user code and return what it returns.

    Raises
    ------
    InputError
        Where it raises, exits or does not return in time: one line, at the user's own line.
    """
    process = os.getpid()
    try:
        with LIMITS(), LIMITS.timed():
            return what()
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except OutOfTimeError:
        raise LateError(
            f"{name} did not return within {LIMITS.seconds:g} s",
            where=path,
            hint=f"--timeout {10 * max(1.0, LIMITS.seconds):g} waits longer",
        ) from None
    except BaseException as error:
        raise as_line(error, f"{name} raised", path) from error
    finally:
        if os.getpid() != process:  # a child that the user's code forked, and that came back here
            os._exit(0)


def as_line(error: BaseException, before: str, path: str) -> InputError:
    """Return an error of the user's code as one line, after what is said before it, at its own line."""
    file = os.path.abspath(path)
    frames = traceback.walk_tb(error.__traceback__)
    own = [line for frame, line in frames if os.path.abspath(frame.f_code.co_filename) == file]
    where = f"{path}:{own[-1]}" if own else path
    said = " ".join(str(error).split())
    return InputError(f"{before} {type(error).__name__}" + (f": {said}" if said else ""), where=where)


class _Once(io.TextIOBase):
    """An output that passes each line on to stderr, once, and not too many."""

    def __init__(self, seen: dict[str, None]) -> None:
        self._seen = seen
        self._rest = ""
        self._to = sys.stderr

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Take text of the user's code."""
        if "\n" not in text and self._rest.endswith(text):
            return len(text)  # the same prompt again
        *lines, self._rest = (self._rest + text).split("\n")
        self._rest = self._rest[:_LONGEST]  # prompts, which have no end
        for line in lines:
            self._pass_on(line)
        return len(text)

    def finish(self) -> None:
        """Pass on a last line without an end."""
        if self._rest:
            self._pass_on(self._rest)

    def _pass_on(self, line: str) -> None:
        if line not in self._seen and len(self._seen) < _MOST_LINES and self._to is not None:
            self._seen[line] = None
            print(line, file=self._to)


@contextlib.contextmanager
def _printing_once(seen: dict[str, None]) -> Iterator[None]:
    """Send prints to stderr, keep numerical warnings to ourselves, and leave nothing to read."""
    out, err = _Once(seen), _Once(seen)
    stdin, sys.stdin = sys.stdin, io.StringIO()
    to = (contextlib.redirect_stdout(out), contextlib.redirect_stderr(err))
    try:
        with to[0], to[1], warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.stdin = stdin
        out.finish()
        err.finish()


@contextlib.contextmanager
def _without_exit() -> Iterator[None]:
    """Turn ``os._exit`` into an exception, except in a process that the user's code forked."""
    process, leave = os.getpid(), os._exit

    def refused(status: int) -> NoReturn:
        if os.getpid() != process:
            leave(status)
        raise SystemExit(status)

    os._exit = refused
    try:
        yield
    finally:
        os._exit = leave


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Turn the timer's signal into an exception."""
    if not _possible():
        yield
        return

    def interrupt(number: int, frame: Any) -> NoReturn:
        raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, before)


def _possible() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
