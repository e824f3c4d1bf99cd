"""What goes out comes back the same."""

import csv
import io
import string
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmax_cli.io.batch import Batch
from softmax_cli.io.result import PerClass
from softmax_cli.io.write import write
from tests.io.reading import MemorySink, Reader

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, max_side=6).filter(lambda shape: shape[1] > 1)
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


def out(values: Any, format: str, kept: dict[str, list[str]] | None = None) -> bytes:  # noqa: A002
    """Return the table of the values with class names c0, c1, ..."""
    classes = tuple(f"c{j}" for j in range(values.shape[1]))
    sink = MemorySink()
    write(
        [PerClass(Batch(values, classes, kept=kept or {}), "softmax", 1.0, "probabilities", values)],
        format,
        sink,
    )
    return sink.data


@pytest.mark.parametrize(
    ("format", "name"), [("csv", "x.csv"), ("tsv", "x.tsv"), ("jsonl", "x.jsonl"), ("npy", "x.npy")]
)
@given(values=hnp.arrays(np.float64, SHAPES, elements=FINITE))
def test_doubles(format: str, name: str, values: Any) -> None:  # noqa: A002
    """Any finite doubles through any machine format are the same bits."""
    assert Reader().all(out(values, format), name).values.tobytes() == values.tobytes()


@pytest.mark.parametrize(("format", "name"), [("csv", "x.csv"), ("jsonl", "x.jsonl"), ("npy", "x.npy")])
@given(
    values=hnp.arrays(np.float32, SHAPES, elements=st.floats(allow_nan=False, allow_infinity=False, width=32))
)
def test_singles(format: str, name: str, values: Any) -> None:  # noqa: A002
    """Any finite singles come back as the same singles, or as doubles that round to them."""
    back = Reader().all(out(values, format), name).values
    assert back.astype(np.float32).tobytes() == values.tobytes()


@given(values=hnp.arrays(np.float64, 7, elements=FINITE))
def test_column(values: Any) -> None:
    """Any finite vector, one value a line, comes back bit for bit."""
    text = "".join(f"{value!r}\n" for value in values.tolist())
    assert Reader().all(text).values.tobytes() == values.tobytes()


ENDS = st.sampled_from(["\n", "\r\n", "\r"])
QUOTING = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])


@settings(max_examples=300)
@given(
    st.lists(st.tuples(CELL, CELL, FINITE, FINITE), min_size=1, max_size=8),
    st.sampled_from(",;\t|"),
    ENDS,
    QUOTING,
)
def test_csv_module(
    rows: list[tuple[str, str, float, float]], delimiter: str, end: str, quoting: Any
) -> None:
    """Any table that Python's csv module writes is read: kept text unchanged, numbers to the bit."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(["a", "note", "x", "y"])
    writer.writerows((a, b, x, y) for b, a, x, y in [("row", *row[1:]) for row in rows])
    text = stream.getvalue()
    first = [row[1] for row in rows]
    if any(cell.startswith("#") for cell in first) and quoting == csv.QUOTE_MINIMAL:
        return  # a line that starts with # is a comment, and csv does not know that
    batch = Reader().all(text, columns="x,y", delimiter=delimiter)
    assert batch.values.tolist() == [[x, y] for _, _, x, y in rows]
    assert batch.kept == {"a": first, "note": ["row"] * len(rows)}


@settings(max_examples=300)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8), st.sampled_from(["csv", "tsv", "jsonl"]))
def test_kept_text(rows: list[tuple[str, str]], format: str) -> None:  # noqa: A002
    """Any kept text comes back unchanged from every text format of ours."""
    kept = {"first": [row[0] for row in rows], "second, or so": [row[1] for row in rows]}
    values = np.arange(2.0 * len(rows)).reshape(-1, 2)
    batch = Reader().all(out(values, format, kept), f"x.{format}", columns="c0,c1")
    assert batch.kept == kept
    assert np.array_equal(batch.values, values)


@given(
    st.text(alphabet=string.printable, max_size=60),
    st.sampled_from(["x.csv", "x.tsv", "x.json", "x.jsonl", "<stdin>"]),
)
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    """Any text is rows or an error of ours, never another exception."""
    from softmax_cli.errors import SoftmaxError

    try:
        batch = Reader().all(text, name)
    except SoftmaxError as error:
        assert "\n" not in str(error)
    else:
        assert len(batch)
