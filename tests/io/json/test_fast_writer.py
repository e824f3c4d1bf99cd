"""The fast writer of JSON lines writes what the light one writes, byte for byte."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmax_cli.io.cells.floats import WrittenFloat
from softmax_cli.io.json.fast_writer import format_lines
from softmax_cli.io.json.lines_writer import lines
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.flat import pieces
from softmax_cli.io.table.indexed import repeated, tiled
from tests.io.reading import magnitudes

TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            "a",
            ":null",
            "e+5",
            'q"r',
            "a\\b",
            "\n\r\t\b\f",
            "\0\x1f\x7f\x80",
            "\u2028",
            "é",
            "/",
            "😀",
            "\ud800",
        ]
    ),
    st.text(max_size=4),
)
FLOATS = st.one_of(st.floats(), st.sampled_from([1e16, -1e16, 1e-5, 9.99e-6, -np.inf, -np.inf, -0.0, 5e-324]))


def light(table: Batch) -> bytes:
    """Write a table without polars."""
    return lines(table).encode(errors="backslashreplace")


def assert_same(table: Batch) -> None:
    """Compare the fast writer, if it takes the table, with the light one."""
    fast = format_lines(table)
    assert fast is None or b"".join(pieces(fast)) == light(table)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([np.float32, np.float64]),
    st.integers(1, 5),
    st.lists(TEXTS, min_size=1, max_size=4, unique=True),
    st.data(),
)
def test_any_table(kind: Any, n: int, names: list[str], data: st.DataObject) -> None:
    """Numbers of every size, kept cells and names of every kind come out the same."""
    with np.errstate(over="ignore"):
        values = data.draw(hnp.arrays(np.float64, (n, len(names)), elements=FLOATS)).astype(kind)

    def column(cells: Any) -> Any:
        return data.draw(st.lists(cells, min_size=n, max_size=n))

    kept = {
        "word.": column(TEXTS),
        "row.": repeated(range(7, 7 + n), 1),
        "of.": tiled(["a", ""], n)[:n],
        "count.": column(st.integers(-(2**63), 2**63 - 1)),
        "score.": column(FLOATS),
        "series.": pl.Series(column(st.sampled_from([1.5, 1e-7, 1e15]))),
        "written.": column(st.sampled_from([WrittenFloat("1.50"), 0.5])),
        "any.": column(st.sampled_from([None, True, 1, "x", [1, {"a": None}], 2**70])),
    }
    some = data.draw(st.sets(st.sampled_from(sorted(kept))))
    assert_same(Batch(values, tuple(names), kept={name: kept[name] for name in kept if name in some}))


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_every_magnitude(kind: Any) -> None:
    """Floats have the same form from the smallest to the largest, near powers of ten too."""
    table = Batch(np.append(magnitudes(kind), kind(-np.inf))[:, None], ("a",))
    lines = format_lines(table)
    assert lines is not None
    assert b"".join(pieces(lines)) == light(table)


@settings(max_examples=20, deadline=None)
@given(hnp.arrays(np.float64, (3, 300), elements=FLOATS))
@example(np.full((3, 300), 1e16))
@example(np.full((3, 300), -np.inf))
def test_wide_tables(values: Any) -> None:
    """Very wide tables are formatted in another way, to the same bytes."""
    assert_same(Batch(values, tuple(f'%s "{j}"' for j in range(300))))


def test_lines_are_json_without_blanks() -> None:
    """A line is what json.dumps writes with the shortest separators."""
    table = Batch(np.array([[0.5, -np.inf]]), ("a b", "c"), kept={"in": [[1, {"x": [None, "é"]}]]})
    expected = {"in": [1, {"x": [None, "é"]}], "a b": 0.5, "c": "-inf"}
    assert light(table).decode() == json.dumps(expected, separators=(",", ":"), ensure_ascii=False) + "\n"
