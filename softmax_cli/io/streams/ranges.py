"""Parts of files and objects, and checks that these have not changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from softmax_cli.io.streams.source import (
    CHUNK,
    PieceStream,
    Source,
    changed,
    failure,
    is_address,
    is_on_web,
    open_source,
)


@contextmanager
def open_range(word: str, start: int, stop: int, version: str) -> Iterator[Source]:
    """Open the bytes from start to stop of a file or an object; another version of it is refused."""
    if is_address(word):
        from softmax_cli.io.streams.store import open_object

        yield open_object(word, part=(start, stop, version))
        return
    with open_source(word) as source:
        refuse_other(word, version)
        source.stream.seek(start)
        part = Source(word, PieceStream(_next(source, stop - start)))
        part.size = stop - start
        yield part


def _next(source: Source, size: int) -> Iterator[bytes]:
    """Yield the next `size` bytes of a source."""
    while size:
        data = source.read_some(min(CHUNK, size))
        if not data:
            raise changed(source.name)
        size -= len(data)
        yield data


def size_and_version(word: str) -> tuple[int, str]:
    """Return the size of a file or an object, and its version, made of its time or its entity tag."""
    if is_address(word):
        from softmax_cli.io.streams.store import size_and_tag

        return size_and_tag(word)
    try:
        status = os.stat(word)
    except OSError as error:
        raise failure(word, error) from error
    return status.st_size, f"{status.st_size} {status.st_mtime_ns}"


def version_of(word: str) -> str:
    """Return the version of a file or an object; empty if it has none, or cannot be read again."""
    if word == "-" or is_on_web(word) or not (is_address(word) or os.path.isfile(word)):
        return ""
    return size_and_version(word)[1]


def refuse_other(word: str, version: str) -> None:
    """Refuse a file that has changed since its version was taken."""
    if size_and_version(word)[1] != version:
        raise changed(word)
