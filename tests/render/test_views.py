"""The numbers of --top, --steps and --compare."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_cli.core.sigmoid import sigmoid
from softmax_cli.core.softmax import softmax
from softmax_cli.render import views

INF = math.inf
rows = st.integers(2, 6).flatmap(
    lambda k: st.lists(st.lists(st.floats(-800, 800), min_size=k, max_size=k), min_size=1, max_size=3)
)


def test_top_ranks_and_breaks_ties_by_class(make: SimpleNamespace) -> None:
    """The largest come first; of equals, the first class."""
    batch = make.batch([[1, 3, 3, 0], [0, 0, 0, 0]], ["a", "b", "c", "d"])
    top = views.top(make.vector(batch), 3)
    assert top.labels["class"] == ["b", "c", "a", "a", "b", "c"]
    assert top.labels["rank"] == [1, 2, 3, 1, 2, 3]
    assert top.columns == ("probability",)
    assert top.values.shape == (2, 3, 1)
    assert np.array_equal(top.values[0, :, 0], softmax(batch.values)[0, [1, 2, 0]])


@pytest.mark.parametrize("n", [1, 2, 5, 99])
def test_top_of_more_than_there_are_is_all(make: SimpleNamespace, n: int) -> None:
    """A top longer than the classes gives every class once."""
    batch = make.batch([[1.0, 2.0, -INF]])
    top = views.top(make.vector(batch, log=True), n)
    assert top.labels["class"] == ["2", "1", "3"][:n]
    assert top.columns == ("log_probability",)


@given(rows, st.sampled_from([0.1, 1.0, 3.0]))
def test_steps_lead_to_softmax(make: SimpleNamespace, logits: list[list[float]], temperature: float) -> None:
    """Each column of the steps follows from the one before, and the last is core's softmax."""
    batch = make.batch(logits)
    long = views.steps(batch, temperature)
    columns = dict(zip(long.columns, np.moveaxis(long.values, -1, 0), strict=True))
    assert ("over_temperature" in columns) == (temperature != 1)
    below = columns.get("over_temperature", columns["minus_max"])
    assert np.array_equal(columns["probability"], softmax(batch.values, temperature=temperature))
    assert np.array_equal(columns["minus_max"], batch.values - batch.values.max(axis=-1, keepdims=True))
    assert np.allclose(below, columns["minus_max"] / temperature, rtol=1e-15)
    assert np.allclose(columns["exponential"], np.exp(below), rtol=1e-13)
    assert np.allclose(
        columns["exponential"] / columns["sum"], columns["probability"], rtol=1e-12, atol=1e-307
    )


@pytest.mark.parametrize("temperature", [1.0, 2.0, 1e300])
@pytest.mark.parametrize("row", [[1, -INF, 2], [1, INF, -INF], [1.7e308, -1.7e308, 0], [5e-324, 0, -5e-324]])
def test_steps_of_extremes_are_numbers(make: SimpleNamespace, row: list[float], temperature: float) -> None:
    """Infinite and huge logits give no nan on the way, and the quotient is the probability."""
    long = views.steps(make.batch([row]), temperature)
    columns = dict(zip(long.columns, long.values[0].T, strict=True))
    assert not np.isnan(long.values).any()
    assert np.allclose(columns["exponential"] / columns["sum"], columns["probability"], rtol=1e-12)


@given(rows)
def test_compare_puts_three_functions_side_by_side(make: SimpleNamespace, logits: list[list[float]]) -> None:
    """Softmax and sigmoid are core's, argmax is one 1 a row, and the sums are theirs."""
    batch = make.batch(logits)
    long = views.compare(batch, 2.0)
    columns = dict(zip(long.columns, np.moveaxis(long.values, -1, 0), strict=True))
    assert np.array_equal(columns["softmax"], softmax(batch.values, temperature=2.0))
    assert np.array_equal(columns["sigmoid"], sigmoid(batch.values, temperature=2.0))
    assert np.array_equal(columns["argmax"].argmax(axis=-1), batch.values.argmax(axis=-1))
    assert np.array_equal(columns["argmax_sum"], np.ones_like(batch.values))
    assert np.allclose(columns["sigmoid_sum"][:, 0], columns["sigmoid"].sum(axis=-1))


def test_the_flat_table_has_its_columns(make: SimpleNamespace) -> None:
    """Row, kept columns, class, then the numbers: what csv and jsonl get."""
    batch = make.batch([[1, 2], [3, 4]], ["a", "b"], {"id": ["x", "y"]})
    flat = views.steps(batch, 2.0).flat()
    assert list(flat.kept) == ["row", "id", "class"]
    assert flat.classes == ("logit", "minus_max", "over_temperature", "exponential", "sum", "probability")
    assert list(views.top(make.vector(batch), 1).flat().kept) == ["row", "id", "rank", "class"]


def test_float32_stays(make: SimpleNamespace) -> None:
    """Logits of single precision are explained in single precision."""
    batch = make.batch([[1, 2]])
    single = type(batch)(batch.values.astype(np.float32), batch.classes)
    assert views.steps(single, 1.0).values.dtype == np.float32
    assert views.compare(single, 2.0).values.dtype == np.float32
