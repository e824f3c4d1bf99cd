"""Mistakes with one number in them, which is found from the answers: a bound, a small number, a smoothing.

Each is a line of the catalogue's table ``families``, with ``{x}`` where the number stands; differences, whose
formula is about p at other logits, stand here. A number is told only if the formula with it gives every
answer, also at inputs on which the number was not found.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from softmax_cli.checking.catalogue.formulas import Matrix, Vector
from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.checking.diagnosis.experiments.family import Family, Number
from softmax_cli.checking.inputs import Array, Kind, Quantities
from softmax_cli.core.formula.functions import softmax
from softmax_cli.core.functions import FUNCTIONS


def _differences(how: str, formula: str, value: Callable[[Quantities, Number], Array]) -> Family:
    return Family(
        "finite-differences",
        f"these are {how} finite differences with a step of {{x}}, not the derivative",
        formula,
        "The error of a difference grows with its step, and rounding grows as the step shrinks.",
        "use the formula, or the complex step Im f(z + ih) / h, which has neither error",
        value,
        "differences",
        low=1e-9,
        only=("softmax jacobian",),
    )


def _moved(q: Quantities, h: Array) -> Array:
    """Return p(z + h e_j), shape (n, k, k): class i, moved logit j."""
    z = q.z[:, None, :] + h[:, :, None] * np.eye(q.inputs.k)
    return softmax(z / q.t3).transpose(0, 2, 1)


_DIFFERENCES = (
    _differences(
        "one-sided",
        "(p_i(z + {x} e_j) - p_i(z)) / {x}",
        lambda q, x: (_moved(q, x) - q.p[:, :, None]) / x[:, :, None],
    ),
    _differences(
        "central",
        "(p_i(z + {x} e_j) - p_i(z - {x} e_j)) / (2 {x})",
        lambda q, x: (_moved(q, x) - _moved(q, -x)) / (2.0 * x[:, :, None]),
    ),
)


def _family(row: dict[str, str]) -> Family:
    text, makes = row["formula"].format(x="x"), row["makes"]
    limits = {name: float(row[name]) for name in ("low", "high") if row.get(name)}
    return Family(
        row["id"],
        row["title"],
        f"the right formula + {row['formula']}" if makes == "a term" else row["formula"],
        row["why"],
        row["fix"],
        Matrix(text, text) if "d_ij" in text else Vector(text),
        makes,  # type: ignore[arg-type]
        only=tuple(row["only"].split(", ")) if row.get("only") else (),
        **limits,
    )


@cache
def _every() -> tuple[Family, ...]:
    return (*map(_family, rows("families")), *_DIFFERENCES)


def families(function: str, kind: Kind) -> tuple[Family, ...]:
    """Return the families that this kind of answer may belong to, those of this kind alone first."""
    if FUNCTIONS[function].elementwise:
        return ()
    found = [family for family in _every() if family.has(function, kind)]
    return tuple(sorted(found, key=lambda family: not family.only))
