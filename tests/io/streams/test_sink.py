"""The file that a library may write to itself, and how its failures are reported."""

import os
from pathlib import Path

import pytest

from softmax_cli.errors import ReadWriteError
from softmax_cli.io.streams.compression import compressed
from softmax_cli.io.streams.output import open_output
from softmax_cli.io.streams.sink import Sink
from tests.io.reading import MemorySink


def test_the_open_file(tmp_path: Path) -> None:
    """A library gets the open file itself: what it writes comes after what the sink has written."""
    with open_output(str(tmp_path / "p.csv"), binary_format=False) as sink:
        sink.write(b"first ")
        file = sink.file()
        assert file is not None
        file.write(b"second ")
        file.close()
        sink.write(b"third")
    assert (tmp_path / "p.csv").read_bytes() == b"first second third"


def test_no_open_file() -> None:
    """A library gets no file for memory, for compressed text, or for a pipe that does not block."""
    reads, writes = os.pipe()
    sink = Sink("pipe", writes)
    assert MemorySink().file() is None
    for ending in (".gz", ".zst"):
        with compressed(sink, ending) as packed:
            assert packed.file() is None
    os.set_blocking(writes, False)
    assert sink.file() is None
    os.close(reads)
    os.close(writes)


def test_failures_of_a_library() -> None:
    """An error that a Rust library only gives as text becomes the sink's own error."""
    for error, expected, what in (
        (OSError("No space left on device (os error 28)"), ReadWriteError, "no space left on the device"),
        (OSError("Broken pipe (os error 32)"), BrokenPipeError, "Broken pipe"),
        (OSError(5, "Input/output error"), ReadWriteError, "input/output error"),
        (ValueError("mine"), ValueError, "mine"),
    ):
        with pytest.raises(expected, match=what), Sink("p.csv", 1).failures():
            raise error
