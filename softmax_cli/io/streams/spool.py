"""Arrays kept in a temporary file, for an input that is read again and comes only once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from softmax_cli.io.streams.source import failure


class Spool:
    """Groups of arrays, written once and read as often as wanted; gone when it is closed.

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
        """Add a group.

        Raises
        ------
        ReadWriteError
            Where the temporary file cannot be written.
        """
        self._kinds.append(tuple(array is not None for array in arrays))
        try:
            for array in arrays:
                if array is not None:
                    np.save(self._file, np.ascontiguousarray(array), allow_pickle=False)
        except OSError as error:
            raise failure(f"a temporary file in {tempfile.gettempdir()}", error) from error

    def read(self) -> Iterator[list[NDArray[Any] | None]]:
        """Yield the groups, in order."""
        self._file.seek(0)
        for kinds in self._kinds:
            yield [np.load(self._file, allow_pickle=False) if there else None for there in kinds]
        self._file.seek(0, 2)

    def close(self) -> None:
        """Give the space back."""
        self._file.close()
