"""What the tests of io share."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import settings

from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import Long, Matrices, PerClass, PerRow, Result
from softmax_cli.io.write import write
from tests.io.reading import MemorySink, Reader

# The machine may be busy: no example has to be quick.
settings.register_profile("io", deadline=None)
settings.load_profile("io")


@pytest.fixture
def reader() -> Reader:
    """Give a reader of bytes."""
    return Reader()


@pytest.fixture
def written() -> Callable[..., bytes]:
    """Give the function that writes results to memory."""

    def to_bytes(results: Result | Iterable[Result], format: str, **options: Any) -> bytes:
        sink = MemorySink()
        one = isinstance(results, PerClass | PerRow | Matrices | Long)  # which are tuples, too
        write(cast("Iterable[Result]", [results] if one else results), format, sink, **options)
        return sink.data

    return to_bytes


@pytest.fixture
def per_class() -> Callable[..., PerClass]:
    """Give the function that makes a result of numbers."""

    def make(values: Any, classes: str = "", dtype: Any = np.float64, **batch: Any) -> PerClass:
        array = np.array(values, dtype, ndmin=2)
        names = tuple(classes.split(",")) if classes else tuple(str(j + 1) for j in range(array.shape[1]))
        return PerClass(
            Batch(array, names, named=bool(classes), **batch), "softmax", 1.0, "probabilities", array
        )

    return make


@pytest.fixture
def data() -> Path:
    """Give the folder of real logits."""
    return Path(__file__).parent.parent / "data"
