"""Tables of features: rows with a missing value are left out in every format, with a note."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from softmax_cli.errors import InputError
from softmax_cli.io.features import read_table
from softmax_cli.io.options import ReadOptions

OPTIONS = ReadOptions(features=True, target_column="y")
CSV = "a,b,y\n1,2,u\n,3,v\n3,n/a,u\n4,1,v\n5,5,\n"
JSON = '{"a": 1, "b": 2, "y": "u"}\n{"b": 3, "y": "v"}\n{"a": 3, "b": null, "y": "u"}\n'
JSON = JSON.replace('{"b"', '{"a": null, "b"', 1) + '{"a": 4, "b": 1, "y": "v"}\n{"a": 5, "b": 5}\n'


def saved(folder: Path, ending: str) -> str:
    """Write a table of five rows, three of which lack a value, and return its name."""
    path = folder / f"table.{ending}"
    if ending == "parquet":
        rows = {"a": [1.0, None, 3.0, 4.0, 5.0], "b": [2, 3, None, 1, 5], "y": ["u", "v", "u", "v", None]}
        pq.write_table(pa.table(rows), path)
    else:
        path.write_text({"csv": CSV, "jsonl": JSON}[ending])
    return str(path)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_rows_that_lack_a_value_are_left_out(ending: str, tmp_path: Path) -> None:
    """Two of the five rows are whole; the others are counted, and the first of them is named."""
    notes: list[str] = []
    table = read_table(saved(tmp_path, ending), OPTIONS, note=notes.append)
    np.testing.assert_array_equal(table.values, [[1, 2], [4, 1]])
    assert [table.classes[label] for label in table.labels] == ["u", "v"]
    [note] = notes
    assert note.startswith("3 rows are left out")
    assert note.endswith("column 1 (a))")
    assert ("table.csv:3" in note) if ending == "csv" else ("2" in note)


def test_a_missing_class_far_down_a_large_file_is_told_of(tmp_path: Path) -> None:
    """A missing class is also noticed in the blocks of the fast reader."""
    rows = [f"{i}.25,{i % 7}.5,{'uv'[i % 2]}" for i in range(150_000)]
    rows[140_000] = "1.25,2.5,"
    path = tmp_path / "large.csv"
    path.write_text("\n".join(["a,b,y", *rows]))
    notes: list[str] = []
    assert len(read_table(str(path), OPTIONS, note=notes.append)) == 149_999
    assert "large.csv:140002: column 3 (y)" in notes[0]


def test_a_number_that_is_none_is_refused(tmp_path: Path) -> None:
    """NaN in a Parquet file is refused: it is not a missing value."""
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"a": [1.0, float("nan")], "y": ["u", "v"]}), path)
    with pytest.raises(InputError, match="nan is not a number"):
        read_table(str(path), OPTIONS, note=lambda _: None)
