"""The fast writer writes what the light one writes, byte for byte."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmax_cli.io.cells.floats import WrittenFloat
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.fast_frames import format_rows
from softmax_cli.io.table.flat import pieces
from softmax_cli.io.table.indexed import repeated, tiled
from softmax_cli.io.text import writer
from tests.io.reading import magnitudes

CELLS = st.one_of(
    st.sampled_from(["", "a", "x,y", 'q"r', "#c", "a\nb", "c\rd", " s ", "1e+5", "é", "1.5"]),
    st.text(max_size=4),
)

WRITTEN = [WrittenFloat("1.50"), 0.5, 1e-5, -0.0]


def light(table: Batch, delimiter: str) -> bytes:
    """Write a table without polars."""
    return writer.lines(table, delimiter).encode(errors="backslashreplace")


def assert_same(table: Batch, delimiter: str = ",") -> None:
    """Compare the fast writer, if it takes the table, with the light one."""
    fast = format_rows(table, delimiter)
    assert fast is None or b"".join(pieces(fast)) == light(table, delimiter)


@settings(max_examples=200, deadline=None)
@given(
    hnp.arrays(
        st.sampled_from([np.float32, np.float64]),
        st.tuples(st.integers(1, 5), st.integers(1, 4)),
        elements=None,
    ),
    st.data(),
    st.sampled_from([",", "\t"]),
)
def test_any_table(values: Any, data: st.DataObject, delimiter: str) -> None:
    """Numbers of every size and kept cells of every kind come out the same."""
    values = np.where(np.isnan(values), 1, values).astype(values.dtype)
    n, k = values.shape
    kept = {
        "word": data.draw(st.lists(CELLS, min_size=n, max_size=n)),
        "row": repeated(range(7, 7 + n), 1),
        "of": tiled(["a", ""], n)[:n],
        "count": data.draw(st.lists(st.integers(-5, 5), min_size=n, max_size=n)),
        "score": data.draw(st.lists(st.floats(), min_size=n, max_size=n)),
        "written": data.draw(st.lists(st.sampled_from(WRITTEN), min_size=n, max_size=n)),
    }
    kept = dict(list(kept.items())[data.draw(st.integers(0, 6)) :])
    assert_same(Batch(values, tuple(map(str, range(k))), kept=kept), delimiter)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_every_magnitude(kind: Any) -> None:
    """Floats have the same form from the smallest to the largest, near powers of ten too."""
    every = np.append(magnitudes(kind), np.array([np.inf, -np.inf], kind))
    assert_same(Batch(every[:, None], ("a",)))
    fast = format_rows(Batch(every[:, None], ("a",)), ",")
    assert fast is not None


@settings(max_examples=20, deadline=None)
@given(hnp.arrays(np.float64, (3, 300), elements=st.floats(allow_nan=False)))
@example(np.full((3, 300), 1e16))
def test_wide_tables(values: Any) -> None:
    """Very wide tables are formatted in another way, to the same bytes."""
    table = Batch(values, tuple(map(str, range(300))))
    assert_same(table)
    assert format_rows(table, ",") is not None
