"""Bytes in memory, read and written as the program does it, for the tests of io."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest

from softmax_cli.errors import InputError, SoftmaxError
from softmax_cli.io.read import ReadOptions, read_source
from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.streams.source import Source
from softmax_cli.io.table.batch import Array, Batch


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
        return Batch(values, first.classes, first.named, kept, layout=first.layout, where=first.where)

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


def streamed(write: Callable[[Any], Any]) -> bytes:
    """Return what is written to a stream."""
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


def npy(array: Any, **options: Any) -> bytes:
    """Return the .npy file of an array."""
    return streamed(lambda stream: np.save(stream, array, **options))


def beginning(error: str, sentence: str) -> str:
    """Return as many whole lines of an error as a sentence has: without a hint where that has none."""
    return "\n".join(error.split("\n")[: sentence.count("\n") + 1])


def told(batches: Iterable[Batch], cell: Callable[[Any], Any] = lambda cell: cell) -> list[Any]:
    """Return every row with its place and kept cells, and the error at the end."""
    rows: list[Any] = []
    try:
        for batch in batches:
            bits = np.ascontiguousarray(batch.values).view(np.uint64).tolist()
            kept = [list(map(cell, column)) for column in batch.kept.values()]
            for i, numbers in enumerate(bits):
                rows.append((batch.first_row + i, batch.where(i), numbers, [column[i] for column in kept]))
    except InputError as error:
        rows.append((str(error), error.hint))
    return rows


def magnitudes(kind: type[np.floating[Any]]) -> Array:
    """Return finite floats from the smallest to the largest, and near powers of ten, and both zeros."""
    bits = np.uint32 if kind is np.float32 else np.uint64
    values = np.random.default_rng(1).integers(0, np.iinfo(bits).max, 30_000, dtype=bits).view(kind)
    tens = [float(f"{digit}e{e}") for e in range(-45, 38) for digit in (1, 9.999999, 1.5)]
    return np.concatenate([values[np.isfinite(values)], np.array([*tens, 0.0, -0.0]).astype(kind)])


def said(error: SoftmaxError) -> str:
    """Return an error as main() prints it."""
    return str(error) + (f"\nhint: {error.hint}" if error.hint else "")
