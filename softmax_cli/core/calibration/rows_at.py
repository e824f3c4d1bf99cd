"""Rows at an inverse temperature b: sums over classes of exp(w) and of its moments, with w = b (z - max z).

A class on which the largest logit of a row lies is set apart: w is 0 and exp(w) is 1 there. What the other
classes add to that 1 is summed up without it, and stays exact however small it is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64
from softmax_cli.core.calibration.distances import LEAST, MOST, Distances, blocks_of
from softmax_cli.core.kernels.blocks import Block, quiet
from softmax_cli.core.kernels.sums import sum_of_products
from softmax_cli.core.kernels.threads import beside
from softmax_cli.core.labelled import Labelled


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


@dataclass(frozen=True, slots=True)
class Summing:
    """Rows at one inverse temperature, summed up.

    Parameters
    ----------
    rows
        The rows.
    b
        The inverse temperature.
    scale
        A power of two that the logits are multiplied by first, so that no difference of them overflows.
    order
        The highest moment, an even number of at least 4.
    plain
        Whether to sum up at T = 1, too.
    ratio
        b to that of T = 1 where it is a ratio p / q of small numbers. Both exponentials are powers of
        one then: exp(d / q)^p and exp(d / q)^q, at a few multiplications each.
    """

    rows: Labelled
    b: float
    scale: float
    order: int
    plain: bool
    ratio: Fraction | None = None

    def __iter__(self) -> Iterator[RowsAt]:
        """Yield the rows, about `MOST` at a time; what was yielded before is overwritten.

        While one block is summed up, another thread computes the exponentials of the next.
        """
        room, other = (RowsAt.empty(min(MOST, len(self.rows)), self.order) for _ in range(2))
        following, begun = _InWork(self), _InWork(self)
        n, full = 0, None
        with beside(self.rows.z.size) as run:
            for block in blocks_of(self.rows):
                size = block.stop - block.start
                if n + size > MOST:
                    full, room, other, n = room.part(slice(n)), other, room, 0
                if n == 0:
                    room.start, room.masked = block.start, []
                masked = following.measure(block, room.part(slice(n, n + size)))
                room.masked += (masked + n).tolist()
                following.wait = run(following.exponentiate)
                begun.sum_up()
                if full is not None:
                    yield full
                    full = None
                following, begun = begun, following
                n += size
            begun.sum_up()
            if n:
                yield room.part(slice(n))


class _InWork:
    """A block that is being summed up, in scratch memory that is used again for later ones."""

    def __init__(self, at: Summing) -> None:
        self.at = at
        self.wait: Callable[[], object] | None = None
        self._scratch = np.empty((4, 0))

    def measure(self, block: Block, room: RowsAt) -> NDArray[np.intp]:
        """Take up a block, to be summed up in `room`; return the rows whose label is masked."""
        if self._scratch.shape[1] < block.z.size:
            self._scratch = np.empty((4, block.z.size))
        self._w, self._e, self._u, self._c2 = (
            scratch[: block.z.size].reshape(block.z.shape) for scratch in self._scratch
        )
        self._distances = Distances.of(self.at.rows, block, self.at.scale, self._w)
        self._axis, self._room = block.axis, room
        np.copyto(room.label, self._distances.label)
        farthest = self._distances.lowest * max(self.at.b, 1.0 / self.at.scale)
        self._ratio = self.at.ratio if farthest >= LEAST else None
        return self._distances.masked

    def exponentiate(self) -> None:
        """Compute the exponentials: of one number, where those at T = 1 and at b are powers of it."""
        plain = 1.0 / self.at.scale
        with quiet():
            if self._ratio is not None:
                self._distances.exponentials(plain / self._ratio.denominator, self._u, self._u)
                return
            if self.at.plain:
                self._distances.exponentials(plain, self._u, self._u)
            self._distances.exponentials(self.at.b, self._w, self._e)

    def sum_up(self) -> None:
        """Write the sums over classes, once there are exponentials, if a block has been taken up."""
        if self.wait is None:
            return
        self.wait()
        self.wait = None
        others = slice(-1 if self._distances.tops is None else None)  # those that may differ from the top
        axis, room = self._axis, self._room
        w, e, u = self._w[others], self._e[others], self._u[others]
        plain = u
        if self._ratio is not None:
            plain = self._c2[others]
            _raise(u, ((self._ratio.denominator, plain), (self._ratio.numerator, e)))
            w *= self.at.b
        if self.at.plain:
            np.add.reduce(plain, axis=axis, out=room.plain)
        np.add.reduce(e, axis=axis, out=room.rest)
        sum_of_products(e, w, axis, room.mean)
        room.mean /= 1.0 + room.rest
        self._w -= room.mean if axis == 0 else room.mean[:, None]
        self._distances.put_tops(self._e, 1.0)
        _write_moments(self._w, self._e, self._c2, axis, room.moments)


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
