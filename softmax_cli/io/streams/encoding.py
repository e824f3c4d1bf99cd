"""Text in UTF-16 and UTF-32, as Excel and Windows write it, streamed as UTF-8."""

from __future__ import annotations

import codecs
import io

from softmax_cli.errors import InputError
from softmax_cli.io.streams.source import CHUNK, Source

_MARKS = {
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
"""The byte order marks, the longer ones first, since one begins with another."""


def as_utf8(source: Source) -> Source:
    """Return a source of the text as UTF-8; a source without one of these marks itself."""
    for encoding, marks in _MARKS.items():
        if source.starts_with(*marks):
            return Source(source.name, _Encoded(source, encoding))
    return source


class _Encoded(io.RawIOBase):
    def __init__(self, source: Source, encoding: str) -> None:
        self._source = source
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes; empty at the end."""
        while not self._rest:
            data = self._source.read_some(CHUNK)
            try:
                self._rest = self._decoder.decode(data, final=not data).encode()
            except UnicodeError:
                name = self._encoding.upper()
                raise InputError(f"the text is no {name}, as it begins", where=self._source.name) from None
            if not data:
                break
        size = len(self._rest) if size < 0 else size
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
