"""Rows come as soon as their bytes do, and memory does not grow with the input."""

import io
import os
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from softmax_cli.errors import InputError, ReadWriteError
from softmax_cli.io.read import ReadOptions, read, read_source
from softmax_cli.io.streams.source import Source
from softmax_cli.io.text.blocks import TextReader

BLOCK = 1 << 13


class Endless(io.RawIOBase):
    """A stream that makes its bytes: `head`, then `line` again and again."""

    def __init__(self, head: bytes, line: bytes, size: int) -> None:
        self.head = head
        self.block = line * (1 + BLOCK // len(line))
        self.left = size

    def read1(self, size: int) -> bytes:
        """Return the next bytes."""
        if self.head:
            data, self.head = self.head, b""
            return data
        if self.left <= 0:
            return b""
        self.left -= len(self.block)
        return self.block


@pytest.mark.parametrize(
    ("name", "head", "line"),
    [
        ("x.csv", b"id,a,b,c\n", b"some text,0.1234567890123,-1.5,2.25\n"),
        ("x.csv", b'id,a,b,c\n"x",1,2,3\n', b'"some ""text""",0.1234567890123,-1.5,2.25\n'),
        ("x.jsonl", b"", b'{"id": "x", "a": 0.1234567890123, "b": -1.5, "c": 2.25}\n'),
    ],
)
def test_memory(name: str, head: bytes, line: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty blocks, five times as large as objects, are read with care in the memory of a few of them."""
    for module in ("text.reader", "json.lines_reader"):
        monkeypatch.setattr(f"softmax_cli.io.{module}.LARGE", 1 << 60)
        monkeypatch.setattr(f"softmax_cli.io.{module}.SAMPLE", BLOCK)
    for module in ("text.reader", "text.blocks", "json.lines_reader", "streams.source"):
        monkeypatch.setattr(f"softmax_cli.io.{module}.CHUNK", BLOCK)
    options = ReadOptions(columns="a,b,c")
    list(read_source(Source(name, io.BytesIO(head + line)), options, note=print))  # imports what it takes
    stream = Endless(head, line, 50 * BLOCK)
    tracemalloc.start()
    rows = 0
    for batch in read_source(Source(name, stream), options, note=print):
        rows += len(batch)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows > 6_500
    assert peak < 50 * BLOCK


def test_blocks_of_long_lines() -> None:
    """Lines longer than what a pipe gives at a time still come in blocks of the size that was asked for."""

    class InPieces(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            return super().read1(1 << 16)

    line = b"1," * 200_000 + b"1\n"
    text = TextReader(Source("x", InPieces(line * 60)))
    blocks = list(text.take_all(1 << 21))
    assert b"".join(blocks) == line * 60
    assert max(map(len, blocks)) <= (1 << 21) + len(line)


@pytest.fixture
def pipe() -> Iterator[tuple[io.FileIO, int]]:
    """Give a pipe: a stream to read, and a descriptor to write."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb", buffering=0) as stream:
        yield stream, write_end


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ([b"1,2.5\n", b"3,4\n"], False),
        ([b"a,b\n1,2\n", b"3,4\n"], True),
        ([b"[1, 2]\n", b"[3, 4]\n"], False),
        ([b'{"a": 1, "b": 2}\n', b'{"a": 3, "b": 4}\n'], True),
    ],
)
def test_rows_come_at_once(pipe: tuple[io.FileIO, int], lines: list[bytes], named: bool) -> None:
    """A row is yielded when its line has come, without waiting for the next."""
    stream, write_end = pipe
    batches = read_source(Source("<stdin>", stream), ReadOptions(), note=print)
    for line in lines:
        os.write(write_end, line)
        batch = next(batches)
        assert (len(batch), batch.named) == (1, named)
    os.close(write_end)
    assert list(batches) == []


def test_bytes_one_by_one() -> None:
    """Where the bytes are cut makes no difference."""

    class Slow(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            return super().read1(1)

    text = '\ufeffid,a,b\r\n"x\r\n""é""",1,2\r\n\r\ny,3,4\r\n'
    source = Source("x", Slow(text.encode()))
    batches = list(read_source(source, ReadOptions(columns="a,b"), note=print))
    assert np.concatenate([batch.values for batch in batches]).tolist() == [[1, 2], [3, 4]]
    assert [cell for batch in batches for cell in batch.kept["id"]] == ['x\r\n"é"', "y"]
    assert [batch.where(i) for batch in batches for i in range(len(batch))] == ["x:2", "x:5"]


def test_read_errors() -> None:
    """A read that fails is an error with the name, not a traceback."""

    class Broken(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(ReadWriteError) as caught:
        list(read_source(Source("x", Broken()), ReadOptions(), note=print))
    assert str(caught.value) == "x: input/output error"


@pytest.mark.parametrize("magic", [b"BZh91AY&SY", b"\xfd7zXZ\0"])
def test_first_bytes(magic: bytes) -> None:
    """Compressions that are not read are refused by their first bytes."""
    with pytest.raises(InputError, match="files are not read"):
        list(read_source(Source("<stdin>", io.BytesIO(magic)), ReadOptions(), note=print))


def test_unknown_input_format() -> None:
    """An unknown --input-format is one line."""
    with pytest.raises(InputError, match="--input-format: no format is called 'xls'"):
        list(read_source(Source("x", io.BytesIO(b"")), ReadOptions(input_format="xls"), note=print))


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    """No words and - are standard input; one that is closed is an error."""
    for words in ([], ["-"]):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"1,2\n")))
        [batch] = read(words, ReadOptions(), note=print)
        assert batch.where(0) == "<stdin>:1"
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(InputError, match="<stdin>: standard input is closed"):
        list(read([], ReadOptions(), note=print))
