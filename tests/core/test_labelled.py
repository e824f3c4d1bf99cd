"""Rows with their labels and weights: some of them keep what is theirs."""

from typing import Any

import numpy as np
import pytest

from softmax_cli.core.labelled import Labelled

ROWS = Labelled(
    np.arange(12.0).reshape(6, 2), target=np.array([0, 1, 0, 1, 1, 0]), weights=np.arange(6.0), first_row=11
)
SOFT = Labelled(ROWS.z, soft=ROWS.z / 23, weights=ROWS.weights, first_row=11)


@pytest.mark.parametrize(
    "rows", [slice(2, 5), np.array([5, 0]), np.array([True, False, True, True, False, False])]
)
def test_some_rows_keep_their_labels_weights_and_numbers(rows: Any) -> None:
    """A part by a slice, by places or by a mask is the same rows, with the numbers that they had."""
    places = np.arange(6)[rows]
    for whole in (ROWS, SOFT):
        part = whole.part(rows)
        assert (len(part), part.k) == (len(places), 2)
        np.testing.assert_array_equal(part.z, whole.z[places])
        np.testing.assert_array_equal(part.distributions(), whole.distributions()[places])
        np.testing.assert_array_equal(part.counts(), places)
        assert [part.number(i) for i in range(len(part))] == [11 + place for place in places]
        again = part.part(np.array([1]))
        assert again.number(0) == 11 + places[1]


def test_blocks_are_all_the_rows_in_order() -> None:
    """Parts of at most so many rows are numbered on, the last one shorter; unweighted rows count 1 each."""
    parts = list(Labelled(ROWS.z, ROWS.target).blocks(4))
    assert [len(part) for part in parts] == [4, 2]
    assert [part.number(0) for part in parts] == [1, 5]
    assert [part.counts().tolist() for part in parts] == [[1.0] * 4, [1.0] * 2]
