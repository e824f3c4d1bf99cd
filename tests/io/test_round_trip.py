"""What goes out comes back the same."""

import contextlib
import csv
import io
import string
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmax_cli.errors import SoftmaxError
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import PerClass
from softmax_cli.io.write import write
from tests.io.reading import MemorySink, Reader

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SHAPES = st.tuples(st.integers(1, 6), st.integers(2, 6))
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


def out(values: Any, format: str, kept: dict[str, list[str]] | None = None) -> bytes:
    """Return the table of the values with class names c0, c1, ..."""
    classes = tuple(f"c{j}" for j in range(values.shape[1]))
    sink = MemorySink()
    write(
        [PerClass(Batch(values, classes, kept=kept or {}), "softmax", 1.0, "probabilities", values)],
        format,
        sink,
    )
    return sink.data


@given(values=hnp.arrays(np.float64, SHAPES, elements=FINITE))
def test_doubles(values: Any) -> None:
    """Any finite doubles through any machine format are the same bits."""
    for format in ("csv", "tsv", "jsonl", "npy"):
        assert Reader().all(out(values, format), f"x.{format}").values.tobytes() == values.tobytes(), format


@given(
    values=hnp.arrays(np.float32, SHAPES, elements=st.floats(allow_nan=False, allow_infinity=False, width=32))
)
def test_singles(values: Any) -> None:
    """Any finite singles come back as the same singles, or as doubles that round to them."""
    for format in ("csv", "jsonl", "npy"):
        back = Reader().all(out(values, format), f"x.{format}").values
        assert back.astype(np.float32).tobytes() == values.tobytes(), format


@given(values=hnp.arrays(np.float64, 7, elements=FINITE))
def test_column(values: Any) -> None:
    """Any finite vector, one value a line, comes back bit for bit."""
    text = "".join(f"{value!r}\n" for value in values.tolist())
    assert Reader().all(text).values.tobytes() == values.tobytes()


# With other line ends csv leaves a line break in a cell without quotes.
SPELLINGS = st.sampled_from(
    [("\r\n", csv.QUOTE_MINIMAL), *((end, csv.QUOTE_ALL) for end in ("\n", "\r\n", "\r"))]
)


@settings(max_examples=150)
@given(st.lists(st.tuples(CELL, FINITE, FINITE), min_size=1, max_size=8), st.sampled_from(",;\t|"), SPELLINGS)
def test_csv_module(rows: list[tuple[str, float, float]], delimiter: str, spelling: tuple[str, Any]) -> None:
    """Any table that Python's csv module writes is read: kept text unchanged, numbers to the bit."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=spelling[0], quoting=spelling[1])
    writer.writerow(["n", "note", "x", "y"])
    writer.writerows((f"row {i}", *row) for i, row in enumerate(rows))
    batch = Reader().all(stream.getvalue(), columns="x,y", delimiter=delimiter)
    assert batch.values.tolist() == [[x, y] for _, x, y in rows]
    assert batch.kept == {"n": [f"row {i}" for i in range(len(rows))], "note": [note for note, _, _ in rows]}


@settings(max_examples=150)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8), st.sampled_from(["csv", "tsv", "jsonl"]))
def test_kept_text(rows: list[tuple[str, str]], format: str) -> None:
    """Any kept text comes back unchanged from every text format of ours."""
    kept = {"first": [row[0] for row in rows], "second, or so": [row[1] for row in rows]}
    values = np.arange(2.0 * len(rows)).reshape(-1, 2)
    batch = Reader().all(out(values, format, kept), f"x.{format}", columns="c0,c1")
    assert batch.kept == kept
    assert np.array_equal(batch.values, values)


INPUTS = st.sampled_from(["x.csv", "x.tsv", "x.json", "x.jsonl", "x.npy", "<stdin>"])


@settings(max_examples=150)
@given(
    st.one_of(st.binary(max_size=60), st.text(alphabet=string.printable, max_size=60).map(str.encode)), INPUTS
)
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    """Any bytes are rows or an error of ours in one line, never another exception."""
    with contextlib.suppress(SoftmaxError):
        assert len(Reader().all(data, name))
