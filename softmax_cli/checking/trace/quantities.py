"""What a line on the way to a right answer may hold: named quantities, with their shapes.

To teach the trace another one, add a line to the catalogue's table ``quantities``: what it is a step to, its
name and, where that is not its name, its formula. A quantity is a step only where it leads to what was asked
for: the Jacobian's p p^T is none on the way to a probability. Code computes 1 - p plainly, as ``-p + 1``
does; a formula's 1 - p has all its digits.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from softmax_cli.checking.catalogue.formulas import value_of
from softmax_cli.checking.catalogue.mistake import right, right_formula
from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.checking.inputs import VALUES, Array, Kind, Quantities, Sought

_STEPS: dict[Kind, tuple[str, ...]] = {
    "jacobian": ("jacobians",),
    "gradient": ("gradients", "jacobians"),
    "loss": ("gradients",),
    "vjp": ("products", "jacobians"),
    "jvp": ("products", "jacobians"),
}
_LOG_STEPS: dict[Kind, tuple[str, ...]] = {
    "jacobian": ("log jacobians",),
    "vjp": ("log products", "log jacobians"),
    "jvp": ("log products", "log jacobians"),
}


class NamedQuantity(NamedTuple):
    """A quantity of the inputs: (n, k), (n, 1), (n, k, k), or one number."""

    name: str
    value: Array


def steps(sought: Sought, q: Quantities) -> list[NamedQuantity]:
    """Return what a line on the way to the answer may hold, the plainer first."""
    function, kind = sought
    if function == "sigmoid":
        found = [*_table("logits", q), *_table("sigmoids", q)]
        found += list(_table("products", q))[:1]  # g
    else:
        tables = ["logits", "shifts", *_STEPS.get(kind, ())]
        tables += ["batches"] if len(q.z) > 1 else []  # a shift by one number for all rows cancels too
        tables += _LOG_STEPS.get(kind, ()) if function == "log-softmax" else ()
        found = [one for table in tables for one in _table(table, q)]
    if kind not in VALUES:
        answer = NamedQuantity(right_formula(sought), right(sought)(q))
        found += [answer] if np.isfinite(answer.value).all() else []
    return found


def beside(q: Quantities) -> list[NamedQuantity]:
    """Return quantities that people compute by mistake, and that have a name."""
    return list(_table("mistakes", q))


def _table(name: str, q: Quantities) -> Iterator[NamedQuantity]:
    for row in rows("quantities"):
        if row["of"] == name:
            with np.errstate(all="ignore"):
                try:
                    value = value_of(row.get("formula", row["name"]), q)
                except LookupError:
                    continue  # a quantity of what was not given
            if np.isfinite(value).all():
                yield NamedQuantity(row["name"], value)
