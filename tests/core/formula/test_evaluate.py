"""A tree's value on arrays, held against numpy."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from softmax_cli.core.formula.arrays import FIRST, SECOND, Array, Arrays
from softmax_cli.core.formula.evaluate import evaluate
from softmax_cli.core.formula.parser import parse
from softmax_cli.core.formula.separable import Separable

N, K = 3, 5
RNG = np.random.default_rng(0)
Z, P = RNG.normal(size=(N, K)), RNG.dirichlet(np.ones(K), N)
NAMED = {"z": Z, "p": P, "T": np.array([[1.0], [2.0], [0.5]]), "k": np.asarray(float(K))}
EVERY = np.arange(K)


def arrays(*, matrix: bool, rows: Any = slice(None), separable: bool = False) -> Arrays:
    """Return z, p, T and k for a formula of one free index, or of two."""
    letters = {"i": (FIRST, EVERY), "j": (SECOND if matrix else FIRST, EVERY)}
    bare = 3 if matrix else FIRST
    return Arrays(NAMED.__getitem__, N, K, rows, letters, {}, bare=bare, separable=separable)


def vector(text: str) -> Array:
    """Return the value of a formula of one index, shape (n, k)."""
    value = evaluate(parse(text), arrays(matrix=False))
    return np.broadcast_to(np.reshape(value, (len(value), -1)), (N, K))


T = NAMED["T"]
VECTORS: dict[str, Callable[[], Any]] = {
    "p_i (1 - p_i) / T": lambda: P * (1 - P) / T,
    "z_i - max z": lambda: Z - Z.max(axis=1, keepdims=True),
    "sum_j z_j / k": lambda: Z.mean(axis=1, keepdims=True),
    "z_(i-1)": lambda: np.roll(Z, 1, axis=1),
    "z_(k+1-i)": lambda: Z[:, ::-1],
    "z_k": lambda: Z[:, -1:],
    "sum_{j <= i} p_j": lambda: np.cumsum(P, axis=1),
    "sum_{j < k} p_j": lambda: P[:, :-1].sum(axis=1, keepdims=True),
    "[i = argmax z]": lambda: Z.argmax(axis=1)[:, None] == EVERY,
    "sum_n z_ni": lambda: Z.sum(axis=0, keepdims=True) + 0 * Z,
    "sum_nj p_nj z_nj": lambda: (P * Z).sum() + 0 * Z,
    "(max_n z_ni) / T": lambda: Z.max(axis=0) / T,
    "z . p": lambda: (Z * P).sum(axis=1, keepdims=True),
    "2^z_i": lambda: 2.0**Z,
    "p_i^0.5": lambda: np.sqrt(P),
    "0.5^z_i / sum_j 0.5^z_j": lambda: 0.5**Z / (0.5**Z).sum(axis=1, keepdims=True),
    "z_i // T": lambda: np.floor(Z / T),
    "clip(z, -1, 1)": lambda: np.clip(Z, -1, 1),
    "0.375 z_i - 2": lambda: 0.375 * Z - 2,
    "sigmoid(z_i)": lambda: 1 / (1 + np.exp(-Z)),
    "sqrt(p_i) + sign(z_i) |z_i|": lambda: np.sqrt(P) + Z,
    "log2(p_i) - log10(p_i)": lambda: np.log2(P) - np.log10(P),
    "max(z_i, 0) + min(z_i, p_i)": lambda: np.maximum(Z, 0) + np.minimum(Z, P),
    "round(z_i, 1) + floor(z_i) + int(z_i)": lambda: np.round(Z, 1) + np.floor(Z) + np.trunc(Z),
    "(z_i - mean z) / std z": lambda: (Z - Z.mean(axis=1, keepdims=True)) / Z.std(axis=1, keepdims=True),
    "z_i / norm z - min z": lambda: (
        Z / np.linalg.norm(Z, axis=1, keepdims=True) - Z.min(axis=1, keepdims=True)
    ),
    "sum p argmax z": lambda: Z.argmax(axis=1, keepdims=True) + 1.0,
    "softmax(z)": lambda: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True),
    "sort(z)": lambda: np.sort(Z, axis=1),
}


@pytest.mark.parametrize("text", VECTORS)
def test_a_formula_of_one_index(text: str) -> None:
    """The value of every class of every row is what numpy makes of it."""
    np.testing.assert_allclose(vector(text), np.broadcast_to(VECTORS[text](), (N, K)), rtol=1e-13)


@pytest.mark.parametrize(
    "text",
    [
        "exp(1000 z_i) / sum_j exp(1000 z_j)",
        "3^(1000 z_i) / sum_j 3^(1000 z_j)",
        "0.5^(-1000 z_i) / sum_j 0.5^(-1000 z_j)",
        "exp(1000 z_i) / exp(max z 1000)",
        "log sum_j exp(1000 z_j)",
    ],
)
def test_exponentials_do_not_overflow(text: str) -> None:
    """A quotient or a logarithm of exponentials is finite, whatever the exponents are."""
    assert np.isfinite(vector(text)).all()


MATRICES = (
    "p_i (d_ij - p_j) / T",
    "(d_ij - p_j) / p_i",
    "d_i(j+1) p_i - z_j",
    "d_(k+1-i)j z_i",
    "[j <= i] z_i p_j",
    "[i < j] (1 - z_i) + [j != i]",
    "[j = i + 1] p_j",
    "[i = j + 1] p_j",
    "|p_i (2 d_ij - p_j)| sum_m z_m",
    "d_ij d_ik z_i",
    "p_i^3 p_j^1.5 - (d_ij - p_j)^2",
    "p_i (z_i - z_j)^2 [i = argmax z]",
    "(d_ij p_i - z_i z_j) (d_ij - [j >= i] p_j)",
    "3",
)


@pytest.mark.parametrize("text", MATRICES)
def test_a_matrix_that_is_not_formed_has_the_same_products(text: str) -> None:
    """J v and g^T J of the separable matrix are those of the matrix itself."""
    tree, g = parse(text), RNG.normal(size=(N, K))
    dense = np.broadcast_to(evaluate(tree, arrays(matrix=True)), (N, K, K, 1))[..., 0]
    matrix = evaluate(tree, arrays(matrix=True, separable=True))
    matrix = matrix if isinstance(matrix, Separable) else Separable() + matrix
    np.testing.assert_allclose(matrix.times(g), np.einsum("nij,nj->ni", dense, g), rtol=1e-12, atol=1e-12)
    from_left = np.einsum("ni,nij->nj", g, dense)
    np.testing.assert_allclose(matrix.times_from_left(g), from_left, rtol=1e-12, atol=1e-12)


def test_some_rows_alone() -> None:
    """Rows that are picked keep their own numbers; a sum over rows still runs over all of them."""
    on = arrays(matrix=False, rows=np.array([2, 0]))
    np.testing.assert_array_equal(evaluate(parse("z_i"), on).reshape(2, K), Z[[2, 0]])
    np.testing.assert_allclose(evaluate(parse("sum_n z_ni"), on).ravel(), Z.sum(axis=0))


def test_a_quantity_that_is_not_there_is_a_lookup_error() -> None:
    """A formula of the target of rows without one is no formula of theirs."""
    with pytest.raises(LookupError):
        evaluate(parse("y_i"), arrays(matrix=False))
