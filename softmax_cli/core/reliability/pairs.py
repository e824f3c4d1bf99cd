"""Confidences with what came true, gathered from rows that come in parts, in bounded memory."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64
from softmax_cli.core.kernels.blocks import Block, blocks, quiet
from softmax_cli.core.kernels.exponentials import Exponentials
from softmax_cli.core.labelled import Labelled

EXACT = 10_000_000
"""Up to so many pairs each is kept; beyond, they are counted in cells."""

_MANTISSA = 16  # bits of a cell's width: c or 1 - c to 2^-16 of itself
_EXPONENTS = 16  # powers of two below 1/2 that are told apart
_CODES = _EXPONENTS << _MANTISSA
_WAITING = 1 << 20


@dataclass(frozen=True, slots=True)
class SortedPairs:
    """Confidences in increasing order, and what came true of each.

    Parameters
    ----------
    c
        The confidences, (n,); the mean of a cell where pairs are counted in cells.
    r
        How much of it came true: 0 or 1, or between for soft labels and cells.
    weight
        What each counts; 1 but for weights and cells.
    cells
        Whether pairs are counted in cells.
    """

    c: Float64
    r: Float64
    weight: Float64
    cells: bool = False

    @property
    def count(self) -> Float64:
        """How many pairs each stands for, (n,)."""
        return self.weight if self.cells else np.ones(len(self.c))

    @property
    def total(self) -> float:
        """The sum of the weights."""
        return float(self.weight.sum())

    def mean(self, values: Float64) -> float:
        """Return the weighted mean of one number a pair; 0 times infinity is 0."""
        with np.errstate(invalid="ignore"):
            terms = np.where(self.weight > 0.0, values * self.weight, 0.0)
        return float(terms.sum()) / self.total


@dataclass(slots=True)
class Pairs:
    """Gathers the pairs of one scope.

    Parameters
    ----------
    scope
        ``top`` (the predicted class), ``classes`` (each class of each row), or the index of a class.
    temperature
        T.
    log_sum
        The sum of weight times log score, from 1 - c as it is, not as 1 less a rounded c.
    """

    scope: str | int
    temperature: float
    rows: int = 0
    log_sum: float = 0.0
    kept: list[tuple[Float64, Float64, Float64]] = field(default_factory=list)
    count: int = 0
    cells: "_CellCounts | None" = None

    def add(self, rows: Labelled) -> None:
        """Add the pairs of some rows."""
        self.rows += len(rows)
        with quiet():
            for block in blocks(rows.logits):
                self._add_block(rows, block)
        if self.count > EXACT and sum(len(c) for c, _, _ in self.kept) > _WAITING:
            self._count()

    def merge(self, other: "Pairs") -> None:
        """Add the pairs of the rows that follow."""
        other._count()
        self.rows += other.rows
        self.log_sum += other.log_sum
        self.kept += other.kept
        self.count += other.count
        self._count()
        if self.cells is not None and other.cells is not None:
            self.cells.sums += other.cells.sums

    def table(self) -> SortedPairs:
        """Return all pairs, by confidence; those of equal confidence in the order they came."""
        self._count()
        if self.cells is not None:
            return self.cells.table()
        c, r, w = (np.concatenate(column) for column in zip(*self.kept, strict=True))
        order = np.argsort(c, kind="stable")
        return SortedPairs(c[order], r[order], w[order])

    def _count(self) -> None:
        """Count what is kept in cells, where there are too many pairs to keep each."""
        if self.count <= EXACT:
            return
        self.cells = self.cells or _CellCounts()
        for c, r, w in self.kept:
            self.cells.add(c, r, w)
        self.kept = []

    def _add_block(self, rows: Labelled, block: Block) -> None:
        state = Exponentials(block, self.temperature)
        place = slice(block.start, block.stop)
        y = rows.distributions(place)
        weights = rows.counts(place)
        p, q = block.by_row(state.p), block.by_row(state.complement)
        if self.scope == "top":
            places = block.places if block.places is not None else block.z.argmax(axis=0)
            predicted = places[:, None]
            p, q, y = (np.take_along_axis(values, predicted, axis=1) for values in (p, q, y))
        elif isinstance(self.scope, int):
            p, q, y = p[:, [self.scope]], q[:, [self.scope]], y[:, [self.scope]]
        c, rest, r = p.ravel(), q.ravel(), y.ravel()
        w = np.repeat(weights, p.shape[1])
        right = np.where(r > 0.0, r * -np.log(c), 0.0)
        wrong = np.where(r < 1.0, (1.0 - r) * -np.log(rest), 0.0)
        self.log_sum += float(np.where(w > 0.0, (right + wrong) * w, 0.0).sum())
        counted = w > 0.0
        self.kept.append((c[counted], r[counted], w[counted]))
        self.count += int(counted.sum())


class _CellCounts:
    """Counts of pairs, in cells that are narrow near 0 and near 1."""

    def __init__(self) -> None:
        self.sums = np.zeros((3, 2 * _CODES))

    def add(self, c: Float64, r: Float64, w: Float64) -> None:
        """Count some pairs."""
        codes = _codes(c)
        for i, weights in enumerate((w, w * r, w * c)):
            self.sums[i] += np.bincount(codes, weights, minlength=2 * _CODES)

    def table(self) -> SortedPairs:
        """Return the cells that hold pairs."""
        w, right, confidence = self.sums[:, self.sums[0] > 0.0]
        return SortedPairs(confidence / w, right / w, w, cells=True)


def _codes(c: Float64) -> NDArray[np.int64]:
    """Return the cell of each confidence, in increasing order."""
    low = c < 0.5
    distance = np.maximum(np.where(low, c, 1.0 - c), 2.0 ** -(_EXPONENTS + 1))
    bits = distance.view(np.int64) >> (52 - _MANTISSA)
    code = np.minimum(bits - ((1022 - _EXPONENTS) << _MANTISSA), _CODES - 1)
    codes: NDArray[np.int64] = np.where(low, code, 2 * _CODES - 1 - code)
    return codes
