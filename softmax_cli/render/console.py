"""Where results are drawn, and how: width, colour and glyphs, decided once."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TextIO, TypeAlias

from softmax_cli.render.glyphs import clean, spell

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

PIPED_WIDTH = 80
NARROWEST_SCREEN = 20

Span: TypeAlias = tuple[str, str]
"""Text and the name of its style, of `STYLES`."""
Line: TypeAlias = str | tuple[Span, ...]

STYLES = {
    "": "",
    "title": "bold",
    "head": "bold",
    "largest": "bold",
    # Blue and orange: apart for the colour-blind, and both legible on black and on white.
    "plus": "color(32)",
    "minus": "color(166)",
    "strong plus": "bold color(32)",
    "strong minus": "bold color(166)",
    "bar": "color(32)",
    "quiet": "dim",
}


@dataclass(frozen=True, slots=True)
class Screen:
    """What results are drawn on.

    Parameters
    ----------
    stream
        Where the bytes go.
    width
        Cells a line; nothing drawn is wider.
    colour
        Whether escape sequences may set colours.
    unicode
        Whether blocks and arrows can be printed; ASCII stands in for them otherwise.
    interactive
        Whether a person looks on: the stream is a terminal.
    encoding
        Of the bytes.
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

        A terminal has its own width, colour unless NO_COLOR or TERM=dumb forbid it, and Unicode where its encoding
        has it. Anything else is 80 columns of UTF-8 without an escape character, whatever the environment says.
        """
        if not _is_terminal(stream):
            return cls(stream)
        encoding = getattr(stream, "encoding", None) or getattr(sys.stdout, "encoding", None) or "utf-8"
        return cls(
            stream,
            width=_terminal_width(stream),
            colour=not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
            unicode=_has_blocks(encoding) and not _plain_locale(),
            interactive=True,
            encoding=encoding,
        )

    def spell(self, text: str) -> str:
        """Return text of our own with glyphs that this screen has."""
        return spell(text, unicode=self.unicode)

    def clean(self, text: object) -> str:
        """Return text of the user's, safe to print here."""
        return clean(str(text), self.encoding if self.unicode else "ascii")

    def show(self, drawn: "Iterable[Line] | RenderableType") -> None:
        """Write lines (each as soon as it comes) or a renderable of rich; flush at the end.

        Raises
        ------
        OSError
            As the stream raises it: no space left, or the reader went away.
        """
        if isinstance(drawn, str) or hasattr(drawn, "__rich_console__") or hasattr(drawn, "__rich__"):
            self._render(drawn)
        else:
            for line in drawn:
                self._write(self._bytes_of(line) if self.colour else _plain(line))
        self.stream.flush()

    def _render(self, renderable: "RenderableType") -> None:
        console = self._console()
        with console.capture() as captured:
            console.print(renderable)
        text = captured.get()
        self._write(
            text.removesuffix("\n") if self.unicode else spell(text.removesuffix("\n"), unicode=False)
        )

    def _bytes_of(self, line: Line) -> str:
        from rich.text import Text

        spans = [(line, "")] if isinstance(line, str) else line
        console = self._console()
        with console.capture() as captured:
            styled = Text.assemble(*((text, STYLES[style]) for text, style in spans))
            console.print(styled, soft_wrap=True, highlight=False, markup=False, emoji=False, end="")
        return captured.get()

    def _write(self, text: str) -> None:
        data = f"{text.rstrip(' ')}\n"
        buffer = getattr(self.stream, "buffer", None)
        if buffer is not None:
            self.stream.flush()
            buffer.write(data.encode(self.encoding, "backslashreplace"))
        elif hasattr(self.stream, "encoding"):
            self.stream.write(data)  # a text stream of memory, which has no bytes
        else:
            self.stream.write(data.encode(self.encoding, "backslashreplace"))

    def _console(self) -> "Console":
        from rich.console import Console

        return Console(
            file=self.stream if hasattr(self.stream, "encoding") else None,
            width=self.width,
            force_terminal=self.colour,
            color_system="auto" if self.colour else None,
            no_color=not self.colour,
            legacy_windows=False,
            _environ=os.environ if self.colour else {},
        )


def _plain(line: Line) -> str:
    return line if isinstance(line, str) else "".join(text for text, _ in line)


def _is_terminal(stream: IO[Any]) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())


def _terminal_width(stream: IO[Any]) -> int:
    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError, AttributeError):
        width = 0
    return max(width, NARROWEST_SCREEN) if width else PIPED_WIDTH


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
