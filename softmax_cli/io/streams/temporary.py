"""Bytes that cannot be read twice, kept in a temporary file where they have to be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from softmax_cli.io.streams.source import CHUNK, Source, failure


@contextmanager
def seekable(source: Source) -> Iterator[IO[bytes]]:
    """Give what is left of a source as a stream that can be read from any place: itself, or a copy."""
    if source.stream.seekable():
        source.seek(source.position())
        yield source.stream
        return
    with tempfile.TemporaryFile() as copy:
        while data := source.read_some(CHUNK):
            spool(copy, data)
        copy.seek(0)
        yield cast(IO[bytes], copy)


def spool(copy: IO[bytes], data: bytes | memoryview) -> None:
    """Write to a temporary file; where that fails, the error says that it is one."""
    try:
        copy.write(data)
        copy.flush()
    except OSError as error:
        raise failure(f"a temporary file in {tempfile.gettempdir()}", error) from error
