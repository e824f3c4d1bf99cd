"""Tables of logits as other libraries write them come back to the same bits."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from tests.io.reading import Reader, npy, streamed

Table = NDArray[np.float64]
Written = tuple[str, bytes, dict[str, Any]]
"""A file's name, its bytes, and the options that it is read with."""

WRITERS: list[Callable[[Table], Written]] = []


def writer(function: Callable[[Table], Written]) -> Callable[[Table], Written]:
    """Run the property with the file that a function writes."""
    WRITERS.append(function)
    return function


def named(values: Table) -> pd.DataFrame:
    """Return a data frame with names."""
    return pd.DataFrame(values, columns=[f"c{j}" for j in range(values.shape[1])])


def frames(values: Table) -> dict[str, pd.DataFrame]:
    """Return data frames as people have them: with and without names, with and without an index."""
    labelled = named(values)
    labelled.index = pd.Index([f"row {i}" for i in range(len(values))])
    return {"named": named(values), "unnamed": pd.DataFrame(values), "indexed": labelled}


def lists(values: Table) -> pd.DataFrame:
    """Return a data frame with a column of lists."""
    return pd.DataFrame({"id": range(len(values)), "logits": values.tolist()})


def with_text(write: Callable[[Any], Any]) -> bytes:
    """Return what is written to a stream of text."""
    stream = io.StringIO()
    write(stream)
    return stream.getvalue().encode()


for kind in ("named", "unnamed", "indexed"):
    for index in (True, False):
        for how in ({}, {"sep": "\t"}, {"sep": ";", "decimal": ","}):

            @writer
            def pandas_csv(values: Table, kind: str = kind, index: bool = index, how: Any = how) -> Written:
                """Write delimited text."""
                options = {key: how[key] for key in ("decimal",) if key in how}
                return "x.csv", frames(values)[kind].to_csv(index=index, **how).encode(), options

    for orient in ("columns", "split", "records", "values", "table", *["index"] * (kind == "named")):

        @writer
        def pandas_json(values: Table, kind: str = kind, orient: Any = orient) -> Written:
            """Write a JSON document of one orient, which holds 15 digits at most."""
            text = frames(values)[kind].to_json(orient=orient, double_precision=15)
            assert text is not None
            return "x.json", text.encode(), {}

    for name in ("x.parquet", "x.feather"):

        @writer
        def pandas_binary(values: Table, kind: str = kind, name: str = name) -> Written:
            """Write Parquet with the index, and Feather, which has none."""
            frame = frames(values)[kind].rename(columns=str)
            if name == "x.parquet":
                return name, streamed(frame.to_parquet), {}
            return name, streamed(frame.reset_index(drop=True).to_feather), {}


@writer
def pandas_lines(values: Table) -> Written:
    """Write JSON lines."""
    return "x.jsonl", named(values).to_json(orient="records", lines=True, double_precision=15).encode(), {}


for name in ("x.csv", "x.parquet", "x.jsonl", "x.json"):

    @writer
    def pandas_lists(values: Table, name: str = name) -> Written:
        """Write a column of lists."""
        frame = lists(values)
        if name == "x.csv":
            return name, frame.to_csv(index=False).encode(), {"columns": "logits"}
        if name == "x.parquet":
            return name, streamed(frame.to_parquet), {}
        text = frame.to_json(orient="records", lines=name == "x.jsonl", double_precision=15)
        return name, text.encode(), {}


@writer
def cells_of_arrays(values: Table) -> Written:
    """Write a column of arrays as their text, with every digit."""
    with np.printoptions(floatmode="unique", precision=17):
        frame = pd.DataFrame({"logits": [str(row) for row in values]})
    return "x.csv", frame.to_csv().encode(), {"columns": "logits"}


for name, method in (
    ("x.csv", "write_csv"),
    ("x.json", "write_json"),
    ("x.ndjson", "write_ndjson"),
    ("x.parquet", "write_parquet"),
    ("x.arrow", "write_ipc"),
    ("x.arrows", "write_ipc_stream"),
):

    @writer
    def polars(values: Table, name: str = name, method: str = method) -> Written:
        """Write a table."""
        frame = pl.DataFrame({f"c{j}": values[:, j] for j in range(values.shape[1])})
        return name, streamed(getattr(frame, method)), {}

    if name != "x.csv":
        for shape in ("list", "array"):

            @writer
            def polars_lists(
                values: Table, name: str = name, method: str = method, shape: str = shape
            ) -> Written:
                """Write a column of lists, or of arrays of one size."""
                dtype: Any = pl.List(pl.Float64) if shape == "list" else pl.Array(pl.Float64, values.shape[1])
                column = pl.Series("logits", values.tolist(), dtype=dtype)
                return name, streamed(getattr(pl.DataFrame([column]), method)), {}


