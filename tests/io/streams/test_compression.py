"""gzip and Zstandard, in and out."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from softmax_cli.errors import InputError
from softmax_cli.io.streams import compression
from softmax_cli.io.streams.output import open_output
from softmax_cli.io.streams.source import CHUNK, Source
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import PerClass
from softmax_cli.io.write import write
from tests.io.reading import MemorySink

PLAIN = b"1.5,2.5\n" * 200_000


def zstd(data: bytes) -> bytes:
    """Compress as Zstandard does."""
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


def plain(data: bytes) -> bytes:
    """Read compressed bytes."""
    return compression.decompressed(Source("x.gz", io.BytesIO(data))).read()


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_reading(pack: object) -> None:
    """The bytes come out as they went in, from one part or several; gzip may be padded with zeros."""
    assert callable(pack)
    assert plain(pack(PLAIN)) == PLAIN
    assert plain(pack(PLAIN) + pack(b"more")) == PLAIN + b"more"
    if pack is gzip.compress:
        assert plain(gzip.compress(PLAIN) + bytes(100)) == PLAIN
    else:
        assert plain(b"\x50\x2a\x4d\x18\x04\0\0\0size" + zstd(PLAIN)) == PLAIN, "a frame to skip, of pzstd"


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_broken(pack: object) -> None:
    """Data that is cut or overwritten is refused in one line."""
    assert callable(pack)
    data = pack(PLAIN)
    with pytest.raises(InputError, match=r"^x.gz: the \w+ data ends before its end"):
        plain(data[:-10])
    middle = len(data) // 2
    with pytest.raises(InputError, match=r"^x.gz: the \w+ data (is broken|ends before its end)"):
        plain(data[:middle] + bytes(40) + data[middle + 40 :])


def test_padding_between_members() -> None:
    """A member is read that comes after more padding than is read at a time."""
    for padding in (1, CHUNK, 3 * CHUNK):
        between = bytes(padding)
        assert plain(gzip.compress(b"1,2\n") + between + gzip.compress(b"3,4\n") + between) == b"1,2\n3,4\n"


def test_what_follows_gzip() -> None:
    """Other bytes after the last member have an error of their own."""
    with pytest.raises(InputError, match="something else follows the gzip data"):
        plain(gzip.compress(PLAIN) + b"more\n")


def test_without_isal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without isal, the standard library does its work."""
    monkeypatch.setattr(compression, "_fastest_zlib", lambda: zlib)
    assert plain(gzip.compress(PLAIN)) == PLAIN


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_writing(tmp_path: Path, ending: str) -> None:
    """The ending of the output decides its compression; a failure leaves no file."""
    path = tmp_path / f"x.csv{ending}"
    with open_output(str(path), binary_format=False) as sink:
        for start in range(0, len(PLAIN), 100_000):
            sink.write(PLAIN[start : start + 100_000])
    assert len(path.read_bytes()) < len(PLAIN) / 50
    assert plain(path.read_bytes()) == PLAIN
    path.unlink()
    with pytest.raises(ZeroDivisionError), open_output(str(path), binary_format=False) as sink:  # noqa: PT012
        sink.write(PLAIN)
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_large_output(ending: str, format: str, tmp_path: Path) -> None:
    """A table so large that a library formats it is compressed like any other."""
    table = Batch(np.linspace(0, 1, 3 << 17).reshape(-1, 3), ("a", "b", "c"))
    results = [PerClass(table, "softmax", 1.0, "probabilities", table.values)] * 2
    memory = MemorySink()
    write(results, format, memory)
    with open_output(str(tmp_path / f"p{ending}"), binary_format=False) as sink:
        write(results, format, sink)
    assert plain((tmp_path / f"p{ending}").read_bytes()) == memory.data
