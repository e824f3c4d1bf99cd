"""A factor that a whole answer is wrong by, and what its number may be."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from softmax_cli.checking.inputs import Array, Quantities

CHAIN = "z / T is inside the exponential: the chain rule brings out 1 / T once."
SUM = "A loss is averaged over rows; its gradient has the same 1 / n, and nothing else divides it."


@dataclass(frozen=True, slots=True)
class Factor:
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


def power_of_t(power: int) -> Callable[[Quantities], Array]:
    """Return T^power as a factor's value."""
    return lambda q: np.asarray(q.t[:, 0] ** power)


def constant(number: float) -> Callable[[Quantities], Array]:
    """Return a number that is the same everywhere."""
    return lambda q: np.full(len(q.t), number)


def power_of_sum(power: int) -> Callable[[Quantities], Array]:
    """Return S^power, S the sum of the exponentials as they are."""
    return lambda q: np.asarray(q.s[:, 0] ** power)


def power_of_shifted_sum(power: int) -> Callable[[Quantities], Array]:
    """Return S^power, S the sum of the exponentials after the shift."""

    def value(q: Quantities) -> Array:
        x = q.all_z / q.all_t
        total = np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
        return np.asarray(q.restrict(total)[:, 0] ** power)

    return value
