"""What practice says: an exercise, a mark, a hint, each in lines that fit the screen."""

import textwrap
from collections.abc import Iterator

from softmax_cli.render.layout.console import Line
from softmax_cli.tutor.exercises.exercise import Choosing, Exercise
from softmax_cli.tutor.exercises.marking import Mark

_SIGNS = {
    "right": ("v", "strong plus"),
    "done": ("v", "strong plus"),
    "wrong": ("x", "strong minus"),
    "no-progress": ("=", ""),
    "unread": ("?", ""),
}
KEYS = "? hint   back   skip   quit"


def opening(due: int, new: int, width: int) -> Iterator[Line]:
    """Yield how much is due, and what can be typed besides an answer."""
    yield from wrapped(f"{due} due, {new} new.   {KEYS}", width)


def asked(exercise: Exercise, width: int) -> Iterator[Line]:
    """Yield the question, and the lines that are given."""
    yield ""
    yield from wrapped(exercise.ask, width)
    for line in exercise.shown:
        yield from wrapped(line, width, indent=max(4, len(line) - len(line.lstrip())))
    if isinstance(exercise, Choosing):
        for number, option in enumerate(exercise.options, start=1):
            yield from wrapped(f"    {number}  {option}", width, indent=7)


def marked(found: Mark, answer: str, prompt: int, width: int, more: str = "") -> Iterator[Line]:
    """Yield how an answer was read, and what is said about it; if it was not read, where reading stopped.

    The answer stood after `prompt` columns; `more` follows the message.
    """
    if found.read_as is not None and found.read_as.replace(" ", "") != answer.replace(" ", ""):
        yield from wrapped(f"    read as {found.read_as}", width, indent=4)
    if found.verdict == "unread" and found.column is not None and prompt + found.column < width:
        yield " " * (prompt + found.column) + "^"
    sign, style = _SIGNS[found.verdict]
    said = f"{found.message} {more}".rstrip()
    first, *rest = wrapped(said, width - 4)
    yield ((f" {sign}", style), (f"  {first}", ""))
    for line in rest:
        yield f"    {line}"
    if found.hint is not None:
        yield from wrapped(f"    {found.hint}", width, indent=4)


def wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    """Return a text in lines of a width, the later ones indented."""
    hanging = " " * min(indent, 12)
    return textwrap.wrap(text, max(width, 20), subsequent_indent=hanging, break_on_hyphens=False) or [""]
