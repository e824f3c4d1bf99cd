"""A vector, or a number, where a Jacobian is meant."""

from collections.abc import Callable

import numpy as np
import pytest

from softmax_cli.checking.diagnosis.shapes import constant_for_matrix, vector_for_matrix
from softmax_cli.checking.inputs import Array, Sought
from tests.checking.asked import subject_of
from tests.checking.wrongs import plain_softmax


@pytest.mark.parametrize(
    ("function", "title"),
    [
        (lambda z: plain_softmax(z) * (1 - plain_softmax(z)), "p (1 - p), a vector: the diagonal of J alone"),
        (plain_softmax, "the probabilities themselves, not their derivative"),
        (lambda z: 1e-17 * np.sin(z), "the sums of the rows of J, which are 0"),
        (lambda z: plain_softmax(z) - z, "a vector, p_i - z_i, in place of the Jacobian"),
        (lambda z: np.sin(7 * z**2), "a vector where the Jacobian belongs, and no known mistake"),
    ],
)
def test_what_the_vector_is_is_told(function: Callable[[Array], Array], title: str) -> None:
    """By name, by its terms, or that it is unknown; beside the formula that is right."""
    cause = vector_for_matrix(subject_of(Sought("softmax", "jacobian"), function, ["z"]))
    assert (cause.title, cause.right) == (title, "J_ij = p_i (d_ij - p_j) / T")


@pytest.mark.parametrize(
    ("result", "title"),
    [
        (np.array(1.0), "the number 1 in place of the Jacobian, as if the loss had the derivative already"),
        (np.array([2.5]), "the number 2.5 in place of the Jacobian"),
        (np.ones(2), None),
    ],
)
def test_a_single_number_is_told(result: Array, title: str | None) -> None:
    """Of one entry, whatever its shape; several are no single number."""
    cause = constant_for_matrix(result)
    assert (cause and cause.title) == title
