"""The whole catalogue: for each function and kind of answer, every mistake that it is held against."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from softmax_cli.checking.catalogue import gradients, logs, products
from softmax_cli.checking.catalogue.guards import GUARDS
from softmax_cli.checking.catalogue.jacobians import SOFTMAX
from softmax_cli.checking.catalogue.log_jacobians import LOG_SOFTMAX
from softmax_cli.checking.catalogue.mistake import RIGHT, Mistake, right
from softmax_cli.checking.catalogue.probabilities import PROBABILITIES
from softmax_cli.checking.catalogue.sigmoid_jacobians import SIGMOID
from softmax_cli.checking.catalogue.sigmoids import SIGMOIDS
from softmax_cli.checking.inputs import Array, Kind, Quantities

_DENSE = 64
"""Up to this many classes a product is also held against every wrong matrix."""


@lru_cache(maxsize=32)
def mistakes(function: str, kind: Kind) -> tuple[Mistake, ...]:
    """Return the mistakes of one kind of answer, the likelier first."""
    if (function, kind) not in RIGHT:
        return ()  # a new function: factors, places and laws still tell
    match function, kind:
        case "sigmoid", "probabilities":
            return SIGMOIDS
        case "sigmoid", "jacobian":
            return SIGMOID
        case "sigmoid", _:
            return tuple(_times_vector(mistake, kind) for mistake in SIGMOID)
        case _, "probabilities":
            return tuple(_restricted(mistake) for mistake in PROBABILITIES)
        case _:
            own = _own(function, kind)
            return own + tuple(_built_on(mistake, function, kind) for mistake in PROBABILITIES)


@lru_cache(maxsize=32)
def guards(function: str, kind: Kind) -> tuple[Mistake, ...]:
    """Return the mistakes that leave an answer nearly right: small numbers added, clipped probabilities."""
    if function == "sigmoid" or (function, kind) not in RIGHT:
        return ()
    if kind == "probabilities":
        return tuple(_restricted(mistake) for mistake in GUARDS)
    return tuple(_built_on(mistake, function, kind) for mistake in GUARDS)


def _own(function: str, kind: Kind) -> tuple[Mistake, ...]:
    """Return the mistakes in the formula itself, the probabilities being right."""
    logarithm = function == "log-softmax"
    matrices = LOG_SOFTMAX if logarithm else SOFTMAX
    if kind == "jacobian":
        return matrices
    if kind == "gradient":
        return gradients.GRADIENTS
    if kind == "log-probabilities":
        return logs.LOGS
    vectors = products.LOG_SOFTMAX if logarithm else products.SOFTMAX
    return vectors + tuple(_times_vector(mistake, kind) for mistake in matrices)


def _restricted(mistake: Mistake) -> Mistake:
    return replace(mistake, answer=lambda q: q.restrict(mistake.answer(q)))


def _built_on(mistake: Mistake, function: str, kind: Kind) -> Mistake:
    """Return the mistake of a right formula with wrong probabilities in it."""
    formula = right(function, kind)

    def answer(q: Quantities) -> Array:
        return formula(q.with_p(mistake.answer(q)))

    said = f"the right formula with {mistake.formula}"
    return replace(mistake, formula=said, answer=answer, probabilities=mistake.answer)


def _times_vector(mistake: Mistake, kind: Kind) -> Mistake:
    """Return the mistake of a wrong matrix multiplied by the right vector."""
    subscripts = "nij,nj->ni" if kind == "jvp" else "ni,nij->nj"

    def answer(q: Quantities) -> Array:
        if q.inputs.k > _DENSE:
            raise LookupError("too large to form a matrix")
        matrix = mistake.answer(q.whole)
        pair = (matrix, q.all_g) if kind == "jvp" else (q.all_g, matrix)
        return q.restrict(np.einsum(subscripts, *pair))

    product = "J v" if kind == "jvp" else "g^T J"
    return replace(
        mistake,
        id=f"matrix-{mistake.id}",
        title=f"a wrong Jacobian: {mistake.title}",
        formula=f"{product}, {mistake.formula}",
        answer=answer,
    )
