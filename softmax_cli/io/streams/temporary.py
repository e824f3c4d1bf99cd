"""Temporary files: a seekable copy of what cannot be read twice, and arrays that are read again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from softmax_cli.io.streams.source import CHUNK, Source, failure


@contextmanager
def seekable(source: Source, size: int = -1) -> Iterator[IO[bytes]]:
    """Open the next `size` bytes of a source, or all, as a seekable stream: its own, or a temporary copy."""
    if source.stream.seekable():
        source.rewind()
        yield cast(IO[bytes], source.stream)
        return
    with tempfile.TemporaryFile() as copy:
        left = size
        while left and (data := source.read_some(min(CHUNK, left) if left > 0 else CHUNK)):
            append(copy, data)
            left -= len(data)
        copy.seek(0)
        yield cast(IO[bytes], copy)


def append(copy: IO[bytes], data: bytes | memoryview) -> None:
    """Write to a temporary file."""
    with _failing():
        copy.write(data)
        copy.flush()


class Spool:
    """Groups of arrays in a temporary file, written once and read any number of times; gone when closed.

    Examples
    --------
    >>> spool = Spool()
    >>> spool.write([np.array([1.0, 2.0]), None])
    >>> list(spool.read())
    [[array([1., 2.]), None]]
    >>> spool.close()
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115  kept open
        self._kinds: list[tuple[bool, ...]] = []

    def write(self, arrays: Sequence[NDArray[Any] | None]) -> None:
        """Add a group."""
        self._kinds.append(tuple(array is not None for array in arrays))
        with _failing():
            for array in arrays:
                if array is not None:
                    np.save(self._file, np.ascontiguousarray(array), allow_pickle=False)

    def read(self) -> Iterator[list[NDArray[Any] | None]]:
        """Yield the groups, in order."""
        self._file.seek(0)
        for kinds in self._kinds:
            yield [np.load(self._file, allow_pickle=False) if there else None for there in kinds]
        self._file.seek(0, 2)

    def close(self) -> None:
        """Delete the file."""
        self._file.close()


@contextmanager
def _failing() -> Iterator[None]:
    """Turn a failure into an error that names the folder of temporary files."""
    try:
        yield
    except OSError as error:
        raise failure(f"a temporary file in {tempfile.gettempdir()}", error) from error
