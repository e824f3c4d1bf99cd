"""A right answer breaks no law; a wrong one is told which, with the numbers."""

import numpy as np
import pytest

from softmax_cli.checking.catalogue.mistake import RIGHT, right
from softmax_cli.checking.diagnosis.invariants import broken_laws
from softmax_cli.checking.inputs import Array, Inputs, Kind, Quantities, Sought

ROW = Inputs.of([1.43, -0.4, 0.23], 0.8, 1, [0.2, 1.0, -0.7])
P = Quantities(ROW).p[0]
J: Array = right(Sought("softmax", "jacobian"))(Quantities(ROW))[0]


def laws(got: Array, kind: Kind = "jacobian", function: str = "softmax") -> dict[str, str]:
    """Return the broken laws of one row, by name."""
    expected = right(Sought(function, kind))(Quantities(ROW))[0]
    return {
        law.id.removeprefix("law-"): law.title for law in broken_laws(Sought(function, kind), got, expected)
    }


@pytest.mark.parametrize(("function", "kind"), [one for one in sorted(RIGHT) if one[1] != "loss"])
def test_a_right_answer_breaks_no_law(function: str, kind: Kind) -> None:
    """Whatever the function and the kind, rounded to single precision or not."""
    answer = right(Sought(function, kind))(Quantities(ROW))[0]
    assert not laws(answer, kind, function)
    assert not laws(answer.astype(np.float32).astype(np.float64), kind, function)


@pytest.mark.parametrize(
    ("kind", "function", "got", "title"),
    [
        ("probabilities", "softmax", P * 1.5, "the probabilities sum to 1.5, not to 1"),
        (
            "jvp",
            "softmax",
            np.array([0.5, -0.25, 0.5]),
            "the product sums to 0.75, not to 0, as J's columns and rows do",
        ),
        ("gradient", "cross-entropy", np.array([0.5, -0.25, 0.5]), "the gradient sums to 0.75, not to 0"),
        (
            "vjp",
            "softmax",
            np.array([0.5, -0.25, 0.5]),
            "the product sums to 0.75, not to 0, as J's columns and rows do",
        ),
    ],
)
def test_a_vector_s_sum_is_told(kind: Kind, function: str, got: Array, title: str) -> None:
    """Probabilities sum to 1, gradients and products to 0."""
    assert laws(got, kind, function) == {"sum": title}


def test_a_sigmoid_s_values_and_products_have_no_sum() -> None:
    """No law of softmax is asked of a function of each logit alone."""
    assert not laws(np.array([0.9, 0.8, 0.7]), "probabilities", "sigmoid")
    assert not laws(np.array([0.9, 0.8, 0.7]), "vjp", "sigmoid")


def test_a_doubled_matrix_breaks_the_trace_alone() -> None:
    """Both numbers are said."""
    right_trace = np.trace(J)
    assert laws(2 * J) == {"trace": f"the trace is {2 * right_trace:.6g}, and should be {right_trace:.6g}"}


@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_laws_are_relative_to_the_size_of_the_entries(size: float) -> None:
    """A tiny matrix breaks them as a large one does, and a large one is not held to 1e-6 of 1."""
    got = -size * J
    assert {"diagonal-sign", "off-diagonal-sign"} <= set(laws(got))
    assert "symmetry" not in laws(got)
    got[2, 0] += 0.5 * size
    assert {"symmetry", "row-sums", "column-sums", "rank"} <= set(laws(got))


def test_signs_are_told_apart() -> None:
    """-J has a negative diagonal and positive entries off it; |J| the latter alone."""
    assert {"diagonal-sign", "off-diagonal-sign"} <= set(laws(-J))
    assert "diagonal-sign" not in laws(np.abs(J))
    assert "off-diagonal-sign" in laws(np.abs(J))


def test_one_entry_breaks_symmetry_and_sums_where_it_stands() -> None:
    """The pair, the row and the column are named, counted from 1."""
    got = J.copy()
    got[2, 0] += 0.5
    found = laws(got)
    assert found["symmetry"] == (
        f"the matrix is not symmetric: (1, 3) is {J[0, 2]:.4g}, (3, 1) is {got[2, 0]:.4g}"
    )
    assert found["row-sums"] == "rows do not sum to 0: row 3 sums to 0.5"
    assert found["column-sums"] == "columns do not sum to 0: column 1 sums to 0.5"
    assert found["rank"] == "the rank is 3, and should be 2"


def test_log_softmax_has_rows_that_sum_to_0_and_no_other_sums() -> None:
    """Its columns do not, and it is not symmetric."""
    right_one: Array = right(Sought("log-softmax", "jacobian"))(Quantities(ROW))[0]
    assert set(laws(right_one.T, function="log-softmax")) == {"row-sums"}
