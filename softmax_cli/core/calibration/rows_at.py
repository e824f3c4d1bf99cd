"""Rows at an inverse temperature b: sums over classes of exp(w) and of its moments, with w = b (z - max z).

A class on which the largest logit of a row lies is set apart: w is 0 and exp(w) is 1 there. What the other
classes add to that 1 is summed up without it, and stays exact however small it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64
from softmax_cli.core.kernels.blocks import Block, blocks
from softmax_cli.core.kernels.sums import sum_of_products
from softmax_cli.core.labelled import Labelled

LEAST = -700.0
"""What is below it counts as it: its probability is below 1e-304."""

MOST = 1 << 14
"""Rows that are summed up together: they share the price of a call to numpy."""

_NUMBERS = 1 << 16  # in a block: 512 kB


def blocks_of(rows: Labelled, *, start: int = 0, stop: int | None = None) -> Iterator[Block]:
    """Yield the logits of rows start to stop in blocks of at most `MOST` rows."""
    return blocks(rows.logits, start=start, stop=stop, values=min(_NUMBERS, MOST * rows.k))


@dataclass(slots=True)
class Distances:
    """How far the logits of a block are below the largest of their rows.

    Parameters
    ----------
    values
        z - max z, laid out as the block is; the order of the classes may be another one.
    tops
        Where a class is that is largest, one for each row, in what is flat of `values`; None: in the last.
    lowest
        The least of them.
    label
        z - max z at the label of each row, (n,); of a distribution its mean.
    masked
        The rows whose label is masked.
    """

    values: Float64
    tops: NDArray[np.intp] | None
    lowest: float
    label: Float64
    masked: NDArray[np.intp]

    @classmethod
    def of(cls, rows: Labelled, block: Block, scale: float, room: Float64) -> "Distances":
        """Measure the logits times `scale`, in `room` of the block's shape."""
        z, top, tops = block.z, block.top, None
        if scale != 1.0:
            z, top = z * scale, top * scale
        label, masked = _labels(rows, block, z, top)
        if block.places is None:
            _sort_out(z, room)
            room -= top
        else:
            tops = block.places + np.arange(0, z.size, rows.k)
            np.subtract(z, top, out=room)
        return cls(room, tops, float(room.min()), label, masked)

    def exponentials(self, b: float, w: Float64, out: Float64) -> None:
        """Write w = b times the distances, at least `LEAST`, into `w`, and exp(w), 0 at the tops, into `out`.

        Either may be the distances themselves.
        """
        d = self.values
        if b != 1.0:
            d = np.multiply(d, b, out=w)
        if d is not w or self.lowest * b < LEAST:
            np.maximum(d, LEAST, out=w)
        if self.tops is None:
            np.exp(w[:-1], out=out[:-1])
        else:
            np.exp(w, out=out)
        self.put_tops(out, 0.0)

    def put_tops(self, values: Float64, value: float) -> None:
        """Write a value at the tops."""
        if self.tops is None:
            values[-1] = value
        else:
            values.put(self.tops, value)


def _labels(rows: Labelled, block: Block, z: Float64, top: Float64) -> tuple[Float64, NDArray[np.intp]]:
    """Return the distances at the labels, and the rows whose label is masked."""
    if rows.target is not None:
        target = rows.target[block.start : block.stop]
        n = len(target)
        index = target * n + np.arange(n) if block.axis == 0 else np.arange(n) * rows.k + target
        label = z.take(index)
        masked = np.flatnonzero(np.isneginf(label)) if label.min() == -np.inf else index[:0]
        label -= top.ravel()
        return label, masked
    assert rows.soft is not None
    soft = block.lay(rows.soft)
    label = np.add.reduce(np.where(soft > 0.0, soft * (z - top), 0.0), axis=block.axis)
    return label, np.flatnonzero((np.isneginf(z) & (soft > 0.0)).any(axis=block.axis))


def _sort_out(z: Float64, room: Float64) -> None:
    """Write the classes, along the first axis, so that the largest of each vector comes last."""
    largest = room[-1]
    np.copyto(largest, z[0])
    for lower, following in zip(room, z[1:], strict=False):
        np.minimum(largest, following, out=lower)
        np.maximum(largest, following, out=largest)


def nearby(b: float) -> Fraction | None:
    """Return a ratio of small whole numbers that is next to a number, or None.

    >>> nearby(0.3335), nearby(0.97)
    (Fraction(1, 3), Fraction(31, 32))
    """
    for most in _WHOLE_NUMBERS:
        ratio = Fraction(b).limit_denominator(most)
        if ratio.numerator <= most and abs(float(ratio) - b) <= _NEXT * b:
            return ratio
    return None


_WHOLE_NUMBERS = (8, 16, 32, 48)  # the smaller ones first: fewer multiplications
_NEXT = 0.004


def _raise(u: Float64, powers: Sequence[tuple[int, Float64]]) -> None:
    """Write powers of u, each at least the first, by repeated squaring; u is overwritten."""
    bit = 1
    while True:
        for power, out in powers:
            if power & bit:
                if power & (bit - 1):
                    np.multiply(out, u, out=out)
                else:
                    np.copyto(out, u)
        bit *= 2
        if all(power < bit for power, _ in powers):
            return
        u *= u


