"""Reading answers: from a terminal, with history, arrow keys and Ctrl-Z, or as plain lines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from softmax_cli.render.layout.console import Screen

_LONGEST = 100_000
"""The most characters of an answer that are read."""


def reader(screen: Screen) -> Callable[[str], str | None]:
    """Return the function that reads the next answer, with history and arrow keys at a terminal."""
    if screen.interactive and sys.stdin is not None and sys.stdin.isatty():
        return at_terminal

    def next_line(prompt: str) -> str | None:
        sys.stdout.write(prompt)
        sys.stdout.flush()
        line = _line()
        if prompt:  # the answer follows it, as at a terminal
            screen.show([screen.clean(line or "")])
        return line

    return next_line


class _ResumedError(Exception):
    """The program was stopped and resumed; the message is what had been typed."""


def at_terminal(prompt: str) -> str | None:
    """Return what is typed at a prompt, which is shown again after Ctrl-Z and fg; None at the end."""
    typed = ""
    while True:
        try:
            with _edited(typed):
                return input(prompt)
        except _ResumedError as resumed:
            typed = str(resumed)
        except EOFError:
            sys.stdout.write("\n")
            return None
        except KeyboardInterrupt:
            sys.stdout.write("\n")
            raise


@contextmanager
def _edited(typed: str) -> Iterator[None]:
    """Let input() begin with what was typed, and end early when the program is resumed."""
    import signal

    try:
        import readline

        continued = signal.SIGCONT
    except (ImportError, AttributeError):  # Windows edits lines itself, and has no Ctrl-Z
        yield
        return

    def resume(*_: object) -> None:
        raise _ResumedError(readline.get_line_buffer())

    readline.set_startup_hook(lambda: readline.insert_text(typed))
    before = signal.signal(continued, resume)
    try:
        yield
    finally:
        signal.signal(continued, before)


def _line() -> str | None:
    """Return the next line of standard input, or the beginning of a very long one; None at the end."""
    if sys.stdin is None:
        return None
    stream = sys.stdin.buffer
    first = rest = stream.readline(_LONGEST)
    while rest and not rest.endswith(b"\n"):
        rest = stream.readline(_LONGEST)
    return first.decode("utf-8", "replace").rstrip("\r\n") if first else None
