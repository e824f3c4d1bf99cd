"""What a mistake is, and the right formulas that mistakes are told against."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from softmax_cli.checking.catalogue.formulas import Matrix, Vector
from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.checking.inputs import PRODUCTS, Array, Kind, Quantities, Sought
from softmax_cli.core import differentiate

Formula: TypeAlias = Callable[[Quantities], Array]
"""The value of a formula at the inputs' quantities: (n, k), or (n, k, k) for a Jacobian."""


class Mistake(NamedTuple):
    """A wrong formula, recognised by its numbers.

    Parameters
    ----------
    id
        A name for machines, stable.
    title
        What happened, in a few words that can be read aloud.
    formula
        What was computed.
    why
        Why that is wrong.
    fix
        What to write in its place.
    answer
        The wrong formula as a function of the inputs' quantities: (n, k), or (n, k, k) for a Jacobian.
    probabilities
        Where a right formula is built on wrong probabilities: these, of all rows and classes. Many such
        mistakes are then evaluated at once.
    """

    id: str
    title: str
    formula: str
    why: str
    fix: str
    answer: Formula
    probabilities: Formula | None = None


RIGHT: dict[Sought, str] = {
    Sought(row["function"], row["kind"]): row["formula"]  # type: ignore[arg-type]
    for row in rows("right")
}
"""The right formula of each function and kind of answer; d_ij is 1 for i = j, else 0."""

_VALUES: dict[Kind, str] = {"probabilities": "p_i", "log-probabilities": "log p_i"}
"""A function's own values: the quantities that everything else is made of, right or wrong."""


def right(sought: Sought) -> Formula:
    """Return the right formula as a function of the quantities, plainly written."""
    text = RIGHT.get(sought)
    if text is None:
        return lambda q: _computed(sought, q)
    if sought.kind == "jacobian":
        return Matrix(text, text)
    return Vector(text if sought.function == "sigmoid" else _VALUES.get(sought.kind, text))


def right_formula(sought: Sought) -> str:
    """Return the right formula in a line; of a function without one here, what is differentiated."""
    return RIGHT.get(sought, f"the {sought.kind} of {sought.entry.formula}")


def _computed(sought: Sought, q: Quantities) -> Array:
    """Return what core computes, for a function whose formula is not written here."""
    (function, kind), inputs, whole = sought, q.inputs, []
    for i, z in enumerate(inputs.z):
        t = float(inputs.temperature[i])
        if kind in PRODUCTS:
            product = differentiate.jvp if kind == "jvp" else differentiate.vjp
            whole.append(product(z, q.every("g")[i], function=function, temperature=t))
        elif kind in ("jacobian", "gradient"):
            target = None if inputs.target is None else inputs.target[i]
            whole.append(differentiate.jacobian(z, function=function, temperature=t, target=target))
        else:
            whole.append(sought.entry.load().value(z, temperature=t))
    answers = np.asarray(whole, np.float64)[q.rows]
    part: Array = answers[:, q.classes]
    return part[:, :, q.classes] if part.ndim == 3 else part
