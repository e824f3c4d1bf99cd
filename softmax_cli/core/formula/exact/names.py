"""What the names of each function's derivation stand for."""

from functools import lru_cache

from softmax_cli.core.formula.exact.arithmetic import Definitions, K
from softmax_cli.core.formula.parser import parse
from softmax_cli.core.formula.tree import (
    Node,
    Number,
    Over,
    Symbol,
    Total,
    is_delta,
    rewrite,
    substitute,
    written_out,
)

_SOFTMAX = {"e_k": "exp(z_k / T)", "S": "sum_k e_k", "p_k": "e_k / S", "f": "e_i", "g": "S"}
DEFINITIONS = {
    "softmax": _SOFTMAX,
    "log-softmax": _SOFTMAX,
    "sigmoid": {"e_k": "exp(-z_k / T)", "p_k": "1 / (1 + e_k)", "f": "1", "g": "1 + e_i"},
    "cross-entropy": {**_SOFTMAX, "y_k": "d_kt", "L": "-sum_k y_k log p_k"},
}
"""What each function's derivation calls what: p_k of a class k, f and g of the output i; t is the target."""


def names_of(function: str, k: int, of: int, *, temperature: bool = False) -> Definitions:
    """Return the names of a function's derivation for k classes, counted from 1; `of` is a loss's target.

    Examples
    --------
    >>> names_of("cross-entropy", 3, 2)[Symbol("y", (Number(2),))]
    Number(numerator=1, denominator=1)
    """
    found: dict[Symbol, Node] = {K: Number(k)}

    def written(node: Node) -> Node:
        if isinstance(node, Over):
            return Total(tuple(written_out(node, k)))
        if isinstance(node, Symbol) and is_delta(node):
            return Number(int(node.indices[0] == node.indices[1]))
        return node

    for name, formula in formulas(function, temperature=temperature):
        general = substitute(substitute(formula, "i", Number(of)), "t", Number(of))
        for m in range(1, k + 1) if name.indices else (0,):
            placed = Symbol(name.name, (Number(m),)) if m else name
            found[placed] = rewrite(substitute(general, "k", Number(m)), written)
    return found


@lru_cache(maxsize=16)
def formulas(function: str, *, temperature: bool) -> tuple[tuple[Symbol, Node], ...]:
    """Return the names of a derivation with their formulas, for any class k, output i and target t."""
    over = " / T" if temperature else ""
    found = []
    for name, text in DEFINITIONS[function].items():
        symbol = parse(name)
        assert isinstance(symbol, Symbol)
        found.append((symbol, parse(text.replace(" / T", over))))
    return tuple(found)
