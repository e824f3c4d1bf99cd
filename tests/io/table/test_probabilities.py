"""Probabilities in place of logits: noticed, and read as such when asked."""

import numpy as np
import pytest

from softmax_cli.errors import InputError
from softmax_cli.io.read import ReadOptions, read
from softmax_cli.io.table.probabilities import LooksLike, logarithms


def test_all_rows_must_look_like_it() -> None:
    """There is a note only if every row lies in [0, 1] and sums to 1 within 1e-6."""
    notes: list[str] = []
    look = LooksLike()
    look.see(np.array([[0.25, 0.7500001]]))
    look.tell(notes.append)
    assert len(notes) == 1
    look.see(np.array([[0.25, 0.8]]))
    look.tell(notes.append)
    assert len(notes) == 1


def test_logarithms() -> None:
    """The logits are the logarithms, and a probability of 0 masks its class."""
    [batch] = read(["0.25", "0.75", "0"], ReadOptions(), note=print)
    np.testing.assert_array_equal(logarithms(batch), [[np.log(0.25), np.log(0.75), -np.inf]])
    [batch] = read(["0.25", "0.8"], ReadOptions(), note=print)
    with pytest.raises(InputError, match=r"sum to 1.05, not to 1"):
        logarithms(batch)
