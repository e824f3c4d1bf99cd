"""A law that a function breaks is found by asking it: the vector, a shift, the order of the classes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from softmax_cli.checking.catalogue.mistake import right_formula
from softmax_cli.checking.diagnosis.diagnosis import Diagnosis
from softmax_cli.checking.diagnosis.experiments.laws import broken
from softmax_cli.checking.inputs import Array, Kind, Sought
from softmax_cli.core.formula.functions import softmax
from tests.checking.asked import subject_of


def vjp(z: Array, g: Array) -> Array:
    """Return the right product."""
    p = softmax(z)
    return np.asarray(p * (g - g @ p))


def diagnosis(function: Callable[..., Any], kind: Kind = "vjp", given: str = "zg") -> Diagnosis:
    """Ask a function at the first inputs that diagnosis asks at."""
    box = subject_of(Sought("softmax", kind), function, list(given))
    seen = box.ask(next(box.first()))
    assert seen is not None
    return broken(box, [seen])


AT = "(at z = (1.43, -0.4, 0.23, 0.96, -1.17))"


@pytest.mark.parametrize(
    ("function", "law", "title"),
    [
        (
            lambda z, g: vjp(z, np.sign(g)) * 1.7,
            "law-vector",
            "the vector's length has no effect: the product must grow with it",
        ),
        (
            lambda z, g: vjp(z, g**3),
            "law-linear",
            f"it is not linear in the vector: 3 times the vector does not give 3 times the answer {AT}",
        ),
        (
            lambda z, g: vjp(z, g) * (1.0 + z.sum()),
            "law-shift",
            f"adding 0.75 to every logit changes the answer: softmax depends on differences alone {AT}",
        ),
        (
            lambda z, g: vjp(z, g) * np.array([1.0, 2.0, 1.0, 3.0, 1.0]),
            "law-order",
            "the classes are not treated alike: where the logits change places, the answers do not follow "
            f"{AT}",
        ),
    ],
)
def test_the_law_that_is_broken_is_told_with_where(
    function: Callable[..., Any], law: str, title: str
) -> None:
    """As the one cause, with the right formula to compare with; the laws besides hold it too."""
    found = diagnosis(function)
    assert law in {one.id for one in found.laws}
    assert next(one for one in found.laws if one.id == law).title == title
    (cause,) = found.causes
    assert cause.title == f"no known mistake, but a law is broken: {found.laws[0].title}"
    assert cause.right == right_formula(Sought("softmax", "vjp"))


def test_a_law_is_told_of_the_first_row_that_is_wrong() -> None:
    """Of a Jacobian whose rows sum to 1 only at some inputs."""

    def jacobian(z: Array) -> Array:
        p = softmax(z)
        return np.asarray(np.diag(p) - np.outer(p, p) * (z[0] > 1.0))

    title = next(one.title for one in diagnosis(jacobian, "jacobian", "z").laws if one.id == "law-row-sums")
    assert title.startswith("rows do not sum to 0: row 2 sums to ")
    assert title.endswith("(at z = (0.31, 1.12, -0.54, 0.2, 0.73))")


def test_where_no_law_is_broken_the_size_of_the_logits_is_told() -> None:
    """Right wherever it was asked: only far logits are left. Wrong, by no law: unknown."""
    assert diagnosis(vjp).causes[0].id == "far-logits"
    probabilities = diagnosis(lambda z: np.sqrt(softmax(z)) / np.sqrt(softmax(z)).sum(), "probabilities", "z")
    assert probabilities.causes[0].id == "unknown"
