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
from softmax_cli.core.blocks import Block, blocks
from softmax_cli.core.exponentials import Exponentials
from softmax_cli.core.shift import two_diff
from softmax_cli.core.sums import CUT

VALUES = 1 << 16
"""Numbers in a block: 512 kB of float64; block and scratch still fit the caches."""

FEW = 128
"""Up to so many classes a block is turned over: more than elsewhere, as every pass here counts."""

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
    scratch: _Scratch | None = None
    for block in blocks(rows, values=VALUES, few=FEW):
        scratch = scratch or _Scratch(rows.k, block.stop, block.axis)
        _fill(block, scratch, p[block.start : block.stop])


class _Scratch:
    """Two arrays as large as a block, which every block uses again; the second has room for an even k."""

    def __init__(self, k: int, n: int, axis: int) -> None:
        self.axis = axis
        even = k + k % 2
        self._first = np.empty((k, n) if self.axis == 0 else (n, k))
        self._second = np.empty((even, n) if self.axis == 0 else (n, even))

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
        remainder = spare[: len(e), : e.shape[1]]
        _shifted_exp(block.z, anchor, e, remainder)
    greatest = np.exp(block.top if anchor is None else block.top - anchor)
    total = _total(e, greatest, block.axis, spare)
    if np.isnan(total).any():  # a remainder of infinities, where exp is 0
        np.nan_to_num(e, copy=False, nan=0.0)
        total = _total(e, greatest, block.axis, spare)
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
    np.exp(e, out=e)
    spare *= e
    e += spare


def _total(e: Float64, greatest: Float64, axis: int, spare: Float64) -> Float64:
    """Return the sum along the axis, kept, within 3 roundings.

    One half is added to the other, and what is left is added up as `sums.accurate_sum` does, without new
    arrays. Neither numpy's pairwise sum nor a tree will do: where one class has most of the probability, each
    of their log k or more additions to it rounds by half an ulp of S, and that came to 5.8 ulp of p.
    """
    if axis == 1:
        e, spare = e.T, spare.T  # views: numpy runs along the contiguous axis all the same
    k = len(e)
    half, odd = divmod(k, 2)
    folded, high = spare[: half + odd], spare[half + odd :]
    np.add(e[:half], e[k - half :], out=folded[:half])
    if odd:
        folded[half] = e[half]
    np.add(folded, (greatest if axis == 0 else greatest.T) * CUT, out=high)
    high -= (greatest if axis == 0 else greatest.T) * CUT
    folded -= high
    total = np.add.reduce(high, axis=0, keepdims=True)
    total += np.add.reduce(folded, axis=0, keepdims=True)
    return total if axis == 0 else total.T
