"""Any number of classes: a function's narrative with i and j as letters, and sums over k from 1 to K.

A line with a sum over k has no one-line proof by numbers; each is proved for every (i, j) at K = 2, 3, 4
and 5 classes, and none of its rules looks at K.
"""

from collections.abc import Iterator
from dataclasses import replace

from softmax_cli.core.formula.exact.residues import Residues
from softmax_cli.core.formula.tree import Derivative
from softmax_cli.tutor.derivation import Derivation, sentence
from softmax_cli.tutor.narratives.formulas import Case
from softmax_cli.tutor.narratives.narrator import meant, narrated, usual
from softmax_cli.tutor.proof import POINTS, prove

PROVED_AT = (2, 3, 4, 5)
_TITLE = "For any number K of classes: the derivative of {of} with respect to {z}"


def general(function: str, *, temperature: bool = False) -> Derivation:
    """Derive a function's derivative for K classes, and prove every line at several K.

    Parameters
    ----------
    function
        One of `functions.GENERAL`.
    temperature
        True to write T.

    Examples
    --------
    >>> from softmax_cli.core.formula.printing import text
    >>> text(general("softmax").result)
    'p_i (delta_ij - p_j)'
    """
    lettered = narrated(usual(function), Case(0, temperature=temperature), function)
    assert isinstance(lettered.claim, Derivative)
    title = sentence(_TITLE, of=lettered.claim.of, z=lettered.claim.wrt)
    return prove(replace(lettered, id="general", title=title), _points(lettered))


def _points(derivation: Derivation) -> Iterator[Residues]:
    """Yield random points for every i and j of each K."""
    for k in PROVED_AT:
        for case in (Case(k, i, j, derivation.temperature) for i in range(k) for j in range(k)):
            definitions = meant(derivation.function, case)
            yield from (Residues(definitions, seed, case.letters) for seed in range(POINTS))
