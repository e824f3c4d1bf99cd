"""An input that is read more than once: from memory if it fits, again, or from a temporary file."""

import os
from collections.abc import Iterable, Iterator
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
        from softmax_cli.io.arguments import file_names

        names = file_names(self.given.logits)
        comes_again = names is None or all(map(os.path.isfile, names))
        self.read += 1
        if comes_again:
            self.given.note_versions()
        kept: list[Labelled] = []
        size = 0
        for _, rows in self.given.read():
            kept.append(rows)
            size += rows.z.nbytes
            if size > MEMORY:
                if not comes_again:
                    self._set_aside(kept)
                kept.clear()
            yield rows
        self._kept = kept if size <= MEMORY else None

    def _set_aside(self, parts: "Iterable[Labelled]") -> None:
        """Write parts to the temporary file, which the first of them makes."""
        from softmax_cli.io.streams.temporary import Spool

        self._spool = self._spool or Spool()
        for part in parts:
            self._spool.write([part.z, part.target, part.soft, part.weights, part.numbers])
            self._places.append({"first_row": part.first_row, "file": part.file})

    def _again(self) -> "Iterator[Labelled]":
        self.read += 1
        self.given.note_versions()
        for _, rows in self.given.read(again=True):
            yield rows

    def _spooled(self, spool: "Spool") -> "Iterator[Labelled]":
        from softmax_cli.core.labelled import Labelled

        for (z, target, soft, weights, numbers), place in zip(spool.read(), self._places, strict=True):
            assert z is not None
            yield Labelled(z, target, soft, weights, numbers=numbers, **place)
