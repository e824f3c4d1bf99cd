"""Bytes as they arrive -> blocks of whole lines of text, each with its line number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from softmax_cli.errors import InputError
from softmax_cli.io.source import Source

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Some whole lines, with their line ends as they are.

    Parameters
    ----------
    text
        The lines; only the last of the input may lack its end.
    line
        The 1-based number of the first.
    """

    text: str
    line: int

    def lines(self) -> list[str]:
        """Return the lines without their ends: LF, CRLF or CR."""
        text = self.text
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        return lines

    def lines_with_ends(self) -> list[str]:
        """Return the lines with their ends."""
        return _LINES.findall(self.text)


def text_blocks(source: Source) -> Iterator[TextBlock]:
    """Yield the input's lines as they arrive.

    The lines before a byte that is not UTF-8 are yielded before the error is raised.

    Raises
    ------
    InputError
        Where a byte is not UTF-8, or is NUL; the place is its line.
    """
    if source.starts_with(*_UTF16):
        raise InputError("the text is UTF-16", where=source.name, hint="save it as UTF-8")
    if source.starts_with(b"\xef\xbb\xbf"):  # a byte order mark is no part of the text
        source.read(3)
    line = 1
    for data in _whole_lines(source):
        good, bad = _split_at_fault(data)
        if good:
            block = TextBlock(good.decode(), line)
            yield block
            line += count_lines(good)
        if bad is not None:
            raise InputError(bad, where=f"{source.name}:{line}", hint=_hint(bad))


def count_lines(data: bytes) -> int:
    """Count the lines that end in the data."""
    returns = data.count(b"\r")
    return data.count(b"\n") + (returns - data.count(b"\r\n") if returns else 0)


def _whole_lines(source: Source) -> Iterator[bytes]:
    """Yield the bytes in pieces that end where a line ends; the last piece may not."""
    parts: list[bytes] = []
    while data := source.read_some():
        if parts and parts[-1].endswith(b"\r"):  # held back: the LF that belongs to it may follow
            data = parts.pop() + data
        cut = max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) - 1)) + 1
        if cut:
            parts.append(data[:cut])
            yield b"".join(parts)
            parts = []
        if cut < len(data):
            parts.append(data[cut:])
    if parts:
        yield b"".join(parts)


def _split_at_fault(data: bytes) -> tuple[bytes, str | None]:
    """Return the whole lines before the first byte that is no text, and what is wrong with it."""
    nul = data.find(b"\0")
    what = "a NUL byte: this is not text" if nul >= 0 else None
    end = nul
    try:
        (data if nul < 0 else data[:nul]).decode()
    except UnicodeDecodeError as error:
        end = error.start
        what = f"byte 0x{data[end]:02x} is not UTF-8"
    if what is None:
        return data, None
    start = max(data.rfind(b"\n", 0, end), data.rfind(b"\r", 0, end)) + 1
    return data[:start], what


def _hint(what: str) -> str:
    if "NUL" in what:
        return "is it a binary file? --input-format npy reads numpy's"
    return "save the file as UTF-8, or convert it: iconv -f latin1 -t utf-8"
