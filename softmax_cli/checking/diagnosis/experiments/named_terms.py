"""The terms that right and wrong formulas are sums of, each a formula of the catalogue's grammar."""

from functools import cache
from typing import TypeAlias

from softmax_cli.checking.catalogue.formulas import Matrix, Vector
from softmax_cli.checking.catalogue.mistake import Formula
from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.checking.inputs import Kind, Sought

Term: TypeAlias = tuple[str, Formula]

_OF_VECTORS = (
    *("p_j g_j", "p_j (g . p)", "g_j", "p_j sum(g)", "p_j", "1", "(g . p)", "sum(g)", "p_j^2", "p_j^2 g_j"),
    *("p_j g_j^2", "g_j^2", "[g_j != 0]", "sign(g_j)", "p_j sum(p^2)", "p_j sum(p^2 g)", "p_j^2 sum(g)"),
    *("p_j^2 (g . p)", "z_j", "z_j g_j", "p_j (g . z)", "p_j z_j", "log p_j", "g_j log p_j"),
    "exp(z_j / T) g_j",
)
_OF_GRADIENTS = (
    *("p_j", "y_j", "1", "p_j y_j", "p_j^2", "p_j^2 y_j", "p_target", "p_j p_target", "y_j / p_j"),
    *("(1 - y_j) / (1 - p_j)", "1 / p_j", "1 / (1 - p_j)", "[j <= 2]", "p_j sum(p^2)", "p_j^3", "z_j"),
    *("z_j y_j", "log p_j", "y_j log p_j", "p_j log p_j", "p_j sum(y log p)", "sigmoid(z_j / T)"),
    "exp(z_j / T)",
)
_OF_MATRICES = (
    *("d_ij p_i", "p_i p_j", "d_ij", "p_j", "p_i", "1", "d_ij p_i^2", "d_ij z_i", "p_i z_j", "z_i p_j"),
    *("z_i z_j", "d_ij p_i z_i", "p_j^2", "p_i^2", "p_i p_j^2", "p_i^2 p_j", "p_i^2 p_j^2", "d_ij p_i^3"),
    *("d_ij exp(z_i / T)", "p_i exp(z_j / T)", "exp(z_i / T) p_j", "exp(z_i / T) exp(z_j / T)"),
    *("d_ij sigmoid(z_i / T)", "d_ij log p_i", "p_i log p_j"),
)
_OF_VALUES = (
    *("p_i", "log p_i", "1", "z_i", "max z", "mean z", "log S", "S", "exp(z_i / T)", "p_i^2"),
    *("sigmoid(z_i / T)", "p_i z_i", "p_i log p_i", "sum(p^2)"),
)
_OF_LOSSES = ("log p_target", "p_target", "z_target", "1", "max z", "log S", "sum(log p)")
_OF_KINDS: dict[Kind, tuple[str, ...]] = {
    "jacobian": _OF_MATRICES,
    "gradient": _OF_GRADIENTS,
    "vjp": _OF_VECTORS,
    "jvp": _OF_VECTORS,
    "loss": _OF_LOSSES,
}
_SAID = {"[j <= 2]": "[the one-hot target used as an index: the first two classes]"}
RIGHT_TERMS = {
    Sought(row["function"], row["kind"]): {  # type: ignore[arg-type]
        term.removeprefix("-"): -1.0 if term.startswith("-") else 1.0 for term in row["terms"].split("; ")
    }
    for row in rows("right")
    if "terms" in row
}
"""The right formulas, as coefficients of the terms; a derivative is divided by T besides."""


@cache
def of_terms(kind: Kind) -> tuple[Term, ...]:
    """Return the terms that answers of a kind are made of, each as it is told and as it is computed."""
    texts = _OF_KINDS.get(kind, _OF_VALUES)
    if kind == "jacobian":
        return tuple((text, Matrix(text, text)) for text in texts)
    return tuple((_SAID.get(text, text), Vector(text)) for text in texts)
