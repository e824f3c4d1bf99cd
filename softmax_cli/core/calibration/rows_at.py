"""One block of rows at an inverse temperature: losses, slopes and moments of w = b (z - max z) under p."""

from functools import cached_property

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.kernels.blocks import Block
from softmax_cli.core.labelled import Labelled

ORDER = 8
"""The highest moment."""

LEAST = -700.0
"""What is below it counts as it: its probability is below 1e-304."""


class Below:
    """How far the logits of one block, and those of its labels, are below the largest of their rows."""

    def __init__(self, rows: Labelled, block: Block, scale: float) -> None:
        self.axis = block.axis
        self.k = rows.k
        self.d = block.z - block.top if scale == 1.0 else block.z * scale - block.top * scale
        place = slice(block.start, block.stop)
        self.label = _at_label(self.d, rows, block, place)
        self.masked = np.isneginf(self.label)
        if self.masked.any():  # or a distance that is no double
            self.masked = np.isneginf(_at_label(block.z, rows, block, place))


class RowsAt:
    """One block at an inverse temperature b: what each row, (n,), adds to the sums.

    With `last` it may overwrite what it is made of.
    """

    def __init__(self, below: Below, b: float, *, last: bool = False) -> None:
        self.axis = below.axis
        self.k = below.k
        self.label = below.label * b
        w = np.multiply(below.d, b, out=below.d if last else None)
        self.w = np.maximum(w, LEAST, out=w)
        self.e = np.exp(self.w)
        others = self.w < 0.0
        self.rest = self._sum(self.e * others)
        if int(np.count_nonzero(others)) == others.size - self.rest.size:
            self.tops = np.ones(1)
        else:
            self.tops = self.k - self._sum(others.astype(np.float64))

    @cached_property
    def total(self) -> Float64:
        """The sum of all exponentials."""
        total: Float64 = self.rest + self.tops
        return total

    @cached_property
    def mean(self) -> Float64:
        """The first cumulant."""
        return self._dot(self.e, self.w) / self.total

    @cached_property
    def slope(self) -> Float64:
        """The mean less w_y."""
        return self.mean - self.label

    @property
    def loss(self) -> Float64:
        """The loss: log sum exp(w) - w_y."""
        rest = self.rest if len(self.tops) == 1 else self.rest + (self.tops - 1.0)
        loss = _log1p(rest)
        loss -= self.label
        return loss

    def variance(self) -> Float64:
        """Return the second cumulant."""
        c = self.w - self._kept(self.mean)
        c *= c
        variance: Float64 = self._dot(self.e, c) / self.total
        return variance

    def moments(self) -> list[Float64]:
        """Return the central moments of order 2 to `ORDER`, each at its place; destroys w and e."""
        over = 1.0 / self.total
        c, second = self.w, self.e
        c -= self._kept(self.mean)
        c2 = c * c
        second *= c2
        c *= second
        m2, m3, m5 = self._sum(second), self._sum(c), self._dot(c, c2)
        second *= c2
        m4, m6 = self._sum(second), self._dot(second, c2)
        c2 *= c2
        moments = [m2, m2, m2.copy(), m3, m4, m5, m6, self._dot(c, c2), self._dot(second, c2)]
        for m in range(2, ORDER + 1):
            moments[m] *= over
        return moments

    def _sum(self, values: Float64) -> Float64:
        total: Float64 = np.add.reduce(values, axis=self.axis)
        return total

    def _dot(self, a: Float64, b: Float64) -> Float64:
        if self.axis == 0:
            return self._sum(a * b)
        product: Float64 = np.einsum("ij,ij->i", a, b)
        return product

    def _kept(self, values: Float64) -> Float64:
        return np.expand_dims(values, self.axis)


def _at_label(d: Float64, rows: Labelled, block: Block, place: slice) -> Float64:
    """Return d at the label of each row; of a distribution its mean."""
    if rows.target is not None:
        target = rows.target[place]
        n = len(target)
        index = target * n + np.arange(n) if block.axis == 0 else np.arange(n) * rows.k + target
        at_label: Float64 = np.ascontiguousarray(d).ravel().take(index)
        return at_label
    assert rows.soft is not None
    soft = block.lay(rows.soft)
    mean: Float64 = np.add.reduce(np.where(soft > 0.0, soft * d, 0.0), axis=block.axis)
    return mean


def _log1p(x: Float64) -> Float64:
    """Return log(1 + x) within 3 ulp for x >= 0: numpy's own takes five times as long.

    Source: Kahan, in the HP-15C Advanced Functions Handbook (1982).
    """
    u = 1.0 + x
    d = u - 1.0
    exact = d == 0.0
    d += exact
    result: Float64 = np.log(u) * (x / d)
    result += x * exact
    return result
