"""Arrays in a temporary file."""

from itertools import repeat

import numpy as np

from softmax_cli.io.streams.source import PieceStream, Source
from softmax_cli.io.streams.temporary import Spool, seekable


def test_groups_are_read_as_often_as_wanted() -> None:
    """Groups come back in order, with their types and gaps, each time they are read."""
    spool = Spool()
    spool.write([np.array([[1.0, 2.0]], np.float32), None])
    spool.write([np.array([3.0]), np.array([4])])
    for _ in range(2):
        (first, nothing), (second, third) = spool.read()
        assert first is not None
        assert first.dtype == np.float32
        assert nothing is None
        assert (second, third) == (np.array([3.0]), np.array([4]))
    spool.close()


def test_a_copy_of_some_bytes_leaves_the_others() -> None:
    """A copy holds as many bytes as are wanted, however they come, and the source goes on behind them."""
    source = Source("z", PieceStream(iter([b"abcd", b"efgh"])))
    with seekable(source, 5) as copy:
        assert copy.read() == b"abcde"
    assert b"".join(iter(source.read_some, b"")) == b"fgh"
    with seekable(Source("z", PieceStream(repeat(b"ab", 3)))) as copy:
        assert copy.read() == b"ababab"
