"""The catalogue: every formula can be held against any part of an answer."""

import numpy as np
import pytest

from softmax_cli.checking.catalogue.mistake import right
from softmax_cli.checking.catalogue.table import guards, mistakes
from softmax_cli.checking.inputs import KINDS, Inputs, Kind, Quantities
from softmax_cli.core.functions import FUNCTIONS

ROWS, K = 9, 12


def quantities(*, classes: bool) -> tuple[Quantities, Quantities]:
    """Return the quantities of all rows, and of some rows and, where asked, of some classes alone."""
    rng = np.random.default_rng(0)
    inputs = Inputs.of(rng.normal(size=(ROWS, K)), 2.0, rng.integers(0, K, ROWS), rng.normal(size=(ROWS, K)))
    picked = np.array([0, 3, 4, 7, 11]) if classes else slice(None)
    return Quantities(inputs), Quantities(inputs, rows=np.array([1, 2, 8]), classes=picked)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_part_of_the_answer_is_a_part_of_the_formula(function: str, kind: Kind) -> None:
    """On some rows of a file, and on some classes of a matrix, a formula is what it is on all of them."""
    matrix = kind == "jacobian"
    whole, part = quantities(classes=matrix)
    for mistake in (*mistakes(function, kind), *guards(function, kind)):
        with np.errstate(all="ignore"):
            if mistake.probabilities is not None:
                everything = right(function, kind)(whole.with_p(mistake.probabilities(whole)))
                found = right(function, kind)(part.with_p(mistake.probabilities(part)))
            else:
                everything, found = mistake.answer(whole), mistake.answer(part)
        expected = everything[part.rows]
        if matrix:
            expected = expected[:, part.classes][:, :, part.classes]
        assert found.shape == expected.shape, mistake.id
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12, err_msg=mistake.id)


PRODUCTS = [(f, kind) for f in ("softmax", "log-softmax", "sigmoid") for kind in ("vjp", "jvp")]


@pytest.mark.parametrize(("function", "kind"), PRODUCTS)
def test_products_are_those_of_the_wrong_matrix(function: str, kind: Kind) -> None:
    """Every wrong Jacobian times a vector is what its matrix, formed, would give."""
    q, _ = quantities(classes=False)
    matrices = {m.id: m for m in mistakes(function, "jacobian") if m.probabilities is None}
    products = {m.id: m for m in mistakes(function, kind) if m.id.startswith("matrix-")}
    assert {f"matrix-{name}" for name in matrices} == set(products)
    subscripts = "ni,nij->nj" if kind == "vjp" else "nij,nj->ni"
    for name, matrix in matrices.items():
        pair = (q.g, matrix.answer(q)) if kind == "vjp" else (matrix.answer(q), q.g)
        found = products[f"matrix-{name}"].answer(q)
        np.testing.assert_allclose(found, np.einsum(subscripts, *pair), rtol=1e-9, atol=1e-9, err_msg=name)


def test_products_do_not_form_the_matrix() -> None:
    """At k = 50,000, where a matrix would take 20 GB, each product is computed all the same."""
    k = 50_000
    rng = np.random.default_rng(1)
    q = Quantities(Inputs.of(rng.normal(size=(1, k)), 2.0, vector=rng.normal(size=(1, k))))
    some = [m for m in mistakes("softmax", "vjp") if m.id in ("matrix-plus-sign", "matrix-lower-half-only")]
    assert len(some) == 2
    assert all(np.isfinite(m.answer(q)).all() for m in some)
