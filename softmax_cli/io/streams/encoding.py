"""Text in UTF-16 and UTF-32, as Excel and Windows write it, streamed as UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from softmax_cli.errors import InputError
from softmax_cli.io.streams.source import PieceStream, Source

_MARKS = {
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
"""The byte order marks, the longer ones first, since one begins with another."""


def as_utf8(source: Source) -> Source:
    """Return a source of the text as UTF-8; a source without one of these marks itself."""
    for encoding, marks in _MARKS.items():
        if source.starts_with(*marks):
            return Source(source.name, PieceStream(_encoded(source, encoding)))
    return source


def _encoded(source: Source, encoding: str) -> Iterator[bytes]:
    try:
        for text in codecs.iterdecode(iter(source.read_some, b""), encoding):
            yield text.encode()
    except UnicodeError:
        raise InputError(f"the text is no {encoding.upper()}, as it begins", where=source.name) from None
