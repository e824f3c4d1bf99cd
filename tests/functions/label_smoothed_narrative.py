"""The label-smoothed cross-entropy: that of a one-hot y, but for what the y are."""

from collections.abc import Mapping

from sympy import Expr, Symbol

from softmax_cli.tutor.narratives.cross_entropy import MEANING, claim, jacobian
from softmax_cli.tutor.nodes import Frac
from softmax_cli.tutor.notation import Case

__all__ = ["MEANING", "ROUTES", "claim", "definitions"]


def definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what the names stand for: y is 1 - E + E/k or E/k, with E = 1/10."""
    k = len(case.classes)
    smooth = {m.y: Frac(9 * k + 1 if n == case.i else 1, 10 * k) for n, m in enumerate(case.classes)}
    return {**case.names.cross_entropy(case.i), **smooth}


ROUTES = {"jacobian": jacobian}
