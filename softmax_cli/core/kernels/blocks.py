"""Rows in blocks that stay in the cache, laid out so that numpy's loops are long.

The compensated arithmetic makes many passes over its data; in blocks all but the first and the last are
nearly free. numpy is slow along a short last axis (a maximum over rows of 3 costs more than the
exponentials), so blocks of few classes are turned over: a class a row, shape (k, rows), classes along axis 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from softmax_cli.core.arrays import Array, Float64, Rows
from softmax_cli.errors import LogitsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Number = TypeVar("_Number", bound=np.generic)

VALUES = (1 << 15, 1 << 13)
"""Numbers in a block, by the axis of its classes: of 256 or 64 kB each, a few or a dozen fit the cache."""

FEW = 64
"""Up to so many classes a block is turned over."""


class Block(NamedTuple):
    """Some rows of logits, checked, in float64.

    Parameters
    ----------
    z
        Logits, shape (k, rows) with axis 0 or (rows, k) with axis 1; a vector with +inf turned into one-hot.
    top
        The largest logit of each vector, the classes' axis kept; finite, but for functions of one logit.
    axis
        The axis of the classes.
    start, stop
        Which rows they are.
    places
        The index of the largest logit of each vector, with axis 1.
    """

    z: Float64
    top: Float64
    axis: int
    start: int
    stop: int
    places: NDArray[np.intp] | None = None

    def marked(self, vectors: NDArray[np.bool_]) -> tuple[Any, Any]:
        """Return the index of the vectors that are marked."""
        return (slice(None), vectors) if self.axis == 0 else (vectors, slice(None))

    def take(self, vectors: NDArray[np.bool_]) -> Block:
        """Return the vectors that are marked, as a block that has no place among the rows."""
        index = self.marked(vectors)
        return Block(self.z[index], self.top[index], self.axis, 0, 0)

    def by_row(self, values: NDArray[_Number]) -> NDArray[_Number]:
        """Turn an array laid out as `z` is into (rows, k)."""
        return values.T if self.axis == 0 else values

    def put(self, result: Array, values: Array) -> None:
        """Write an array laid out as `z` is to its rows of a result (n, k)."""
        result[self.start : self.stop] = self.by_row(values)

    def lay(self, values: Array) -> Float64:
        """Lay this block's rows of an array (n, k) out as `z` is."""
        part = values[self.start : self.stop]
        return np.ascontiguousarray(part.T if self.axis == 0 else part, dtype=np.float64)


def blocks(
    rows: Rows,
    *,
    start: int = 0,
    stop: int | None = None,
    values: int | None = None,
    few: int = FEW,
    scalar: bool = False,
) -> Iterator[Block]:
    """Yield the logits of `rows` in blocks of about `values` numbers, in order, each checked.

    The memory of a block is used again for the next one.

    Parameters
    ----------
    rows
        The logits.
    start, stop
        Which of the rows; all of them by default.
    values
        How many numbers a block holds, instead of `VALUES`; never less than one row.
    few
        Up to how many classes blocks are turned over.
    scalar
        For a function of each logit by itself: infinities are allowed, only nan is refused.

    Raises
    ------
    LogitsError
        For the first row with nan, with several +inf or with nothing above -inf.
    """
    axis = 0 if rows.k <= few else 1
    step = max(1, (values or VALUES[axis]) // rows.k)
    end = rows.n if stop is None else stop
    turned = np.empty((rows.k, min(step, end - start)) if axis == 0 else 0)
    for first in range(start, end, step):
        part = rows.values[first : min(first + step, end)]
        if axis == 0:
            z = turned[:, : len(part)]
            np.copyto(z, part.T)
            top, places = np.maximum.reduce(z, axis=0, keepdims=True), None
        else:
            z = np.ascontiguousarray(part, dtype=np.float64)
            places = z.argmax(axis=1)  # several times as fast as a maximum along rows
            top = np.take_along_axis(z, places[:, None], axis=1)
        odd = np.flatnonzero(np.isnan(top) if scalar else ~np.isfinite(top))
        if odd.size:
            z, top = z.copy(), top.copy()
            for i in odd:
                vector = z[:, i] if axis == 0 else z[i]
                _refuse(vector, rows, first + int(i))
                vector[:] = np.where(vector == np.inf, 0.0, -np.inf)
            top.flat[odd] = 0.0
        yield Block(z, top, axis, first, first + len(part), places)


def quiet() -> np.errstate:
    """Return the context in which overflow and underflow are results, not warnings."""
    return np.errstate(all="ignore")


def _refuse(vector: Float64, rows: Rows, row: int) -> None:
    """Raise LogitsError where a vector has no softmax: the rest has one +inf, and is one-hot."""
    nan = np.flatnonzero(np.isnan(vector))
    infinite = np.flatnonzero(vector == np.inf)
    if nan.size:
        what, position = "nan is not a logit", int(nan[0])
    elif infinite.size > 1:
        what, position = "a second +inf: the probability cannot be 1 for both", int(infinite[1])
    elif infinite.size == 0 and (vector == -np.inf).all():
        raise LogitsError("every class is masked (-inf)", index=rows.place(row), where=rows.written(row))
    else:
        return
    raise LogitsError(what, index=rows.place(row), position=position, where=rows.written(row, position))
