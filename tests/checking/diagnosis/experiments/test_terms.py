"""A sum of a few terms is told by how it differs from the right one."""

import numpy as np
import pytest

from softmax_cli.checking.diagnosis.experiments.terms import theories
from softmax_cli.checking.diagnosis.experiments.theory import evidence
from softmax_cli.checking.inputs import Array, Inputs, Quantities, Sought

T = np.array([1.7, 0.8, 2.6])
INPUTS = Inputs.of(
    np.random.default_rng(3).normal(size=(3, 6)), T, vector=np.random.default_rng(4).normal(size=(3, 6))
)
P, G, Z = Quantities(INPUTS).p, Quantities(INPUTS).g, INPUTS.z
DOT = (P * G).sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("got", "name", "title"),
    [
        (P * G - P * DOT - 0.5 * G, "a-term-added", "extra term: - 0.5 g_j"),
        (P * G - P * DOT + 2.0 * P, "a-term-added", "extra term: + 2 p_j"),
        (P * G - DOT, "a-term-replaced", "- (g . p) stands where - p_j (g . p) belongs"),
        (P * G, "a-term-missing", "the term - p_j (g . p) is missing"),
        (
            P * G - 3.0 * P * DOT,
            "a-term-scaled",
            "it computes (p_j g_j - 3 p_j (g . p)) / T: the coefficient of p_j (g . p) is wrong",
        ),
        (Z * G, "other-terms", "it computes z_j g_j / T"),
        (P * G - P * DOT + G / 6.0, "a-term-added", "extra term: + g_j / k"),
    ],
)
def test_the_terms_are_told_by_what_differs(got: Array, name: str, title: str) -> None:
    """With its sign; what is divided by T as the right ones are does not say so."""
    found = next(theories(evidence(Sought("softmax", "vjp"), INPUTS, got / T[:, None])))
    assert (found.cause.id, found.cause.title) == (name, title)
    assert found.explains(evidence(Sought("softmax", "vjp"), INPUTS.rows([1]), got[1:2] / T[1]))