@dataclass(slots=True)
class RowsAt:
    """Some rows, summed up over their classes.

    Parameters
    ----------
    label
        z - max z at the label, (n,).
    plain, rest
        The sums of exp(w) of all classes but one that is largest, (n,): at T = 1, if asked for, and at b.
    mean
        The mean of w under the probabilities at b, (n,).
    moments
        The sums of exp(w) (w - mean)^m, at index m from 2 to the order, (order + 1, n).
    start
        Which row is the first.
    masked
        The rows whose label is masked.
    """

    label: Float64
    plain: Float64
    rest: Float64
    mean: Float64
    moments: Float64
    start: int
    masked: list[int]

    @classmethod
    def empty(cls, n: int, order: int) -> "RowsAt":
        """Return room for n rows."""
        label, plain, rest, mean = np.empty((4, n))
        return cls(label, plain, rest, mean, np.empty((order + 1, n)), 0, [])

    def part(self, place: slice) -> "RowsAt":
        """Return a part of the room."""
        columns = (self.label, self.plain, self.rest, self.mean)
        label, plain, rest, mean = (column[place] for column in columns)
        return RowsAt(label, plain, rest, mean, self.moments[:, place], self.start, self.masked)


class Summing:
    """Rows at one inverse temperature, summed up in room that is used again and again.

    Parameters
    ----------
    rows
        The rows.
    b
        The inverse temperature.
    scale
        What the logits are multiplied by first.
    order
        The highest moment, an even number of at least 4.
    plain
        Whether to sum up at T = 1, too.
    ratio
        b to that of T = 1 where it is a ratio p / q of small numbers. Both exponentials are powers of
        one then: exp(d / q)^p and exp(d / q)^q, at a few multiplications each.
    """

    def __init__(
        self,
        rows: Labelled,
        b: float,
        scale: float,
        *,
        order: int,
        plain: bool,
        ratio: Fraction | None = None,
    ) -> None:
        self.rows = rows
        self.b = b
        self.scale = scale
        self.order = order
        self.plain = plain
        self.ratio = ratio
        self._room = RowsAt.empty(min(MOST, len(rows)), order)
        self._scratch = np.empty((4, 0))

    def __call__(self, start: int, stop: int) -> Iterator[RowsAt]:
        """Yield rows start to stop, about `MOST` at a time; what was yielded before is overwritten."""
        room, n = self._room, 0
        for block in blocks_of(self.rows, start=start, stop=stop):
            size = block.stop - block.start
            if n + size > MOST:
                yield room.part(slice(n))
                n = 0
            if n == 0:
                room.start, room.masked = block.start, []
            masked = self._sum_up(block, room.part(slice(n, n + size)))
            room.masked += (masked + n).tolist()
            n += size
        if n:
            yield room.part(slice(n))

    def _sum_up(self, block: Block, room: RowsAt) -> NDArray[np.intp]:
        """Write the sums of a block, and return the rows whose label is masked."""
        if self._scratch.shape[1] < block.z.size:
            self._scratch = np.empty((4, block.z.size))
        w, e, c2, u = (scratch[: block.z.size].reshape(block.z.shape) for scratch in self._scratch)
        axis, plain = block.axis, 1.0 / self.scale
        found = Distances.of(self.rows, block, self.scale, w)
        np.copyto(room.label, found.label)
        others = slice(-1 if found.tops is None else None)  # what is certain not to be the largest, and more
        if self.ratio is not None and found.lowest * max(self.b, plain) >= LEAST:
            found.exponentials(plain / self.ratio.denominator, u, u)
            powers = ((self.ratio.denominator, c2[others]), (self.ratio.numerator, e[others]))
            _raise(u[others], powers)
            np.add.reduce(c2[others], axis=axis, out=room.plain)
            w *= self.b
        else:
            if self.plain:
                found.exponentials(plain, e, e)
                np.add.reduce(e[others], axis=axis, out=room.plain)
            found.exponentials(self.b, w, e)
        np.add.reduce(e[others], axis=axis, out=room.rest)
        sum_of_products(e[others], w[others], axis, room.mean)
        room.mean /= 1.0 + room.rest
        w -= room.mean if axis == 0 else room.mean[:, None]
        found.put_tops(e, 1.0)
        _write_moments(w, e, c2, axis, room.moments)
        return found.masked


def _write_moments(c: Float64, e: Float64, c2: Float64, axis: int, moments: Float64) -> None:
    """Write the sums of e c^m from m = 2 to an even number; overwrites e and c2."""
    np.multiply(c, c, out=c2)
    e *= c2
    np.add.reduce(e, axis=axis, out=moments[2])
    for odd in range(3, len(moments), 2):
        sum_of_products(e, c, axis, moments[odd])
        sum_of_products(e, c2, axis, moments[odd + 1])
        if odd + 2 < len(moments):
            e *= c2
