"""Rows in blocks: all of them, in order, once, laid out for numpy."""

import numpy as np
import pytest

from softmax_cli.core.arrays import rows_of
from softmax_cli.core.kernels.blocks import FEW, blocks
from softmax_cli.errors import LogitsError


@pytest.mark.parametrize("k", [3, FEW, FEW + 1])
@pytest.mark.parametrize(("start", "stop"), [(0, None), (5, 23), (4, 5), (9, 9)])
@pytest.mark.parametrize("values", [1, 200, None])
def test_every_row_comes_once_and_in_order(k: int, start: int, stop: int | None, values: int | None) -> None:
    """The blocks between two rows are those rows, whatever the size of a block; each with its maxima."""
    z = np.random.default_rng(4).normal(size=(40, k))
    result, at = np.full((40, k), np.nan), start
    for block in blocks(rows_of(z, -1), start=start, stop=stop, values=values):
        assert block.start == at
        assert block.axis == (0 if k <= FEW else 1)
        assert block.z.shape == ((k, block.stop - at) if block.axis == 0 else (block.stop - at, k))
        np.testing.assert_array_equal(block.top.ravel(), z[at : block.stop].max(axis=1))
        np.testing.assert_array_equal(block.lay(z), block.z)
        block.put(result, block.z)
        at = block.stop
    end = 40 if stop is None else stop
    assert at == end
    np.testing.assert_array_equal(result[start:end], z[start:end])
    assert np.isnan(result[:start]).all()
    assert np.isnan(result[end:]).all()


@pytest.mark.parametrize("few", [0, FEW])
def test_plus_infinity_is_one_hot_and_leaves_the_callers_array_alone(few: int) -> None:
    """A vector with one +inf is 0 there and masked elsewhere."""
    z = np.array([[1.0, np.inf, -np.inf], [1.0, 2.0, 3.0]])
    (block,) = blocks(rows_of(z, -1), few=few)
    np.testing.assert_array_equal(block.by_row(block.z), [[-np.inf, 0.0, -np.inf], [1.0, 2.0, 3.0]])
    np.testing.assert_array_equal(block.top.ravel(), [0.0, 3.0])
    assert z[0, 1] == np.inf


@pytest.mark.parametrize("few", [0, FEW])
@pytest.mark.parametrize(
    ("row", "position", "what"),
    [
        ([1.0, 2.0, np.nan], 2, "z[4, 2]: nan is not a logit"),
        ([np.inf, np.nan, np.inf], 1, "z[4, 1]: nan is not a logit"),
        ([np.inf, 0.0, np.inf], 2, "z[4, 2]: a second +inf: the probability cannot be 1 for both"),
        ([-np.inf, -np.inf, -np.inf], None, "z[4, :]: every class is masked (-inf)"),
    ],
)
def test_a_row_without_a_softmax_is_named(
    row: list[float], position: int | None, what: str, few: int
) -> None:
    """The first one, by its row and the class that is to blame."""
    z = np.zeros((6, 3))
    z[4] = row
    z[5] = np.nan
    with pytest.raises(LogitsError) as caught:
        list(blocks(rows_of(z, -1), values=6, few=few))
    assert str(caught.value) == what
    assert (caught.value.index, caught.value.position) == ((4,), position)


def test_a_function_of_one_logit_takes_infinities() -> None:
    """With `scalar` only nan is refused."""
    z = np.array([[np.inf, np.inf], [-np.inf, -np.inf]])
    (block,) = blocks(rows_of(z, -1), scalar=True)
    np.testing.assert_array_equal(block.by_row(block.z), z)
    with pytest.raises(LogitsError, match="nan"):
        list(blocks(rows_of([np.nan, 0.0], -1), scalar=True))


def test_some_of_the_vectors() -> None:
    """`take` gives those that are marked, in either layout."""
    z = np.arange(12.0).reshape(4, 3)
    for few in (0, FEW):
        (block,) = blocks(rows_of(z, -1), few=few)
        some = block.take(np.array([False, True, False, True]))
        np.testing.assert_array_equal(some.by_row(some.z), z[[1, 3]])
        np.testing.assert_array_equal(some.top.ravel(), [5.0, 11.0])


@pytest.mark.parametrize("few", [0, FEW])
def test_float32_becomes_double_in_its_block(few: int) -> None:
    """A block holds doubles whatever it was made of, and so does what is laid out beside it."""
    z = np.array([[0.1, 0.2, 0.3]], dtype=np.float32)
    (block,) = blocks(rows_of(z, -1), few=few)
    assert block.z.dtype == block.lay(z).dtype == np.float64
    np.testing.assert_array_equal(block.by_row(block.lay(z)), z)
