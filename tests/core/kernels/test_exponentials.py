"""What is made of the exponentials of a block, held against mpmath where nothing may cancel."""

from collections.abc import Iterator

import numpy as np
import pytest

from softmax_cli.core.arrays import rows_of
from softmax_cli.core.kernels.blocks import blocks, quiet
from softmax_cli.core.kernels.exponentials import Exponentials
from tests.core.reference import Exact, Exactly

ROWS = np.array(
    [
        [1.43, -0.4, 0.23, 0.0],
        [0.0, 40.0, -3.0, -800.0],
        [5.0, 5.0, 5.0, -np.inf],
        [900.0, 899.0, -900.0, 100.0],
        [-1e5, -1e5 + 1e-9, -2e5, -1e5],
        [0.0, -740.0, -741.5, -745.0],
    ]
)
EPS = 2.0**-52


@pytest.fixture(params=[0.01, 0.7, 1.0, 3.0])
def temperature(request: pytest.FixtureRequest) -> float:
    """Give a temperature."""
    found: float = request.param
    return found


@pytest.fixture(params=[0, 64], ids=["by row", "by class"])
def exponentials(request: pytest.FixtureRequest, temperature: float) -> Iterator[Exponentials]:
    """Give the exponentials of the rows, laid out both ways."""
    (block,) = blocks(rows_of(ROWS, -1), few=request.param)
    with quiet():
        yield Exponentials(block, temperature)


def near(found: np.ndarray, exact: list[Exact], ulps: float) -> None:
    """Hold one row against its exact values."""
    for got, want in zip(found.tolist(), exact, strict=True):
        assert abs(got - want) <= ulps * max(np.spacing(abs(float(want))), 5e-324), (got, want)


def test_probabilities_and_what_they_lack(exponentials: Exponentials, temperature: float) -> None:
    """The probabilities within 3 ulp, and 1 - p within 6, at either end."""
    p, complement = map(exponentials.block.by_row, (exponentials.p, exponentials.complement))
    for row, z in enumerate(ROWS):
        exact = Exactly(z, temperature)
        near(p[row], exact.p, 3)
        near(complement[row], exact.complement, 6)


def test_log_probabilities(exponentials: Exponentials, temperature: float) -> None:
    """Within 4 ulp, near 0 too."""
    log_p = exponentials.block.by_row(exponentials.log_p)
    for row, z in enumerate(ROWS):
        masked = np.isfinite(z)
        near(
            log_p[row][masked],
            [x for x, kept in zip(Exactly(z, temperature).log_p, masked, strict=True) if kept],
            4,
        )
        assert np.all(log_p[row][~masked] == -np.inf)


def test_what_is_divided_by_the_temperature(exponentials: Exponentials, temperature: float) -> None:
    """The quotients p / T and (1 - p) / T keep their digits also where p alone is too small for a double."""
    over, lack = map(exponentials.block.by_row, (exponentials.p_over_t, exponentials.complement_over_t))
    for row, z in enumerate(ROWS):
        exact = Exactly(z, temperature)
        near(over[row], [x / exact.t for x in exact.p], 5)
        near(lack[row], [x / exact.t for x in exact.complement], 8)


def test_total_rest_and_ties(exponentials: Exponentials, temperature: float) -> None:
    """S is 1 and the rest; a second largest class is part of the rest."""
    rest = exponentials.rest.ravel()
    for row, z in enumerate(ROWS):
        near(rest[row : row + 1], [Exactly(z, temperature).rest], 3)
    np.testing.assert_array_equal(exponentials.total.ravel(), 1.0 + rest)
    np.testing.assert_array_equal(
        exponentials.block.by_row(exponentials.is_top), ROWS.max(axis=1, keepdims=True) == ROWS
    )


def test_some_of_the_vectors(exponentials: Exponentials) -> None:
    """`take` gives the same numbers for those that are marked."""
    marked = np.array([True, False, True, False, False, True])
    some = exponentials.take(marked)
    np.testing.assert_array_equal(
        some.block.by_row(some.p), exponentials.block.by_row(exponentials.p)[marked]
    )


def test_deep_vectors_are_those_whose_products_may_vanish(
    exponentials: Exponentials, temperature: float
) -> None:
    """A vector is deep where a class that is not masked lies more than 330 T below the largest."""
    gaps = (ROWS.max(axis=1, keepdims=True) - ROWS) / temperature
    deep = ((gaps > 330.0) & np.isfinite(gaps)).any(axis=1)
    np.testing.assert_array_equal(exponentials.deep, deep)
