"""A factor's number is what its name says, and one with n is told only of rows that were given together."""

import math
import re

import numpy as np
import pytest

from softmax_cli.checking.catalogue.factors import Factor, factors
from softmax_cli.checking.catalogue.formulas import Vector
from softmax_cli.checking.inputs import Inputs, Quantities

BATCH = Inputs.of([[0.3, -0.2, 1.1], [0.8, 0.1, -0.6]], 0.7)
EVERY = factors(BATCH)


def said(name: str, row: int, *, shifted: bool) -> float:
    """Return the number that a name stands for."""
    x = BATCH.z[row] / 0.7
    s = np.exp(x - x.max() if shifted else x).sum()
    line = (
        re.sub(r"ln (\d+)", r"log(\1)", name).replace("^", "**").replace("n k", "n * k").replace(" (", "*(")
    )
    known = {"T": 0.7, "n": 2.0, "k": 3.0, "S": s, "log": math.log, "sqrt": math.sqrt}
    return float(eval(line, known))


@pytest.mark.parametrize("factor", EVERY, ids=lambda factor: f"{factor.name}: {factor.title}")
def test_the_number_is_what_the_name_says(factor: Factor) -> None:
    """In every row; S is the sum of the exponentials, after the shift where the title says so."""
    found = factor.value(Quantities(BATCH))
    plain = [said(factor.name, row, shifted=False) for row in (0, 1)]
    after = [said(factor.name, row, shifted=True) for row in (0, 1)]
    assert found == pytest.approx(plain) or ("S" in factor.name and found == pytest.approx(after))


def test_a_row_by_itself_knows_no_n() -> None:
    """Its factors are those of a batch without those that count rows."""
    alone = factors(BATCH._replace(batch=False))
    counted = [factor.name for factor in EVERY if factor not in alone]
    assert counted
    assert all(re.search(r"(?<!l)n", name) for name in counted)
    assert not any(re.search(r"(?<!l)n", factor.name) for factor in alone)


def test_a_mistake_of_batches_means_nothing_elsewhere() -> None:
    """Its formula is nan where rows were not given together, so that it is never told."""
    formula = Vector("z_i / n", in_batch=True)
    np.testing.assert_allclose(formula(Quantities(BATCH)), BATCH.z / 2.0)
    assert np.isnan(formula(Quantities(BATCH.rows([0])))).all()


def test_a_product_of_two_factors_is_told_once() -> None:
    """Where the table has it with reasons of its own, there alone."""
    names = [factor.name for factor in EVERY]
    assert [names.count(name) for name in ("-T", "-1/T", "-1/n", "-1/k")] == [1, 1, 1, 1]
    assert {"-T^2", "-1/T^2", "-k", "-n", "-S", "-1/S", "-S^2"} <= set(names)
    assert {f"{a} ({b})" for a in ("2", "1/2") for b in ("T", "1/T", "T^2", "1/T^2", "k", "n")} <= set(names)
    assert len(names) == len(set(names)) + 3  # S, 1/S and S^2, after the shift and without
