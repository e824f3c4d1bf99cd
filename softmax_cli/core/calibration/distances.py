"""How far the logits of a block are below the largest of their rows, and the exponentials of that."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64
from softmax_cli.core.kernels.blocks import Block, blocks
from softmax_cli.core.labelled import Labelled

LEAST = -700.0
"""What is below it counts as it: its probability is below 1e-304."""

MOST = 1 << 15
"""Rows that are summed up together: they share the price of a call to numpy."""

_NUMBERS = 1 << 16  # in a block: 512 kB


def blocks_of(rows: Labelled) -> Iterator[Block]:
    """Yield the logits of rows in blocks of at most `MOST` rows."""
    return blocks(rows.logits, values=min(_NUMBERS, MOST * rows.k))


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
