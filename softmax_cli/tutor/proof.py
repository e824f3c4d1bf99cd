"""Every line is proved when it is made, by exact arithmetic.

A line holds for all logits exactly when it holds as an identity of rational functions in e_k = exp(z_k / T),
z_k, T and the logarithms that occur, which `core.formula.exact.residues` decides at two random points: with
degrees below 10 K, a false line at K = 1,000 passes with probability below 2e-29.
"""

from collections.abc import Iterable
from functools import lru_cache

from softmax_cli.core.formula.exact.residues import Residues
from softmax_cli.core.formula.printing import text
from softmax_cli.core.formula.tree import Node, Symbol
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.derivation import Derivation, Step

POINTS = 2


class UnprovedError(Exception):
    """A line of a derivation could not be proved: a bug, and the line must never be shown."""


def prove(derivation: Derivation, points: Iterable[Residues] | None = None) -> Derivation:
    """Return the derivation, every line of it proved.

    Each line's two sides are equal; each line of the chain, those whose left-hand side is the claim, is
    equal to the line before and to the claim itself, whose derivative is taken by dual numbers from the
    definitions; and the last line is one of the chain.

    Parameters
    ----------
    derivation
        What is to be proved.
    points
        Where its lines have to hold; two random points by default.

    Raises
    ------
    UnprovedError
        Where a line could not be proved.
    """
    if derivation.steps[-1].lhs != derivation.claim:
        raise UnprovedError(f"{derivation.id}: the last line is not about {text(derivation.claim)}")
    for point in _points(tuple(derivation.definitions.items())) if points is None else points:
        try:
            _prove_at(derivation, point)
        except FormulaError as error:
            raise UnprovedError(f"{derivation.function}, {derivation.id}: {error}") from error
    return derivation


@lru_cache(maxsize=1)  # all derivatives of one target have the same definitions
def _points(definitions: tuple[tuple[Symbol, Node], ...]) -> tuple[Residues, ...]:
    return tuple(Residues(dict(definitions), seed) for seed in range(POINTS))


def _prove_at(derivation: Derivation, point: Residues) -> None:
    claim = before = point.value(derivation.claim)
    for step in derivation.walk():
        rhs = point.value(step.rhs)
        if step.lhs == derivation.claim:
            if not rhs == before == claim:
                raise UnprovedError(_sentence(derivation, step))
            before = rhs
        elif point.value(step.lhs) != rhs:
            raise UnprovedError(_sentence(derivation, step))


def _sentence(derivation: Derivation, step: Step) -> str:
    line = f"{text(step.lhs)} = {text(step.rhs)}"
    return f"{derivation.function}, {derivation.id}, step {step.id}: {line} could not be proved"
