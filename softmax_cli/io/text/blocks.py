"""Bytes as they arrive -> blocks of whole lines of text, each with its line number."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass

from softmax_cli.core.kernels.threads import cores
from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import piped
from softmax_cli.io.streams.source import CHUNK, Source

BLOCK = 1 << (22 if cores() < 4 else 21)
"""Bytes of a block that is parsed whole; with more cores, more blocks are in memory at a time."""

_LINE = r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z"


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Whole lines with their ends, which only the last line of the input may lack; `line` is 1-based."""

    text: str
    line: int

    def lines(self) -> list[str]:
        """Return the lines without their ends, which are LF, CRLF or CR."""
        text = self.text
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        return lines

    def lines_with_ends(self) -> list[str]:
        """Return the lines with their ends."""
        return re.findall(_LINE, self.text)


class TextReader:
    """The lines of an input in blocks as they arrive, as bytes or decoded; a byte order mark is dropped."""

    def __init__(self, source: Source) -> None:
        if source.starts_with(BOM_UTF8):
            source.read(len(BOM_UTF8))
        self.source = source
        self.line = 1
        self._rest = b""

    def decode(self, data: bytes) -> tuple[TextBlock, InputError | None]:
        """Decode the next lines; if a byte is NUL or not UTF-8, the lines before it, with its error."""
        good, bad = _split_at_fault(data)
        block = TextBlock(good.decode(), self.line)
        self.line += good.count(b"\n")
        if b"\r" in good:
            self.line += good.count(b"\r") - good.count(b"\r\n")
        if bad is None:
            return block, None
        hint = _hint(bad, data if self.line == 1 else b"", self.source.name)
        return block, InputError(bad, where=f"{self.source.name}:{self.line}", hint=hint)

    def take(self, most: int = CHUNK) -> bytes:
        """Return whole lines of about `most` bytes, fewer if no more have come; empty at the end."""
        parts: list[bytes | memoryview] = []
        size = 0
        while data := self.source.read_some(most):
            if self._rest.endswith(b"\r"):  # held back, for its LF may follow
                data = self._rest[-1:] + data
                self._rest = self._rest[:-1]
            cut = _after_last_line_end(data)
            parts.append(self._rest)
            size += len(self._rest) + cut
            self._rest = data[cut:]
            if not cut:
                continue
            parts.append(memoryview(data)[:cut])
            if size >= most // 2 or not self.source.is_ready():
                return b"".join(parts)
        parts.append(self._rest)
        self._rest = b""
        return b"".join(parts)

    def take_all(self, most: int) -> Iterator[bytes]:
        """Yield whole lines of about `most` bytes until the input ends."""
        while data := self.take(most):
            yield data


def text_blocks(source: Source) -> Iterator[TextBlock]:
    """Yield the input's lines as they arrive; those before a NUL or a byte that is not UTF-8 come first."""
    text = TextReader(source)
    for data in text.take_all(CHUNK):
        block, error = text.decode(data)
        if block.text:
            yield block
        if error is not None:
            raise error


def pieces(data: bytes, most: int = 0) -> Iterator[bytes]:
    """Cut whole lines into pieces of whole lines, each of at most `most` bytes, or CHUNK, or one line."""
    start, most = 0, most or CHUNK
    while len(data) - start > most:
        cut = _after_last_line_end(data[start : start + most])
        if not cut:
            newline = data.find(b"\n", start + most)
            cut = newline + 1 - start if newline >= 0 else len(data) - start
        yield data[start : start + cut]
        start += cut
    if start < len(data):
        yield data[start:]


def _after_last_line_end(data: bytes) -> int:
    """Return the length of the whole lines; a CR at the very end may be half of a CRLF."""
    newline = data.rfind(b"\n")
    return max(newline, data.rfind(b"\r", newline + 1, len(data) - 1)) + 1


def _split_at_fault(data: bytes) -> tuple[bytes, str | None]:
    """Return the whole lines before the first byte that is not text, and what is wrong with it."""
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


def _hint(what: str, first: bytes, name: str) -> str:
    """Return what may help, by the first bytes of the input where the fault is in the first line."""
    if "NUL" not in what:
        encoding = "cp1252" if re.search("0x[89]", what) else "latin1"
        return f"save the file as UTF-8, or convert it: {_converted(encoding, name)}"
    if first[:4].count(0) == 2 and 0 in first[:2]:  # every second byte
        return f"is it UTF-16? {_converted('utf-16be' if first.startswith(bytes(1)) else 'utf-16le', name)}"
    return "is it a binary file? --input-format npy reads numpy's"


def _converted(encoding: str, name: str) -> str:
    return piped(f"iconv -f {encoding} -t utf-8", name)
