"""An input that is read more than once: from memory if it fits, again, or from a temporary file."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from softmax_cli.commands.running.labelled import LabelledInput

if TYPE_CHECKING:
    from softmax_cli.core.labelled import Labelled
    from softmax_cli.io.streams.temporary import Spool

MEMORY = 1 << 25
"""The most bytes of logits that are kept in memory."""


class Passes:
    """The rows of an input, as often as they are asked for."""

    def __init__(self, given: LabelledInput) -> None:
        self.given = given
        self.read = 0
        """The number of times that the input itself was read."""
        self._kept: list[Labelled] | None = None
        self._spool: Spool | None = None
        self._places: list[dict[str, int]] = []

    def __call__(self) -> "Iterator[Labelled]":
        """Yield all rows."""
        if self._kept is not None:
            return iter(self._kept)
        if self._spool is not None:
            return self._spooled(self._spool)
        return self._again() if self.read else self._first()

    def close(self) -> None:
        """Delete the temporary file."""
        if self._spool is not None:
            self._spool.close()

    def _first(self) -> "Iterator[Labelled]":
        self.read += 1
        comes_again = self._comes_again()
        if comes_again:
            self.given.note_versions()
        kept: list[Labelled] | None = []
        size = 0
        for _, rows in self.given.read():
            if self._spool is not None:
                self._write(self._spool, rows)
            elif kept is not None:
                kept.append(rows)
                size += rows.z.nbytes
                if size > MEMORY:
                    if not comes_again:
                        self._spool = self._spool_of(kept)
                    kept = None
            yield rows
        self._kept = kept

    def _again(self) -> "Iterator[Labelled]":
        self.read += 1
        self.given.note_versions()
        for _, rows in self.given.read(again=True):
            yield rows

    def _comes_again(self) -> bool:
        """Return whether the input can be read again: numbers, or regular files."""
        from softmax_cli.io.arguments import file_names

        names = file_names(self.given.logits)
        return names is None or all(map(os.path.isfile, names))

    def _spool_of(self, kept: "list[Labelled]") -> "Spool":
        from softmax_cli.io.streams.temporary import Spool

        spool = Spool()
        for rows in kept:
            self._write(spool, rows)
        return spool

    def _write(self, spool: "Spool", rows: "Labelled") -> None:
        spool.write([rows.z, rows.target, rows.soft, rows.weights, rows.numbers])
        self._places.append({"first_row": rows.first_row, "file": rows.file})

    def _spooled(self, spool: "Spool") -> "Iterator[Labelled]":
        from softmax_cli.core.labelled import Labelled

        for (z, target, soft, weights, numbers), place in zip(spool.read(), self._places, strict=True):
            assert z is not None
            yield Labelled(z, target, soft, weights, numbers=numbers, **place)
