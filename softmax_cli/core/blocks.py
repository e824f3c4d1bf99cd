"""Rows in blocks that stay in the cache, laid out so that numpy's loops are long.

The compensated arithmetic makes ten passes over its data; in blocks all but the first and the last are nearly free.
numpy is slow along a short last axis (a maximum over rows of 3 costs more than the exponentials), so blocks of few
classes are turned over: a class a row, shape (k, rows), classes along axis 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from softmax_cli.core.arrays import Array, Float64, Rows
from softmax_cli.errors import LogitsError

VALUES = 1 << 15
"""Numbers in a block: 256 kB of float64, so that a handful of them fits a second-level cache."""

FEW = 64
"""Up to so many classes a block is turned over."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of logits, checked, in float64.

    Parameters
    ----------
    z
        Logits, shape (k, rows) with axis 0 or (rows, k) with axis 1; +inf replaced (see `checked`).
    start, stop
        Which rows they are.
    axis
        The axis of the classes.
    """

    z: Float64
    start: int
    stop: int
    axis: int

    def by_row(self, values: Float64) -> Float64:
        """Turn an array laid out as `z` is into (rows, k)."""
        return values.T if self.axis == 0 else values

    def put(self, result: Array, values: Float64) -> None:
        """Write an array laid out as `z` is to its rows of a result (n, k)."""
        result[self.start : self.stop] = self.by_row(values)

    def lay(self, values: Array) -> Float64:
        """Lay this block's rows of an array (n, k) out as `z` is."""
        part = values[self.start : self.stop]
        return np.ascontiguousarray(part.T if self.axis == 0 else part, dtype=np.float64)


def blocks(rows: Rows, *, scalar: bool = False) -> Iterator[Block]:
    """Yield the logits of `rows` in blocks, in order, each checked; `scalar` where only nan is at fault."""
    step = max(1, VALUES // rows.k)
    axis = 0 if rows.k <= FEW else 1
    for start in range(0, rows.n, step):
        stop = min(start + step, rows.n)
        part = rows.values[start:stop]
        z = np.ascontiguousarray(part.T if axis == 0 else part, dtype=np.float64)
        yield Block(checked(z, axis, rows, start, scalar=scalar), start, stop, axis)


def quiet() -> np.errstate:
    """Return the context in which overflow and underflow are results, not warnings."""
    return np.errstate(all="ignore")


def checked(z: Float64, axis: int, rows: Rows, start: int, *, scalar: bool) -> Float64:
    """Return logits that have a softmax, with a vector that holds one +inf as 0 there and -inf elsewhere.

    Raises
    ------
    LogitsError
        For the first row with nan, with several +inf or with nothing above -inf.
    """
    top = z.max(axis=axis)
    odd = np.flatnonzero(np.isnan(top) if scalar else ~np.isfinite(top))
    if not odd.size:
        return z
    z = z.copy()
    for i in odd:
        vector = z[:, i] if axis == 0 else z[i]
        refuse(vector, rows, start + int(i))
        vector[:] = np.where(vector == np.inf, 0.0, -np.inf)
    return z


def refuse(vector: Float64, rows: Rows, row: int) -> None:
    """Raise LogitsError where a vector has no softmax."""
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
