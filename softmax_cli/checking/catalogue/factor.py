"""A factor that a whole answer is wrong by, and what its number may be."""

from collections.abc import Callable
from typing import NamedTuple

from softmax_cli.checking.inputs import Array, Quantities


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
