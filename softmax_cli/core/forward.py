"""The probabilities of many rows at the speed of the plain formula, without its error.

The error of the plain formula comes from rounding z - max z. For nearly every row the shift need not round:

- 0 <= max z <= 650: no shift is needed. exp neither overflows, nor loses digits that p could show, as S >= 1.
  The same holds where -600 <= max z < 0 and no logit is below -700.
- max z > 1490 or max z < -745: wherever exp(z - max z) is not 0, z and max z are within a factor of two, and
  their difference is exact (Sterbenz).
- 650 < max z <= 1490: where exp is not 0, abs(z) <= max z, and two operations give the remainder (Dekker's
  FastTwoSum).
- What is left of the negative maxima takes five (Knuth's TwoSum).

What is done to a row depends on that row alone, to the bit: its probabilities are the same in whatever batch
it comes.
"""

import numpy as np

from softmax_cli.core.arrays import Array, Float64, Rows
from softmax_cli.core.blocks import Block, axis_for, blocks
from softmax_cli.core.exponentials import Exponentials
from softmax_cli.core.shift import two_diff

VALUES = 1 << 15
"""Numbers in a block: 256 kB of float64, so that block and scratch fit a second-level cache."""

LARGEST, SMALLEST = (
    650.0,
    -600.0,
)  # exp of more, times 1e25 classes, overflows; of less, S has few bits to spare
LOWEST = -700.0  # exp of less is below the smallest normal number
EXACT_ABOVE, EXACT_BELOW = 1490.0, -745.0


def fill_probabilities(rows: Rows, temperature: float, p: Array) -> None:
    """Write softmax(z / T) into p (n, k).

    Raises
    ------
    LogitsError
        As `blocks` does.
    """
    if temperature != 1.0:
        for block in blocks(rows):
            block.put(p, Exponentials(block, temperature).p)
        return
    scratch = _Scratch(rows.k, min(rows.n, max(1, VALUES // rows.k)))
    for block in blocks(rows, values=VALUES):
        _fill(block, scratch, p[block.start : block.stop])


class _Scratch:
    """Two arrays as large as a block, which every block uses again."""

    def __init__(self, k: int, n: int) -> None:
        self.axis = axis_for(k)
        shape = (k, n) if self.axis == 0 else (n, k)
        self._first, self._second = np.empty(shape), np.empty(shape)

    def of(self, n: int) -> tuple[Float64, Float64]:
        """Return both, cut to n vectors."""
        if self.axis == 0:
            return self._first[:, :n], self._second[:, :n]
        return self._first[:n], self._second[:n]


def _fill(block: Block, scratch: _Scratch, p: Array) -> None:
    """Write the probabilities of one block at T = 1 to its rows of the result."""
    anchor = _anchor(block)
    e, spare = scratch.of(block.stop - block.start)
    if anchor is None:
        np.exp(block.z, out=e)
    else:
        _shifted_exp(block.z, anchor, e, spare)
    total = _total(e, block.axis, spare)
    np.divide(e, total, out=p.T if block.axis == 0 else p, casting="same_kind")


def _anchor(block: Block) -> Float64 | None:
    """Return what to subtract from each vector: 0 or its maximum; None where it is 0 for all."""
    top = block.top
    least = top.min()
    if least >= 0.0 and top.max() <= LARGEST:
        return None
    unshifted = (top >= 0.0) & (top <= LARGEST)
    if least < 0.0:
        lowest = block.z.min(axis=block.axis, keepdims=True)
        unshifted |= (top < 0.0) & (top >= SMALLEST) & (lowest >= LOWEST)
    return None if unshifted.all() else np.where(unshifted, 0.0, top)


def _shifted_exp(z: Float64, anchor: Float64, e: Float64, spare: Float64) -> None:
    """Write exp(z - anchor) into e, with the remainder of the difference where there can be one."""
    np.subtract(z, anchor, out=e)
    exact = (anchor == 0.0) | (anchor > EXACT_ABOVE) | (anchor < EXACT_BELOW)
    if exact.all():
        np.exp(e, out=e)
        return
    if anchor.min() < 0.0:
        spare = two_diff(z, anchor, e)
    else:
        np.add(e, anchor, out=spare)
        np.subtract(z, spare, out=spare)
    if e.min() < -1e290:
        np.nan_to_num(
            spare, copy=False, nan=0.0, posinf=0.0, neginf=0.0
        )  # what infinities left; exp is 0 there
    np.exp(e, out=e)
    spare *= e
    e += spare


def _total(e: Float64, axis: int, spare: Float64) -> Float64:
    """Return the sum along the axis, kept.

    Along axis 1 numpy adds pairwise. Along axis 0 it would add one after the other, so halves are added to
    each other here: as fast, and the error grows with log k instead of k.
    """
    if axis == 1:
        return np.add.reduce(e, axis=1, keepdims=True)
    n = len(e)
    while n > 1:
        half = n // 2
        np.add(e[:half], e[n - half : n], out=spare[:half])
        if n % 2:
            spare[0] += e[half]
        e, n = spare, half
    return e[:1]
