"""numpy's .npy, in and out."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest

from softmax_cli.errors import InputError
from softmax_cli.io.read import ReadOptions, read_source
from softmax_cli.io.streams.output import open_output
from softmax_cli.io.streams.source import Source
from softmax_cli.io.table.results.result import Matrices, PerClass
from softmax_cli.io.write import write
from tests.io.reading import Reader, npy


class Pipe(io.BytesIO):
    """A stream that cannot seek, and gives few bytes at a time."""

    def seekable(self) -> bool:
        """Return False."""
        return False

    def read1(self, size: int | None = -1, /) -> bytes:
        """Return at most 1,000 bytes."""
        return super().read1(min(size or 1000, 1000))


def piped(data: bytes) -> np.ndarray[Any, Any]:
    """Return the values of a .npy file on standard input."""
    stream: IO[bytes] = Pipe(data)
    return np.concatenate(
        [b.values for b in read_source(Source("<stdin>", stream), ReadOptions(), note=print)]
    )


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", ">f4", "<f2", "i1", ">i4", "u8", "<i8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_types_and_orders(reader: Reader, dtype: str, order: Any) -> None:
    """Real numbers of every type, byte order and memory order are read; singles stay singles."""
    array = (np.arange(600_000) % 100).reshape(-1, 3).astype(dtype, order=order)
    expected = array.astype(np.float32 if dtype[1:] in ("f4", "f2") else np.float64)
    batch = reader.all(npy(array), "in.npy")
    assert batch.values.dtype == expected.dtype
    assert np.array_equal(batch.values, expected)
    assert np.array_equal(piped(npy(array)), expected)


def test_vector(reader: Reader) -> None:
    """An array of one dimension is one vector."""
    assert reader.rows(npy(np.array([1.0, 2.0])), "in.npy") == [[1, 2]]
    assert reader.all(npy(np.array([1.0, 2.0])), "in.npy", classes="a,b").classes == ("a", "b")
    line = reader.all(npy(np.array([7.0, 2.0])), "in.npy", long="1,2")
    assert (line.classes, line.values.tolist()) == (("7.0",), [[2]]), "one line of a long table"


def test_columns(reader: Reader) -> None:
    """-c picks columns by number, and the others are kept as numbers."""
    batch = reader.all(npy(np.array([[7, 1, 2], [8, 3, 4]])), "in.npy", columns="2-3")
    assert (batch.values.tolist(), batch.kept) == ([[1, 2], [3, 4]], {"column_1": [7, 8]})


@pytest.mark.parametrize(
    ("array", "csv", "json"),
    [
        (np.array([[9007199254740993, 1, 2]]), b"9007199254740993", b"9007199254740993"),
        (np.array([[2**64 - 1, 1, 2]], np.uint64), b"18446744073709551615", b"18446744073709551615"),
        (np.array([[0.1, 1, 2]], np.float32), b"0.1", b"0.1"),
        (np.array([[1e-7, 1, 2]], ">f4"), b"1e-7", b"1e-7"),
        (np.array([[np.nan, 1, 2]], np.float32), b"nan", b'"nan"'),
        (np.array([[0.1, 1, 2]]), b"0.1", b"0.1"),
    ],
)
@pytest.mark.parametrize("order", ["C", "F"])
def test_kept_unchanged(
    reader: Reader, written: Callable[..., bytes], array: Any, csv: bytes, json: bytes, order: Any
) -> None:
    """Kept integers keep every digit, and singles are written as singles."""
    batch = reader.all(npy(np.asarray(array.repeat(2, axis=0), order=order)), "in.npy", columns="2-3")
    result = PerClass(batch, "softmax", 1.0, "probabilities", batch.values)
    assert written(result, "csv").splitlines()[1] == csv + b",1.0,2.0"
    assert written(result, "jsonl").startswith(b'{"column_1":' + json + b",")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (npy(np.zeros((2, 3, 4))), "an array of shape (2, 3, 4): one vector (k,) or rows (n, k) are read"),
        (npy(np.float64(1)), "an array of shape (): one vector (k,) or rows (n, k) are read"),
        (
            npy(np.array([1, None]), allow_pickle=True),
            "the array holds pickled Python objects, which are never loaded",
        ),
        (npy(np.zeros((2, 2), complex)), "the array holds complex128, not real numbers of at most 8 bytes"),
        (npy(np.zeros((2, 2), bool)), "the array holds bool, not real numbers of at most 8 bytes"),
        (npy(np.array([["a", "b"]])), "the array holds <U1, not real numbers of at most 8 bytes"),
        (npy(np.zeros((0, 3))), "no rows: the array is empty"),
        (npy(np.zeros((3, 0))), "no logits: rows of no columns"),
        (npy(np.zeros((3, 2)))[:-1], "the file ends after row 2 of 3"),
        (npy(np.zeros((3, 2), order="F"))[:-1], "the file ends before its array does"),
        (npy(np.zeros((3, 2)))[:100], "the header is broken"),
        (npy(np.zeros((3, 2)))[:9], "the header is broken"),
        (npy(np.zeros((3, 2)))[:7], "the header is broken"),
        (npy(np.zeros((3, 2))) + b"x", "more bytes follow the array of shape (3, 2)"),
        (b"\x93NUMPY\x04\x00" + npy(np.zeros(3))[8:], "version 4.0 of .npy is not read"),
        (npy(np.zeros((3, 2))).replace(b"(3, 2)", b"(3,-2)"), "the header is broken: shape (3, -2)"),
        (npy(np.zeros((3, 2))).replace(b"'<f8'", b"'xxx'"), "the header is broken"),
        (b"1,2\n", "not a .npy file"),
        (b"", "no rows: the input is empty"),
        (
            npy(np.array([[1, 2], [np.nan, 1]])),
            "row 2: column 1: nan is not a number",
        ),
        (npy(np.array([np.inf, np.inf])), "column 1 and column 2: at most one logit of a row can be +inf"),
    ],
)
def test_bad_files(reader: Reader, data: bytes, sentence: str) -> None:
    """Each kind of bad file has one line."""
    assert reader.error(data, "in.npy").partition("\n")[0] == f"in.npy: {sentence}"


def test_text_that_is_not_unicode(reader: Reader) -> None:
    """A damaged text of a kept field is one line, which names the field."""
    records = np.array([("x", 1.0, 2.0)], [("id", "<U1"), ("a", "<f8"), ("b", "<f8")])
    data = npy(records).replace(b"x\0\0\0", b"\xff" * 4)
    said = reader.error(data, "in.npy", columns="a,b")
    assert said.partition("\n")[0] == "in.npy: column 1 (id): text that is not Unicode: the file is damaged"


def test_a_broken_header_in_an_archive(reader: Reader) -> None:
    """A header that is no literal is one line, which names the array, whatever numpy raises for it."""
    header = npy(np.zeros((3, 2))).replace(b"(3, 2)", b"(3, 2 ")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("logits.npy", header)
        members.writestr("label.npy", npy(np.arange(3)))
    assert reader.error(archive.getvalue(), "in.npz") == "in.npz: logits.npy: the header is broken"


def test_rows_before_the_cut(reader: Reader) -> None:
    """The complete rows of a truncated file come before the error."""
    assert "after row 99999 of 100000" in reader.error(npy(np.zeros((100_000, 3)))[:-24], "in.npy")
    assert sum(map(len, reader.before)) == 99_999


def results(make: Callable[..., PerClass]) -> Iterator[PerClass]:
    """Yield two results of 2 and 1 rows."""
    yield make([[1, 2], [3, 4]])
    yield make([[5, 6]])


def test_written(per_class: Callable[..., PerClass], written: Callable[..., bytes], tmp_path: Path) -> None:
    """Results are one bare array, the same to a pipe and to a file."""
    data = written(results(per_class), "npy")
    assert np.load(io.BytesIO(data)).tolist() == [[1, 2], [3, 4], [5, 6]]
    path = tmp_path / "p.npy"
    with open_output(str(path), binary_format=True) as sink:
        write(results(per_class), "npy", sink)
    assert path.read_bytes() == data


def test_shapes(per_class: Callable[..., PerClass], written: Callable[..., bytes]) -> None:
    """Logits of the command line give an array of one dimension less; singles stay singles."""
    one = per_class([[1, 2]], from_arguments=True)
    assert np.load(io.BytesIO(written(one, "npy"))).shape == (2,)
    cube = np.zeros((1, 2, 2), np.float32)
    assert np.load(
        io.BytesIO(written(Matrices(one.batch, "softmax", 1.0, "jacobian", cube), "npy"))
    ).shape == (2, 2)
    many = per_class([[1, 2]])
    array = np.load(io.BytesIO(written(Matrices(many.batch, "softmax", 1.0, "jacobian", cube), "npy")))
    assert (array.shape, array.dtype) == ((1, 2, 2), np.float32)
    assert np.load(io.BytesIO(written(per_class([[2 / 3, 1]]), "npy", precision=2))).tolist() == [[0.67, 1]]


def test_not_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are no text are not written to a terminal."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdout", Terminal())
    with (
        pytest.raises(InputError, match="a binary format is not written to a terminal"),
        open_output(None, binary_format=True),
    ):
        pass
