"""Factors that whole answers are wrong by, alone or on top of another mistake."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from softmax_cli.checking.catalogue.formulas import Vector
from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.checking.inputs import Array, Inputs, Quantities


class Factor(NamedTuple):
    """A number that everything is multiplied by.

    Parameters
    ----------
    name
        The number, as a formula.
    id, title, why, fix
        What it means when a right formula is wrong by it.
    value
        The number in each row, shape (n,).
    rare
        Whether it is told only where no other factor fits.
    """

    name: str
    id: str
    title: str
    why: str
    fix: str
    value: Callable[[Quantities], Array]
    rare: bool = False


def _number(formula: Vector) -> Callable[[Quantities], Array]:
    """Return a formula for one number a row: called with quantities it returns shape (n,)."""
    return lambda q: np.broadcast_to(formula(q)[:, 0], (len(q.t),))


def _both(first: Factor, second: Factor) -> Factor:
    """Return the product of two factors."""
    name = f"-{second.name}" if first.name == "-1" else f"{first.name} ({second.name})"
    return Factor(
        name,
        f"{first.id}-and-{second.id}",
        f"{first.title}; and {second.title}",
        f"{first.why} {second.why}",
        f"{first.fix}; {second.fix}",
        lambda q: np.asarray(first.value(q) * second.value(q)),
        rare=True,
    )


@lru_cache(maxsize=1)
def _every() -> tuple[Factor, ...]:
    """Return all factors, the rare and the products of two last.

    Where several have the same value at an input, the first is told first.
    """
    single = [
        Factor(
            row["name"],
            row["id"],
            row["title"],
            row["why"],
            row["fix"],
            _number(Vector(row["formula"])),
            rare=row["rare"] == "rare",
        )
        for row in rows("factors")
    ]
    by_name = {factor.name: factor for factor in single}
    pairs = [
        _both(by_name[first], by_name[second])
        for first in ("-1", "2", "1/2")
        for second in ("T", "1/T", "T^2", "1/T^2", "k", "1/k", "n", "1/n", "S", "1/S", "S^2")
        if f"-{second}" not in by_name or first != "-1"
    ]
    return (*single, *pairs)


def factors(inputs: Inputs) -> tuple[Factor, ...]:
    """Return the factors that mean something at these inputs: n only in a batch."""
    every = _every()
    return every if inputs.together else tuple(f for f in every if "n" not in f.name.replace("ln", ""))
