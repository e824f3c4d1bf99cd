"""Where results are drawn, and how: width, colour and glyphs, decided once."""

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, BinaryIO, NamedTuple, TextIO, TypeAlias

from softmax_cli.render.layout.glyphs import cells, clean, shorten, spell

PIPED_WIDTH = 80
NARROWEST_SCREEN = 30
"""Below this a name and a number do not fit side by side: a narrower terminal wraps lines of 30 cells."""

Span: TypeAlias = tuple[str, str]
"""Text and the name of its style, of `STYLES`."""
Line: TypeAlias = str | tuple[Span, ...]

STYLES = {
    "": "",
    "title": "bold",
    "head": "bold",
    "faint": "dim",
    "largest": "bold",
    # Blue and orange: apart for the colour-blind, and both legible on black and on white.
    "plus": "color(32)",
    "minus": "color(166)",
    "strong plus": "bold color(32)",
    "strong minus": "bold color(166)",
    "bar": "color(32)",
    "faint plus": "dim color(32)",
    "faint minus": "dim color(166)",
}


class Screen(NamedTuple):
    """What results are drawn on.

    Parameters
    ----------
    stream
        Where the bytes go.
    width
        Cells per line; nothing drawn is wider.
    colour
        Whether escape sequences may set colours.
    unicode
        Whether blocks and arrows can be printed; ASCII stands in for them otherwise.
    interactive
        Whether a person is watching: the stream is a terminal.
    encoding
        The encoding of the bytes.
    """

    stream: TextIO | BinaryIO | IO[Any]
    width: int = PIPED_WIDTH
    colour: bool = False
    unicode: bool = True
    interactive: bool = False
    encoding: str = "utf-8"

    @classmethod
    def for_output(cls, stream: TextIO | BinaryIO | IO[Any]) -> "Screen":
        """Return the screen that `stream` is.

        A terminal has its own width, colour unless NO_COLOR or TERM=dumb forbid it, and Unicode if its
        encoding has it. Anything else is 80 columns of UTF-8 without an escape character, whatever the
        environment says.
        """
        if not _is_terminal(stream):
            return cls(stream)
        encoding = "ascii" if _plain_locale() else _encoding(stream)
        return cls(
            stream,
            width=_terminal_width(stream),
            colour=not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
            unicode=_has_blocks(encoding),
            interactive=True,
            encoding=encoding,
        )

    def spell(self, text: str) -> str:
        """Return the program's own text in glyphs that this screen has."""
        return spell(text, unicode=self.unicode)

    def clean(self, text: object) -> str:
        """Return text of the input, made safe to print here."""
        return clean(str(text), self.encoding)

    def shorten(self, name: object, most: int) -> str:
        """Return a name of the input, made safe to print here, in at most `most` cells."""
        return shorten(self.clean(name), most, unicode=self.unicode)

    def show(self, lines: Iterable[Line], *, end: str = "\n") -> None:
        """Write lines, each as soon as it comes and followed by `end`.

        Raises
        ------
        OSError
            Where no space is left, or the reader has gone away.
        """
        write = self._writer()
        paint = self._painter() if self.colour else plain
        for line in lines:
            write(paint(_trimmed(line)) + end)

    @property
    def height(self) -> int:
        """The rows of the terminal; 24 for anything else."""
        try:
            return max(8, os.get_terminal_size(self.stream.fileno()).lines)
        except (OSError, ValueError, AttributeError):
            return 24

    def clear(self) -> None:
        """Clear the terminal and move to its top; a dumb terminal gets a blank line."""
        self._writer()("\n" if os.environ.get("TERM") == "dumb" else "\x1b[H\x1b[2J")

    def _writer(self) -> Callable[[str], object]:
        """Return what writes text, as bytes of the screen's encoding, and flushes it."""
        stream: Any = self.stream
        if isinstance(stream, io.TextIOBase) and not hasattr(stream, "buffer"):
            return stream.write  # text in memory: it has no bytes
        stream.flush()
        binary = getattr(stream, "buffer", stream)

        def write(text: str) -> None:
            binary.write(text.encode(self.encoding, "backslashreplace"))
            binary.flush()

        return write

    def _painter(self) -> Callable[[Line], str]:
        from rich.console import Console
        from rich.text import Text

        console = Console(
            file=io.StringIO(),
            width=self.width,
            force_terminal=True,
            color_system="auto",
            no_color=False,
            legacy_windows=False,
            _environ=os.environ,
        )

        def paint(line: Line) -> str:
            with console.capture() as captured:
                styled = Text.assemble(*((text, STYLES[style]) for text, style in spans(line)))
                console.print(styled, soft_wrap=True, highlight=False, end="")
            return captured.get()

        return paint


def spans(line: Line) -> tuple[Span, ...]:
    """Return a line as spans."""
    return ((line, ""),) if isinstance(line, str) else line


def plain(line: Line) -> str:
    """Return a line without its styles."""
    return "".join(text for text, _ in spans(line))


def side_by_side(
    first: Sequence[Line], second: Sequence[Line], left_width: int, height: int
) -> Iterator[Line]:
    """Yield `height` lines: those of `first`, padded to `left_width` cells, beside those of `second`.

    >>> [plain(line) for line in side_by_side(["ab", "日本"], ["x", "y"], 6, 2)]
    ['ab    x', '日本  y']
    """
    for i in range(height):
        begun = spans(first[i]) if i < len(first) else ()
        gap = " " * (left_width - cells(plain(begun)))
        yield (*begun, (gap, ""), *(spans(second[i]) if i < len(second) else ()))


def joined(spans: Iterable[Span]) -> Line:
    """Return spans as a line, neighbours of one style put together."""
    kept: list[Span] = []
    for text, style in spans:
        if kept and kept[-1][1] == style:
            kept[-1] = (kept[-1][0] + text, style)
        else:
            kept.append((text, style))
    return tuple(kept)


def sign_style(x: float) -> str:
    """Return the style of a number by its sign."""
    return "plus" if x > 0 else "minus" if x < 0 else ""


def _trimmed(line: Line) -> Line:
    """Return the line without trailing blanks."""
    if isinstance(line, str):
        return line.rstrip(" ")
    kept = list(line)
    while kept and not kept[-1][0].rstrip(" "):
        kept.pop()
    if kept:
        text, style = kept[-1]
        kept[-1] = (text.rstrip(" "), style)
    return tuple(kept)


def _is_terminal(stream: IO[Any]) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())


def _terminal_width(stream: IO[Any]) -> int:
    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError, AttributeError):
        width = 0
    return max(width, NARROWEST_SCREEN) if width else PIPED_WIDTH


def _encoding(stream: IO[Any]) -> str:
    """Return a terminal's encoding: what Python chose for it, or else for stdout."""
    return getattr(stream, "encoding", None) or getattr(sys.stdout, "encoding", None) or "utf-8"


def _has_blocks(encoding: str) -> bool:
    try:
        "▸█▏…∂".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _plain_locale() -> bool:
    """Whether the user asked for the C locale; Python itself then switches to UTF-8 (PEP 538, PEP 540)."""
    asked = os.environ.get
    if asked("PYTHONIOENCODING") or asked("PYTHONUTF8") == "1":
        return False
    ctype = asked("LC_CTYPE", "")
    coerced = ctype in {"", "C.UTF-8", "C.utf8", "UTF-8"}
    locale = asked("LC_ALL") or (asked("LANG", "") if coerced else ctype)
    return locale in {"C", "POSIX"}