def arrow_table(values: Table, shape: str) -> Any:
    """Return an Arrow table of columns, or of one column of lists."""
    k = values.shape[1]
    if shape == "columns":
        return pa.table({f"c{j}": values[:, j] for j in range(k)})
    kinds = {"list": pa.list_(pa.float64()), "large": pa.large_list(pa.float64())}
    kind = kinds.get(shape, pa.list_(pa.float64(), k))
    return pa.table({"id": range(len(values)), "logits": pa.array(values.tolist(), kind)})


for shape in ("columns", "list", "large", "fixed"):
    for name in ("x.parquet", "x.feather", "x.arrows"):

        @writer
        def pyarrow(values: Table, shape: str = shape, name: str = name) -> Written:
            """Write Parquet, Feather and streams."""
            table = arrow_table(values, shape)
            if name == "x.parquet":
                return name, streamed(lambda stream: pa.parquet.write_table(table, stream)), {}
            if name == "x.feather":
                return name, streamed(lambda stream: pa.feather.write_feather(table, stream)), {}

            def write(stream: Any) -> None:
                with pa.ipc.new_stream(stream, table.schema) as sink:
                    sink.write_table(table)

            return name, streamed(write), {}


@writer
def pyarrow_csv(values: Table) -> Written:
    """Write delimited text with quoted names."""
    return "x.csv", streamed(lambda stream: pa.csv.write_csv(arrow_table(values, "columns"), stream)), {}


for order in "CF":
    for dtype in ("<f8", ">f8"):

        @writer
        def numpy_save(values: Table, order: Any = order, dtype: str = dtype) -> Written:
            """Save an array in one order or the other, of one byte order or the other."""
            array = np.asarray(values, dtype, order=order)
            return "x.npy", npy(array), {}


@writer
def numpy_records(values: Table) -> Written:
    """Save an array of records."""
    fields = [(f"c{j}", "f8") for j in range(values.shape[1])]
    array = np.array([tuple(row) for row in values.tolist()], fields)
    return "x.npy", npy(array), {}


for save in (np.savez, np.savez_compressed):

    @writer
    def numpy_archive(values: Table, save: Any = save) -> Written:
        """Save an archive of one array, or of logits and labels."""
        if save is np.savez:
            return "x.npz", streamed(lambda stream: save(stream, values)), {}
        return (
            "x.npz",
            streamed(lambda stream: save(stream, logits=values, labels=np.arange(len(values)))),
            {},
        )


for how in ({}, {"delimiter": ","}, {"delimiter": ",", "header": "a,b"}, {"fmt": "%.17g"}):

    @writer
    def numpy_text(values: Table, how: Any = how) -> Written:
        """Save text; a header is a comment."""
        return "x.txt", streamed(lambda stream: np.savetxt(stream, values, **how)), {}


for layout in ("rows", "records", "columns", "key", "lines", "objects", "indented"):

    @writer
    def json_module(values: Table, layout: str = layout) -> Written:
        """Dump JSON in one of its layouts."""
        rows = values.tolist()
        records = [{f"c{j}": cell for j, cell in enumerate(row)} for row in rows]
        columns = {f"c{j}": values[:, j].tolist() for j in range(values.shape[1])}
        documents = {
            "rows": rows,
            "records": records,
            "columns": columns,
            "key": {"logits": rows, "labels": list(range(len(rows)))},
        }
        if layout in documents:
            return "x.json", json.dumps(documents[layout]).encode(), {}
        if layout == "indented":
            return "x.json", json.dumps(records, indent=2).encode(), {}
        lines: list[Any] = rows
        if layout == "objects":
            lines = [{"id": i, "logits": row} for i, row in enumerate(rows)]
        return "x.json", "".join(json.dumps(line) + "\n" for line in lines).encode(), {}


# Fractions of 15 digits at most: what every one of these formats can hold.
FRACTIONS = st.integers(-(10**9), 10**9).map(lambda n: (2 * n + 1) / 2**10)
TABLES = hnp.arrays(np.float64, st.tuples(st.integers(2, 4), st.integers(2, 4)), elements=FRACTIONS)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@settings(max_examples=5, deadline=None)
@example(values=np.array([[1.43, -0.4, 0.23], [0.5, 2.0, -1.25]]))
@given(values=TABLES)
def test_tables_come_back(write: Callable[[Table], Written], values: Table) -> None:
    """Whichever library wrote the table, its numbers are the same bits."""
    name, data, options = write(values)
    assert Reader().all(data, name, **options).values.astype(np.float64).tobytes() == values.tobytes()
