"""Mistakes with one number in them, which is found from the answers: a bound, a small number, a smoothing.

Each is a line of the catalogue's table ``families``, with ``{x}`` where the number stands; differences, whose
formula is about p at other logits, stand here. A number is told only if the formula with it gives every
answer, also at inputs on which the number was not found.
"""

from collections.abc import Callable
from functools import cache
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from softmax_cli.checking.catalogue.formulas import Matrix, Vector
from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.checking.inputs import PROBABILITIES, Array, Quantities, Sought
from softmax_cli.core.formula.functions import softmax

Number: TypeAlias = Array
"""One number a row, shape (n, 1)."""
Makes: TypeAlias = Literal["p", "p by the chain rule", "the answer", "a term", "differences"]


class Family(NamedTuple):
    """A formula with a number x in it.

    Parameters
    ----------
    id, title, formula, why, fix
        As a mistake's, with ``{x}`` where the number stands.
    value
        The formula's value with x, one number a row.
    makes
        What it is the value of: wrong probabilities that a right formula is built on (whose derivative may be
        divided by x besides), the whole answer, a term that is added to the right one, or differences with
        the step x, whose rounding is divided by it.
    low, high
        Where the size of x lies; that of a term may be negative.
    only
        The functions and kinds of answer that have it, as in ``softmax jacobian``; empty for all.
    """

    id: str
    title: str
    formula: str
    why: str
    fix: str
    value: Callable[[Quantities, Number], Array]
    makes: Makes
    low: float = 1e-17
    high: float = 1.0
    only: tuple[str, ...] = ()

    @property
    def in_p(self) -> bool:
        """Whether it makes wrong probabilities."""
        return self.makes.startswith("p")

    def has(self, sought: Sought) -> bool:
        """Return whether a kind of answer may belong to it."""
        if self.only:
            return " ".join(sought) in self.only
        return self.makes != "p by the chain rule" or sought.kind not in PROBABILITIES

    def of(self, q: Quantities, x: Number, base: Callable[[Quantities], Array]) -> Array:
        """Return the answer with x; `base` is the formula that it varies."""
        if self.in_p:
            built = base(q.with_p(self.value(q.whole, x)))
            return built if self.makes == "p" else built / x.reshape(-1, *[1] * (built.ndim - 1))
        answer = self.value(q, x)
        if self.makes != "a term":
            return answer
        plain = base(q)
        return plain + answer.reshape(len(answer), *[1] * (plain.ndim - answer.ndim), *answer.shape[1:])


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


def families(sought: Sought) -> tuple[Family, ...]:
    """Return the families that this kind of answer may belong to, those of this kind alone first."""
    if sought.entry.elementwise:
        return ()
    found = [family for family in _every() if family.has(sought)]
    return tuple(sorted(found, key=lambda family: not family.only))
