"""The catalogue: every formula can be held against any part of an answer."""

import numpy as np
import pytest

from softmax_cli.checking.catalogue.formulas import Matrix, Vector, value_of
from softmax_cli.checking.catalogue.mistake import right
from softmax_cli.checking.catalogue.table import guards, mistakes
from softmax_cli.checking.inputs import KINDS, Inputs, Kind, Quantities, Sought
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
    for mistake in (*mistakes(Sought(function, kind)), *guards(Sought(function, kind))):
        with np.errstate(all="ignore"):
            if mistake.probabilities is not None:
                everything = right(Sought(function, kind))(whole.with_p(mistake.probabilities(whole)))
                found = right(Sought(function, kind))(part.with_p(mistake.probabilities(part)))
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
    matrices = {m.id: m for m in mistakes(Sought(function, "jacobian")) if m.probabilities is None}
    products = {m.id: m for m in mistakes(Sought(function, kind)) if m.id.startswith("matrix-")}
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
    some = [
        m
        for m in mistakes(Sought("softmax", "vjp"))
        if m.id in ("matrix-plus-sign", "matrix-lower-half-only")
    ]
    assert len(some) == 2
    assert all(np.isfinite(m.answer(q)).all() for m in some)


SATURATED = Quantities(Inputs.of([40.0, 0.0, -2.0], 1.0))
OTHERS = np.exp(-40.0) + np.exp(-42.0)


@pytest.mark.parametrize("text", ["p_i (1 - p_i)", "(1 - p_i) p_i", "p_i (1 - p)"])
def test_one_minus_p_has_all_its_digits(text: str) -> None:
    """Of the largest p it is the sum of the others, not the 0 that the subtraction leaves."""
    assert Vector(text)(SATURATED)[0, 0] == pytest.approx(OTHERS, rel=1e-12, abs=0.0)


@pytest.mark.parametrize("text", ["J_ij = p_i (d_ij - p_j)", "J_ij = p_i (d_ij - p_i) + p_i (p_i - p_j)"])
def test_delta_minus_p_has_all_its_digits(text: str) -> None:
    """On the diagonal as 1 - p has; off it, it is -p."""
    found = Matrix(text, text)(SATURATED)[0]
    assert found[0, 0] == pytest.approx(OTHERS, rel=1e-12, abs=0.0)
    assert found[1, 2] == pytest.approx(-np.exp(-82.0), rel=1e-12, abs=0.0)


def test_the_logarithm_of_p_has_all_its_digits() -> None:
    """Where p itself is 0 in double precision it is a number like any other."""
    far = Quantities(Inputs.of([1000.0, 0.0, 500.0], 2.0, target=1))
    assert Vector("log p_i")(far)[0] == pytest.approx([0.0, -500.0, -250.0])
    assert Vector("-log p_target")(far)[0] == pytest.approx([500.0] * 3)
    assert Vector("log S")(far)[0] == pytest.approx([500.0] * 3)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        *[("z", (2, 3)), ("z_i + 1", (2, 3)), ("sum(f) - f, f = exp(z)", (2, 3))],
        *[("p_i p_j", (2, 3, 3)), ("-p_j + d_ij", (2, 3, 3)), ("f_i f_j, f = exp(z)", (2, 3, 3))],
        *[("max z", (2, 1)), ("sum_mj p_mj", (1, 1))],
    ],
)
def test_a_value_has_its_own_shape(text: str, shape: tuple[int, ...]) -> None:
    """One number a class, a row, a pair of classes, or the whole batch."""
    q = Quantities(Inputs.of([[0.3, -1.0, 2.0], [1.2, 0.1, -0.4]]))
    assert value_of(text, q).shape == shape


@pytest.mark.parametrize(
    ("function", "kind", "own"),
    [("cross-entropy", "gradient", "log-epsilon-"), ("log-softmax", "jacobian", "log-epsilon-")]
    + [("log-softmax", kind, "matrix-log-epsilon-") for kind in ("vjp", "jvp")]
    + [("softmax", kind, "") for kind in ("jacobian", "vjp")],
)
def test_guards_stand_in_the_derivative_and_in_the_probabilities(function: str, kind: Kind, own: str) -> None:
    """Those of a derivative's own come first; of a sigmoid there is none."""
    found = [mistake.id for mistake in guards(Sought(function, kind))]
    plain = [name for name in found if not name.removeprefix("matrix-").startswith("log-")]
    assert plain == [mistake.id for mistake in guards(Sought("softmax", "probabilities"))]
    assert all(name.startswith(own) for name in found[: len(found) - len(plain)])
    assert bool(own) == (len(found) > len(plain))
    assert guards(Sought("sigmoid", kind)) == ()


def test_a_vector_is_computed_for_the_classes_that_are_asked_for() -> None:
    """In their order, at the rows that are asked for."""
    whole, part = quantities(classes=True)
    for text in ("p_i (1 - p_i)", "p_i - p_1", "1"):
        expected = Vector(text)(whole)[part.rows][:, part.classes]
        np.testing.assert_allclose(Vector(text)(part), expected)
