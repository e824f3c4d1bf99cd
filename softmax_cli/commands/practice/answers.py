"""Where answers come from: a terminal, with history, arrows and Ctrl-Z, or plain lines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from softmax_cli.render.layout.console import Screen

_LONGEST = 100_000
"""Characters of one answer that are taken in."""


def reader(screen: Screen) -> Callable[[str], str | None]:
    """Return what reads the next answer: with history and arrows at a terminal, a plain line elsewhere."""
    if screen.interactive and sys.stdin is not None and sys.stdin.isatty():
        return at_terminal

    def next_line(prompt: str) -> str | None:
        sys.stdout.write(prompt)
        sys.stdout.flush()
        line = _line()
        if prompt:  # the answer stands after it, as it would at a terminal
            screen.show([screen.clean(line or "")])
        return line

    return next_line


class _ResumedError(Exception):
    """The program was stopped, and goes on: what was typed so far."""


def at_terminal(prompt: str) -> str | None:
    """Return what is typed after a prompt, which stands there again after Ctrl-Z and fg; None at the end."""
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
    """Let input() edit lines, beginning with what was typed, and end early when the program is resumed."""
    import signal

    try:
        import readline
    except ImportError:  # Windows edits lines by itself, and stops no program
        yield
        return

    def resume(*_: object) -> None:
        raise _ResumedError(readline.get_line_buffer())

    readline.set_startup_hook(lambda: readline.insert_text(typed))
    before = signal.signal(signal.SIGCONT, resume)
    try:
        yield
    finally:
        signal.signal(signal.SIGCONT, before)


def _line() -> str | None:
    """Return the next line of standard input, None at its end; of an endless one, the beginning."""
    if sys.stdin is None:
        return None
    stream = sys.stdin.buffer
    first = rest = stream.readline(_LONGEST)
    while rest and not rest.endswith(b"\n"):
        rest = stream.readline(_LONGEST)
    return first.decode("utf-8", "replace").rstrip("\r\n") if first else None
