"""The probabilities of many rows at the speed of the plain formula, without its error.

The error of the plain formula comes from rounding z - max z. At T = 1 the shift need not round, for it need
not be max z: p is the same for any. With m = max z,

- 0 <= m <= 650: none. exp neither overflows, nor loses digits that p could show, as S >= 1.
- else: m rounded to a whole number. Where m < 0, z and the shift are within a factor of two, and the
  difference is exact (Sterbenz), or z is larger, and it has no finer digits than z. Where m > 1500, they are
  within a factor of two wherever exp is not 0.
- 650 < m <= 1500: the same; where exp is not 0 and the difference rounds, abs(z) is below the shift, and two
  operations give the remainder (Dekker's FastTwoSum). In other rows they give 0.

What is done to a row depends on that row alone, to the bit: its probabilities are the same in whatever batch
it comes.
"""

import numpy as np

from softmax_cli.core.arrays import Array, Float64, Rows
from softmax_cli.core.kernels.blocks import Block, blocks, quiet
from softmax_cli.core.kernels.compensated import ROOM, shifted
from softmax_cli.core.kernels.fast_exp import exp
from softmax_cli.core.kernels.sums import CUT
from softmax_cli.core.kernels.threads import in_parts

VALUES = (1 << 15, 1 << 17)
"""Numbers in a block, small or large: fresh memory costs more than small calls to numpy, but
threads that make small calls wait for each other."""

LARGE = 1 << 19
"""Numbers from which blocks are large."""

FEW = 128
"""Up to so many classes a block is turned over: more than elsewhere, as every pass here counts."""

LARGEST = 650.0  # exp of more, times CUT and 1e17 classes, overflows
EXACT_ABOVE = 1500.0  # twice 745, below which exp is 0, and room for the rounding of the shift

_PLAIN = 2
"""Up to so many terms are added up without an error worth mending."""


def fill_probabilities(rows: Rows, temperature: float, p: Array) -> None:
    """Write softmax(z / T) of the rows into p (n, k).

    Raises
    ------
    LogitsError
        As `blocks` does.
    """
    plain = temperature == 1.0
    values = VALUES[p.size >= LARGE] // (1 if plain else 2)

    def fill(start: int, stop: int) -> None:
        scratch: _Scratch | None = None
        with quiet():
            for block in blocks(rows, start=start, stop=stop, values=values, few=FEW):
                n = block.stop - block.start
                scratch = scratch or _Scratch(rows.k, n, block.axis, 3 if plain else ROOM)
                _fill(block, temperature, scratch.of(n), p[block.start : block.stop])

    in_parts(fill, rows.n, p.size)


class _Scratch:
    """Arrays as large as a block, which every block uses again."""

    def __init__(self, k: int, n: int, axis: int, number: int) -> None:
        self.axis = axis
        self._arrays = [np.empty((k, n) if axis == 0 else (n, k)) for _ in range(number)]

    def of(self, n: int) -> list[Float64]:
        """Return them, cut to n vectors."""
        return [array[:, :n] if self.axis == 0 else array[:n] for array in self._arrays]


def _fill(block: Block, temperature: float, room: list[Float64], p: Array) -> None:
    """Write the probabilities of one block to its rows of the result."""
    q, low = _exponents(block, temperature, room)
    _, e, spare, *_ = room
    exp(q, out=e)
    total = _total(e, block.axis, spare)
    if low is not None:
        low *= e
        rest = np.add.reduce(low, axis=block.axis, keepdims=True)
        if np.isnan(rest).any():  # the remainder of an infinity, where exp is 0
            np.nan_to_num(low, copy=False, nan=0.0)
            rest = np.add.reduce(low, axis=block.axis, keepdims=True)
        total += rest
        e += low
    np.divide(e, total, out=p.T if block.axis == 0 else p, casting="same_kind")


def _exponents(block: Block, temperature: float, room: list[Float64]) -> tuple[Float64, Float64 | None]:
    """Return what p is proportional to the exponentials of, and its remainder where it has one.

    Both are written into arrays of `room`, the remainder into the first.
    """
    low, q, *others = room
    if temperature != 1.0:
        return shifted(block.z, block.top, temperature, [q, low, *others])
    shift = _shift(block.top)
    if shift is None:
        return block.z, None
    np.subtract(block.z, shift, out=q)
    if not ((block.top > LARGEST) & (block.top <= EXACT_ABOVE)).any():
        return q, None
    np.add(q, shift, out=low)
    np.subtract(block.z, low, out=low)
    return q, low


def _shift(top: Float64) -> Float64 | None:
    """Return what to subtract from each vector; None where it is 0 for all."""
    if top.min() >= 0.0 and top.max() <= LARGEST:
        return None
    shift: Float64 = np.rint(top)
    shift *= (top < 0.0) | (top > LARGEST)
    return shift


def _total(e: Float64, axis: int, spare: Float64) -> Float64:
    """Return the sum along the axis, kept: as `sums.accurate_sum` does, but rounded, and without new arrays.

    Neither numpy's pairwise sum nor a tree will do: where one class has most of the probability, each of
    their log k or more additions to it rounds by half an ulp of S: 5.8 ulp of p were measured.
    """
    total = np.add.reduce(e, axis=axis, keepdims=True)
    if e.shape[axis] <= _PLAIN:
        return total
    cut = total * CUT
    np.add(e, cut, out=spare)
    spare -= cut
    total = np.add.reduce(spare, axis=axis, keepdims=True)
    np.subtract(e, spare, out=spare)
    total += np.add.reduce(spare, axis=axis, keepdims=True)
    return total
