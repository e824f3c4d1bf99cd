"""Bytes in memory, read and written as the program does it, for the tests of io."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from softmax_cli.errors import SoftmaxError
from softmax_cli.io.batch import Array, Batch
from softmax_cli.io.output import Sink
from softmax_cli.io.read import ReadOptions, read_source
from softmax_cli.io.source import Source


class MemorySink(Sink):
    """A sink that keeps its bytes."""

    def __init__(self) -> None:
        super().__init__("memory", -1)
        self.data = b""

    def write(self, data: Any, /) -> int:
        """Keep the bytes."""
        self.data += bytes(data)
        return len(data)


class Reader:
    """Reads bytes as an input called `name`; remembers the notes and the rows that came before an error."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.before: list[Batch] = []

    def batches(self, data: bytes | str, name: str = "in.csv", **options: Any) -> Iterator[Batch]:
        """Yield the batches of the input."""
        stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
        yield from read_source(Source(name, stream), ReadOptions(**options), note=self.notes.append)

    def all(self, data: bytes | str, name: str = "in.csv", **options: Any) -> Batch:
        """Return the whole input as one batch."""
        batches = list(self.batches(data, name, **options))
        first = batches[0]
        kept = {key: [cell for batch in batches for cell in batch.kept[key]] for key in first.kept}
        values: Array = np.concatenate([batch.values for batch in batches])
        return Batch(values, first.classes, first.named, kept, target=first.target, where=first.where)

    def rows(self, data: bytes | str, name: str = "in.csv", **options: Any) -> list[list[float]]:
        """Return the numbers alone."""
        rows: list[list[float]] = self.all(data, name, **options).values.tolist()
        return rows

    def error(self, data: bytes | str, name: str = "in.csv", **options: Any) -> str:
        """Return what a user would read on stderr, in one or two lines."""
        self.before = []
        with pytest.raises(SoftmaxError) as caught:
            self.before.extend(self.batches(data, name, **options))
        return said(caught.value)


def said(error: SoftmaxError) -> str:
    """Return an error as main() prints it."""
    return str(error) + (f"\nhint: {error.hint}" if error.hint else "")
