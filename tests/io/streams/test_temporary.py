"""Arrays in a temporary file."""

import numpy as np

from softmax_cli.io.streams.temporary import Spool


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
