"""The numbers of --top, --steps and --compare."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_cli.core.log_softmax import log_softmax
from softmax_cli.core.sigmoid import sigmoid
from softmax_cli.core.softmax import softmax
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results import long_tables
from softmax_cli.io.table.results.result import PerClass

INF = math.inf
rows = st.integers(2, 6).flatmap(
    lambda k: st.lists(st.lists(st.floats(-800, 800), min_size=k, max_size=k), min_size=1, max_size=3)
)


def batch_of(
    logits: Sequence[Sequence[float]],
    classes: Sequence[str] = (),
    kept: dict[str, list[object]] | None = None,
) -> Batch:
    """Return logits as a reader would."""
    values = np.asarray(logits, dtype=float)
    names = tuple(classes or map(str, range(1, values.shape[1] + 1)))
    return Batch(values, names, bool(classes), kept or {})


def probabilities(batch: Batch, *, log: bool = False) -> PerClass:
    """Return what `probs` computes for a batch."""
    if log:
        return PerClass(batch, "log-softmax", 1.0, "log_probabilities", log_softmax(batch.values))
    return PerClass(batch, "softmax", 1.0, "probabilities", softmax(batch.values))


def test_top_ranks_and_breaks_ties_by_class() -> None:
    """The largest come first; among equals, the first class."""
    batch = batch_of([[1, 3, 3, 0], [0, 0, 0, 0]], ["a", "b", "c", "d"])
    top = long_tables.top(probabilities(batch), 3)
    assert list(top.labels["class"]) == ["b", "c", "a", "a", "b", "c"]
    assert list(top.labels["rank"]) == [1, 2, 3, 1, 2, 3]
    assert top.columns == ("probability",)
    assert top.values.shape == (2, 3, 1)
    assert np.array_equal(top.values[0, :, 0], softmax(batch.values)[0, [1, 2, 0]])


@pytest.mark.parametrize("n", [1, 2, 5, 99])
def test_top_of_more_than_there_are_is_all(n: int) -> None:
    """A top longer than the classes gives every class once."""
    batch = batch_of([[1.0, 2.0, -INF]])
    top = long_tables.top(probabilities(batch, log=True), n)
    assert list(top.labels["class"]) == ["2", "1", "3"][:n]
    assert top.columns == ("log_probability",)


@given(rows, st.sampled_from([0.1, 1.0, 3.0]))
def test_steps_lead_to_softmax(logits: list[list[float]], temperature: float) -> None:
    """Each column of the steps follows from the one before, and the last is core's softmax."""
    batch = batch_of(logits)
    long = long_tables.steps(batch, temperature)
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
def test_steps_of_extremes_are_numbers(row: list[float], temperature: float) -> None:
    """Infinite and huge logits give no nan in any step, and the quotient is the probability."""
    long = long_tables.steps(batch_of([row]), temperature)
    columns = dict(zip(long.columns, long.values[0].T, strict=True))
    assert not np.isnan(long.values).any()
    assert np.allclose(columns["exponential"] / columns["sum"], columns["probability"], rtol=1e-12)


@given(rows)
def test_compare_puts_three_functions_side_by_side(logits: list[list[float]]) -> None:
    """Softmax and sigmoid are core's, argmax is one 1 a row, and the sums are theirs."""
    batch = batch_of(logits)
    long = long_tables.compare(batch, 2.0)
    columns = dict(zip(long.columns, np.moveaxis(long.values, -1, 0), strict=True))
    assert np.array_equal(columns["softmax"], softmax(batch.values, temperature=2.0))
    assert np.array_equal(columns["sigmoid"], sigmoid(batch.values, temperature=2.0))
    assert np.array_equal(columns["argmax"].argmax(axis=-1), batch.values.argmax(axis=-1))
    assert np.array_equal(columns["argmax_sum"], np.ones_like(batch.values))
    assert np.allclose(columns["sigmoid_sum"][:, 0], columns["sigmoid"].sum(axis=-1))


def test_the_flat_table_has_its_columns() -> None:
    """Row, kept columns, class, then the numbers: what csv and jsonl get."""
    batch = batch_of([[1, 2], [3, 4]], ["a", "b"], {"id": ["x", "y"]})
    flat = long_tables.steps(batch, 2.0).flat()
    assert list(flat.kept) == ["row", "id", "class"]
    assert flat.classes == ("logit", "minus_max", "over_temperature", "exponential", "sum", "probability")
    assert list(long_tables.top(probabilities(batch), 1).flat().kept) == ["row", "id", "rank", "class"]


def test_float32_stays() -> None:
    """Logits of single precision are explained in single precision."""
    batch = batch_of([[1, 2]])
    single = type(batch)(batch.values.astype(np.float32), batch.classes)
    assert long_tables.steps(single, 1.0).values.dtype == np.float32
    assert long_tables.compare(single, 2.0).values.dtype == np.float32
