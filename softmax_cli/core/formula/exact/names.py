"""What the names of each function's derivation stand for."""

from collections.abc import Mapping
from dataclasses import dataclass

from softmax_cli.core.formula.parser import parse
from softmax_cli.core.formula.tree import Node, Number, substitute


@dataclass(frozen=True)
class Definitions:
    """What the names of a derivation stand for.

    Parameters
    ----------
    k
        The number of classes.
    formulas
        A formula for each name: in the letter m where it has an index, as in p_m.
    target
        The true class, counted from 1, where there is one: y is 1 there.
    """

    k: int
    formulas: Mapping[str, Node]
    target: int | None = None


_SOFTMAX = {"e": "exp(z_m / T)", "S": "sum_m e_m", "p": "e_m / S", "f": "e_i", "g": "S"}
DEFINITIONS = {
    "softmax": _SOFTMAX,
    "log-softmax": _SOFTMAX,
    "sigmoid": {"e": "exp(-z_m / T)", "p": "1 / (1 + e_m)", "f": "1", "g": "1 + e_i"},
    "cross-entropy": {**_SOFTMAX, "L": "-sum_m y_m log p_m"},
}
"""What each function's derivation calls what: p_m of a class m, f and g of the output i."""


def names_of(function: str, k: int, of: int, *, temperature: bool = False) -> Definitions:
    """Return the names of a function's derivation, as the board has them; `of` is a loss's target."""
    over = " / T" if temperature else ""
    found = {
        name: substitute(parse(text.replace(" / T", over)), "i", Number(of))
        for name, text in DEFINITIONS[function].items()
    }
    return Definitions(k, found, of if "L" in found else None)
