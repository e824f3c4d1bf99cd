"""Keys from a terminal: one at a time, whatever came together, and whole, whatever came apart."""

import os

import pytest

from softmax_cli.render.layout.keyboard import Keys


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        (b"q", ["q"]),
        (b"\x1b[C\x1b[C+", ["\x1b[C", "\x1b[C", "+"]),
        (b"\x1b[<0;120;33M\x1b[<0;120;33m", ["\x1b[<0;120;33M", "\x1b[<0;120;33m"]),
        (b"\x1b[1;2C", ["\x1b[1;2C"]),
        (b"\x1bOA", ["\x1bOA"]),
        (b"\x1b", ["\x1b"]),
        ("é".encode(), ["é"]),
    ],
)
def test_keys_one_at_a_time(sent: bytes, keys: list[str]) -> None:
    """What comes in one piece is taken apart, the sequences of arrows and of the mouse staying whole."""
    reading, writing = os.pipe()
    source = Keys(reading)
    os.write(writing, sent)
    assert [source.next() for _ in keys] == keys
    assert source.next(0.0) is None
    os.close(writing)
    assert source.next() == ""
    os.close(reading)
