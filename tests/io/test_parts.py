"""Parts of large files by their rows, the same wherever the marks are."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from softmax_cli.errors import ReadWriteError
from softmax_cli.io import parts
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.parts import counted, cut, placed
from softmax_cli.io.read import read
from softmax_cli.io.table.batch import Batch

ROWS = 2_000


def batches(path: Path, options: ReadOptions) -> list[Batch]:
    """Read a file, or a part of it."""
    return list(read([str(path)], options, note=print))


@pytest.mark.parametrize("kind", ["plain", "bare", "commented", "marked", "parquet"])
@pytest.mark.parametrize("size", [1, 300, 1_999, 2_000])
def test_parts_of_so_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, size: int) -> None:
    """Each part holds its rows, with their numbers and places in the file."""
    for name, value in {"PART": 1 << 12, "MARK": 1 << 10, "CHUNK": 1 << 9}.items():
        monkeypatch.setattr(parts, name, value)
    z = np.random.default_rng(2).normal(size=(ROWS, 2))
    path = tmp_path / ("x.parquet" if kind == "parquet" else "x.csv")
    lines = [f"{a!r},{b!r}" for a, b in z.tolist()]
    if kind == "parquet":
        pl.DataFrame(z, schema=["a", "b"]).write_parquet(path, row_group_size=170)
        found = cut(str(path), size)
    else:
        head = {"bare": "", "commented": "# of\n\na,b\n", "marked": "\ufeffa,b\n"}.get(kind, "a,b\n")
        path.write_text(head + ("\n\n# so\n" if kind == "commented" else "\n").join(lines))
        cuts = cut(str(path))
        found = placed(cuts[0], [counted(str(path), one) for one in cuts], size)
    whole = batches(path, ReadOptions())
    places = [batch.where(i) for batch in whole for i in range(len(batch))]
    assert 0 <= len(found) - -(-ROWS // size) <= 1  # a header may be taken for a row
    some = range(len(found)) if size > 1 else [0, 1, 777, ROWS - 1]
    for i in some:
        part = batches(path, ReadOptions(part=found[i]))
        rows = [row for batch in part for row in batch.row_numbers]
        assert rows == list(range(i * size + 1, min(ROWS, (i + 1) * size) + 1))
        assert np.array_equal(
            np.concatenate([batch.values for batch in part] or [z[:0]]), z[i * size :][:size]
        )
        assert [batch.where(j) for batch in part for j in range(len(batch))] == places[i * size :][:size]


def test_rows_of_a_file_that_changes_meanwhile(tmp_path: Path) -> None:
    """A part of a Parquet file that is another one by now is not read."""
    path = tmp_path / "x.parquet"
    pl.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]}).write_parquet(path)
    [part] = cut(str(path))
    os.utime(path, (0, 0))
    with pytest.raises(ReadWriteError, match="it changed while it was read"):
        batches(path, ReadOptions(part=part))
