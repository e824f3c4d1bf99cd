"""The arrays that a formula is computed on: every row at once, an index an axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.formula.separable import Separable
from softmax_cli.core.formula.tree import Binary, Node, Number, Symbol

Array: TypeAlias = NDArray[np.float64]
ROW, FIRST, SECOND, BOUND = range(4)
"""The axes of every value: the row of the file, the indices i and j, and the index that is summed over."""


class Arrays(NamedTuple):
    """What a formula is computed on.

    Parameters
    ----------
    quantity
        The array of a named quantity: all rows and classes, (n, k); one number a row, (n, 1); or one number.
    n, k
        The counts of all rows and of all classes.
    rows
        The rows that are asked for, as an index.
    letters
        The axis of each index that is free, and the classes that are asked for, counted from 0.
    known
        What has been computed already, of this formula or of others on the same arrays.
    bare
        The axis of a vector without an index, as in ``max z``.
    separable
        Whether i and j make a `Separable`, so that no matrix is formed.
    summed_rows
        The indices of rows that are summed over.
    """

    quantity: Callable[[str], Array]
    n: int
    k: int
    rows: Any
    letters: Mapping[str, tuple[int, NDArray[np.intp]]]
    known: dict[Node, Any]
    bare: int = BOUND
    separable: bool = False
    summed_rows: str = ""

    def placed(self, vector: Array, axis: int) -> Any:
        """Return a vector (n, m) along an axis."""
        if self.separable and axis in (FIRST, SECOND):
            return Separable.column(vector) if axis == FIRST else Separable.row(vector)
        shape = [len(vector), 1, 1, 1]
        shape[axis] = vector.shape[1]
        return vector.reshape(shape)


def classes_of(on: Arrays, index: Node) -> tuple[int, NDArray[np.intp]]:
    """Return the axis of an index and its classes, counted from 0; one past the end is the first."""
    match index:
        case Number(numerator=number, denominator=1):
            return BOUND, np.array([number - 1])
        case Symbol(name=name):
            found = on.letters.get(name)
            if found is None and name != "k":
                raise LookupError(f"no index {name}")
            return found if found is not None else (BOUND, np.array([on.k - 1]))
        case Binary(operator="+" | "-" as sign, left=left, right=right):
            (axis, a), (other, b) = classes_of(on, left), classes_of(on, right)
            # each is one less than what is written
            return (axis if a.size > 1 else other), (a + b + 1 if sign == "+" else a - b - 1)
    raise LookupError("no index")


def delta(on: Arrays, indices: tuple[Node, ...]) -> Any:
    """Return d_ij."""
    (axis, a), (other, b) = (classes_of(on, index) for index in indices)
    a, b = a % on.k, b % on.k
    if on.separable and {axis, other} == {FIRST, SECOND}:
        return Separable.where_equal(a, b) if axis == FIRST else Separable.where_equal(b, a)
    shape, other_shape = [1, 1, 1, 1], [1, 1, 1, 1]
    shape[axis], other_shape[other] = a.size, b.size
    equal = np.asarray(a.reshape(shape) == b.reshape(other_shape), np.float64)
    if on.separable and (axis, other) != (BOUND, BOUND):
        side = axis if axis != BOUND else other
        return on.placed(equal.reshape(1, -1), side)
    return equal
