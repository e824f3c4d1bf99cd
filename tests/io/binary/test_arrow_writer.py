"""Parquet and Arrow: types, nulls, blocks, and files that are broken."""

from __future__ import annotations

import datetime
import decimal
import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from softmax_cli.errors import InputError, ReadWriteError
from softmax_cli.io.binary.arrow_reader import _watched
from softmax_cli.io.read import ReadOptions, read
from softmax_cli.io.streams.source import Source, open_source
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import PerClass
from softmax_cli.io.write import open_output, write
from tests.program import shell

WORDS = pa.array(["a", None, "c,d"], pa.large_string())
DAYS = pa.array([datetime.date(2000, 1, 1), None, datetime.date(2026, 11, 22)])


def save(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    """Write a table in the format of the path's ending."""
    table = pa.table(columns)
    if path.suffix == ".parquet":
        pq.write_table(table, path, **options)
    else:
        with pa.OSFile(str(path), "wb") as stream, pa.ipc.new_file(stream, table.schema) as writer:
            writer.write_table(table, **options)
    return path


def batches(path: Path, **options: Any) -> list[Batch]:
    """Read a file."""
    return list(read([str(path)], ReadOptions(**options), note=print))


@pytest.fixture(params=["x.parquet", "x.arrow", "x.feather"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give the path of a file in each format."""
    return tmp_path / str(request.param)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (pa.float64(), np.float64),
        (pa.float32(), np.float32),
        (pa.float16(), np.float32),
        (pa.int8(), np.float64),
        (pa.uint64(), np.float64),
    ],
)
def test_types_of_numbers(path: Path, kind: Any, expected: type) -> None:
    """Singles stay singles, halves become singles, whole numbers doubles."""
    columns = {name: pa.array([np.float16(1), np.float16(2)]).cast(kind) for name in "ab"}
    [batch] = batches(save(path, columns))
    assert batch.values.dtype == expected
    assert batch.values.tolist() == [[1, 1], [2, 2]]
    assert batch.classes == ("a", "b")


def test_kept_columns_keep_their_types(path: Path, tmp_path: Path) -> None:
    """From a typed file to a typed file the kept columns pass as they are, nulls too."""
    save(path, {"word": WORDS, "day": DAYS, "a": [1.0, 2.0, 3.0], "b": [1.0, 2.0, 3.0]})
    for ending in ("parquet", "arrow"):
        ended = shell(f"softmax probs {path} -c a,b -o out.{ending}", cwd=tmp_path)
        assert ended.stderr == ""
    for table in (
        pq.read_table(tmp_path / "out.parquet"),
        pa.ipc.open_file(tmp_path / "out.arrow").read_all(),
    ):
        assert table.column("word").combine_chunks().equals(WORDS)
        assert table.column("day").combine_chunks().equals(DAYS)
        assert table.column("a").to_pylist() == [0.5, 0.5, 0.5]


@pytest.mark.parametrize("output", ["o.arrow", "o.parquet", "o.csv"])
def test_kept_columns_that_polars_writes(output: str, tmp_path: Path) -> None:
    """Text as polars stores it, and its categories, pass through every table."""
    words = pl.Series("word", ["a", None, "b"])
    frame = pl.DataFrame(
        {"word": words, "kind": words.cast(pl.Categorical), "a": [1.0, 2.0, 3.0], "b": [1.0, 2.0, 3.0]}
    )
    frame.write_ipc(tmp_path / "k.arrow")
    for words_of in ("probs k.arrow -c a,b", "probs k.arrow -c a,b --top 1", "jacobian k.arrow -c a,b"):
        assert shell(f"softmax {words_of} -o {output}", cwd=tmp_path).stderr == ""
        read_back = {"o.arrow": pl.read_ipc, "o.parquet": pl.read_parquet, "o.csv": pl.read_csv}[output]
        table = read_back(tmp_path / output)
        assert table["word"].unique(maintain_order=True).to_list() == ["a", None, "b"]
        assert table["kind"].cast(pl.String).to_list() == table["word"].to_list()


@pytest.mark.parametrize("rows", [3, 60_000])
def test_kept_singles(path: Path, rows: int, tmp_path: Path) -> None:
    """The light and the fast writer both write a kept single with the digits of a single."""
    cells = pa.array([0.1, 2e-8, None] * (rows // 3), pa.float32())
    save(path, {"w": cells, "a": [1.0] * rows, "b": [1.0] * rows})
    ended = shell(f"softmax probs {path} -c a,b | tail -3", cwd=tmp_path)
    assert ended.stdout.splitlines() == ["0.1,0.5,0.5", "2e-8,0.5,0.5", ",0.5,0.5"]


def test_an_ending_that_is_wrong(tmp_path: Path) -> None:
    """A file that is not what its ending says is refused with a hint."""
    save(tmp_path / "x.parquet", {"a": [1.0], "b": [2.0]}).rename(tmp_path / "x.csv")
    ended = shell("softmax probs x.csv", cwd=tmp_path)
    assert ended.stderr == (
        "softmax: x.csv: this is parquet, whatever its ending says\nhint: --input-format parquet\n"
    )
    assert shell("softmax probs x.csv --input-format parquet", cwd=tmp_path).code == 0


def test_kept_columns_as_text(path: Path, tmp_path: Path) -> None:
    """In text, a date is written in ISO 8601, and a null as an empty cell."""
    save(path, {"word": WORDS, "day": DAYS, "a": [1.0, 1.0, 1.0], "b": [1.0, 1.0, 1.0]})
    ended = shell(
        f"softmax probs {path} -c a,b | tail -2; softmax probs {path} -c 3-4 -f jsonl", cwd=tmp_path
    )
    lines = ended.stdout.splitlines()
    assert lines[:2] == [",,0.5,0.5", '"c,d",2026-11-22,0.5,0.5']
    assert lines[2] == '{"word":"a","day":"2000-01-01","a":0.5,"b":0.5}'
    assert lines[3] == '{"word":null,"day":null,"a":0.5,"b":0.5}'


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"a": [1.0, None], "b": [1.0, 2.0]}, "{}: row 2: column 1 (a): null is not a number"),
        ({"a": [1.0, 2.0], "b": ["x", "y"]}, "{}: column 2 (b) holds text, not numbers"),
        ({"a": [1.0, 2.0], "b": [True, False]}, "{}: column 2 (b) holds true and false, not numbers"),
        (
            {"a": [1.0, float("nan")]},
            "{}: row 2: column 1 (a): nan is not a number",
        ),
        ({"a": pa.array([], pa.float64())}, "{}: no rows"),
    ],
)
def test_errors(path: Path, columns: dict[str, Any], sentence: str) -> None:
    """A null, a text or a nan among the logits is named by row and column."""
    with pytest.raises(InputError) as caught:
        batches(save(path, columns))
    assert str(caught.value) == sentence.format(path)


def test_rows_before_a_bad_one(tmp_path: Path) -> None:
    """The rows before a null are yielded, and its row is exact after the first block."""
    values = np.ones(400_000)
    column = pa.array(values, mask=np.arange(len(values)) == 399_998)
    path = save(tmp_path / "x.parquet", {"a": column, "b": values})
    rows = 0
    with pytest.raises(InputError, match=r"row 399999: column 1 \(a\)"):  # noqa: PT012  the rows before count
        for batch in read([str(path)], ReadOptions(), note=print):
            assert batch.first_row == rows + 1
            rows += len(batch)
    assert rows == 399_998


@pytest.mark.parametrize(
    "damage", [lambda data: data[:50], lambda data: data[:-20], lambda data: data[:8] * 9]
)
def test_broken_files(path: Path, damage: Any) -> None:
    """A file that is cut or overwritten is refused in one line."""
    save(path, {"a": [1.0, 2.0] * 100})
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match="broken"):
        batches(path)


def test_a_pipe(path: Path, tmp_path: Path) -> None:
    """The format of a pipe is found by its first bytes, that of an Arrow stream by --input-format."""
    save(path, {"a": [1.0, 2.0], "b": [1.0, 2.0]})
    ended = shell(f"cat {path} | softmax probs -f arrow | softmax probs", cwd=tmp_path)
    assert (ended.stdout, ended.stderr) == ("a,b\n0.5,0.5\n0.5,0.5\n", "")
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, pa.schema([("a", pa.float32())])) as writer:
        writer.write_batch(pa.record_batch({"a": pa.array([1.0], pa.float32())}))
    ended = shell("softmax probs --input-format arrow", stdin=stream.getvalue())
    assert ended.stdout == "a\n1.0\n"


def results(*kept: list[object]) -> list[PerClass]:
    """Give one result for each kept column."""
    ones = np.ones((1, 1))
    return [PerClass(Batch(ones, ("a",), kept={"k": cells}), "softmax", 1.0, "p", ones) for cells in kept]


def test_kept_cells_of_one_type(tmp_path: Path) -> None:
    """Kept cells of JSON have the type of the first rows; another one is an error, not a wrong column."""
    for good in ([1], ["x"]), ([1.5],), ([[1, 2]],):
        with open_output(str(tmp_path / "x.parquet"), binary_format=True) as sink:
            write(results(*map(list, good[:1])), "parquet", sink)
    with (
        pytest.raises(InputError, match="kept column k are not all of one type"),
        open_output(str(tmp_path / "y.parquet"), binary_format=True) as sink,
    ):
        write(results([1], ["x"]), "parquet", sink)
    assert not (tmp_path / "y.parquet").exists()


@pytest.mark.parametrize("name", ["x.parquet", "x.arrow", "\udcff.parquet"])
def test_how_far_a_file_is_read(tmp_path: Path, name: str) -> None:
    """The source knows how much of a file has been read, for the progress bar; the name is any."""
    path = tmp_path / name
    save(tmp_path / f"x{path.suffix}", {name: np.zeros(300_000) for name in "ab"}).rename(path)
    taken: list[float] = []
    opened: list[Source] = []
    for batch in read([str(path)], ReadOptions(), note=print, opened=opened.append):
        assert opened[0].size
        taken.append(opened[0].taken / opened[0].size)
        assert len(batch) < 300_000
    assert len(taken) > 2
    assert taken == sorted(taken)
    assert taken[-1] == 1.0


@pytest.mark.parametrize("damage", [struct.pack("<i", 1 << 30), struct.pack("<i", -5)])
def test_a_damaged_text_column(tmp_path: Path, damage: bytes) -> None:
    """A text whose offset lies outside its file is an error, not a crash."""
    path = save(tmp_path / "x.arrow", {"id": ["a"] * 50, "a": [1.0] * 50, "b": [2.0] * 50})
    offsets = struct.pack("<51i", *range(51))
    data = path.read_bytes()
    assert data.count(offsets) == 1
    path.write_bytes(data.replace(offsets, offsets[:80] + damage + offsets[84:]))
    ended = shell("softmax probs x.arrow -c a,b", cwd=tmp_path)
    assert ended.code == 2
    assert ended.stderr.startswith("softmax: x.arrow: no Arrow file, or a broken one")


def test_text_that_is_not_utf8(path: Path) -> None:
    """A kept text that is no UTF-8 is an error."""
    words = pa.array([b"a", b"\xb9"]).view(pa.string())
    save(path, {"id": words, "a": [1.0, 2.0], "b": [1.0, 2.0]})
    with pytest.raises(InputError, match="or a broken one"):
        batches(path, columns="a,b")


def test_decimals_are_read_to_the_nearest_double(path: Path) -> None:
    """Decimal columns give the doubles that their digits stand for."""
    cells = [decimal.Decimal(i).scaleb(-4) for i in range(19_900, 20_100)]
    save(path, {"a": pa.array(cells, pa.decimal128(7, 4)), "b": [0.5] * len(cells)})
    [batch] = batches(path)
    assert batch.values[:, 0].tolist() == [float(str(cell)) for cell in cells]


def test_rows_that_lack(path: Path) -> None:
    """Fewer rows than a file promises are an error: it was cut while it was read."""
    block = pa.record_batch({"a": [1.0, 2.0]})
    with open_source(str(save(path, {"a": [1.0]}))) as source:
        with pytest.raises(ReadWriteError, match="became shorter"):
            list(_watched([block, block], 5, source))
        assert list(_watched([block, block], 4, source)) == [block, block]


def test_dates_beyond_those_of_python(path: Path, tmp_path: Path) -> None:
    """A kept date that Python has no value for is written all the same."""
    save(path, {"day": pa.array([3_000_000], pa.date32()), "a": [0.0], "b": [0.0]})
    ended = shell(f"softmax probs {path} -c a,b", cwd=tmp_path)
    assert (ended.stdout, ended.stderr) == ("day,a,b\n10183-09-21,0.5,0.5\n", "")


def test_a_kept_column_that_polars_does_not_know(tmp_path: Path) -> None:
    """A type that the fast writer cannot take is written by the light one."""
    rows = 70_000
    lists = pa.array([[1], [2, 3]] * (rows // 2), pa.list_view(pa.int64()))
    path = save(tmp_path / "x.arrow", {"x": lists, "a": np.zeros(rows), "b": np.zeros(rows)})
    ended = shell(f"softmax probs {path} -c a,b -f jsonl", cwd=tmp_path)
    assert ended.stderr == ""
    assert ended.stdout == '{"x":[1],"a":0.5,"b":0.5}\n{"x":[2,3],"a":0.5,"b":0.5}\n' * (rows // 2)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_what_arrow_cannot_repeat(tmp_path: Path, ending: str) -> None:
    """A kept column that Arrow has no way to repeat for each line is refused in one line."""
    lists = pa.ListArray.from_arrays([0, 1, 2], pa.array(["a", "b"], pa.string_view()))
    path = save(tmp_path / "x.arrow", {"x": lists, "a": [0.0, 1.0], "b": [0.0, 1.0]})
    ended = shell(f"softmax probs {path} -c a,b --top 1 -o out.{ending}", cwd=tmp_path)
    assert ended.code == 2
    assert ended.stderr.startswith("softmax: this format cannot hold a kept column: ")
    assert ended.stderr.count("\n") == 2
    assert not (tmp_path / f"out.{ending}").exists()


def test_arrows_is_a_stream(tmp_path: Path) -> None:
    """A file that ends in .arrows is written as an Arrow stream, as its ending says."""
    assert shell("softmax probs a=1 b=1 -o x.arrows", cwd=tmp_path).code == 0
    assert pa.ipc.open_stream((tmp_path / "x.arrows").read_bytes()).read_all().to_pylist() == [
        {"a": 0.5, "b": 0.5}
    ]
