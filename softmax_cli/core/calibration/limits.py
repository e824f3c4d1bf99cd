"""What the loss tends to where no temperature is best, and whether that is so.

The loss is convex in b = 1 / T. It has a finite minimum at some T > 0 exactly when

- the labels' logits are on average above the means of their rows (else T -> infinity is best, and the loss
  tends to log k), and
- some label's logit is below the largest of its row (else T -> 0 is best, and the loss tends to the mean of
  log of the number of classes tied at the top).
"""

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np

from softmax_cli.core.calibration.distances import Distances, blocks_of
from softmax_cli.core.gathered import Additive
from softmax_cli.core.kernels.blocks import Block, blocks, quiet
from softmax_cli.core.kernels.exact_sum import ExactSum
from softmax_cli.core.kernels.sums import dot
from softmax_cli.core.labelled import Labelled

Status: TypeAlias = Literal["ok", "zero", "infinite", "undetermined", "infeasible"]


@dataclass(slots=True)
class Limits(Additive):
    """What decides about a temperature, gathered over rows.

    Parameters
    ----------
    scale
        A power of two that the logits are multiplied by first.
    rows, weight
        How many rows there are, and the sum of their weights.
    first_masked
        The 1-based number of the first row whose label is masked, or None.
    below
        How many labels' logits are below the largest of their rows.
    uneven
        How many rows have logits that are not all the same.
    slope, size
        The sum of weight times (mean of the row less the label's logit), and of the sizes of its terms.
    at_zero, at_infinity
        The sums of weight times log of the number of classes tied at the top, and of those not masked.
    plain_loss
        The sum of weight times loss at T = 1.
    """

    of = ("scale",)
    scale: float = 1.0
    rows: int = 0
    weight: float = 0.0
    first_masked: int | None = None
    below: int = 0
    uneven: int = 0
    slope: float = 0.0
    size: float = 0.0
    at_zero: float = 0.0
    at_infinity: float = 0.0
    plain_loss: float = 0.0

    def add(self, rows: Labelled) -> None:
        """Look at some rows."""
        self.rows += len(rows)
        with quiet():
            for block in blocks_of(rows):
                self._add_block(rows, block)

    def _add_block(self, rows: Labelled, block: Block) -> None:
        place = slice(block.start, block.stop)
        counts = rows.counts(place)
        counted = counts > 0.0
        finite = block.z > -np.inf
        d = np.where(finite, block.z * self.scale - block.top * self.scale, 0.0)
        distances = Distances.of(rows, block, self.scale, np.empty(block.z.shape))
        values = distances.values
        tops = np.count_nonzero(values == 0.0, axis=block.axis)
        distances.exponentials(1.0 / self.scale, values, values)
        loss = np.log1p(np.add.reduce(values, axis=block.axis)) - distances.label / self.scale
        masked = distances.masked[counted[distances.masked]]
        if masked.size and self.first_masked is None:
            self.first_masked = rows.number(block.start + int(masked[0]))
        label = distances.label
        label[~counted] = 0.0
        label[masked] = 0.0
        open_classes = np.add.reduce(finite, axis=block.axis)
        mean = np.add.reduce(d, axis=block.axis) / open_classes
        self.weight += float(counts.sum())
        self.below += int(np.count_nonzero((label < 0.0) & counted))
        self.uneven += int(np.count_nonzero((tops < open_classes) & counted))
        self.slope += dot(counts, mean - label)
        self.size += dot(counts, np.abs(mean) + np.abs(label))
        self.at_zero += dot(counts, np.log(tops))
        self.at_infinity += dot(counts, np.log(open_classes))
        self.plain_loss += dot(counts, np.where(counted, loss, 0.0))

    @property
    def is_close(self) -> bool:
        """Whether the labels' logits are so near to the means of their rows that rounding may decide."""
        return self.uneven > 0 and abs(self.slope) <= 1e-9 * self.size

    def status(self, exact_slope: "Fraction | None" = None) -> Status:
        """Say whether a finite temperature above 0 is best.

        Parameters
        ----------
        exact_slope
            The slope without rounding, where that decides.
        """
        if self.first_masked is not None:
            return "infeasible"
        if self.uneven == 0:
            return "undetermined"
        if (self.slope if exact_slope is None else exact_slope) >= 0:
            return "infinite"
        return "ok" if self.below else "zero"

    def limit(self, status: Status) -> float | None:
        """Return the mean loss that a temperature without a finite best value tends to."""
        if status == "infeasible":
            return math.inf
        if status == "ok":
            return None
        return (self.at_zero if status == "zero" else self.at_infinity) / self.weight


@dataclass(slots=True)
class ExactSlope(Additive):
    """The sum of weight times (mean of the row less the label's logit), without rounding."""

    of_rows: dict[int, ExactSum] = field(default_factory=dict)
    of_labels: ExactSum = field(default_factory=ExactSum)

    def add(self, rows: Labelled) -> None:
        """Add some rows."""
        for block in blocks(rows.logits):
            z = block.by_row(block.z)
            place = slice(block.start, block.stop)
            counts = rows.counts(place)
            finite = z > -np.inf
            open_classes = finite.sum(axis=1)
            z = np.where(finite, z, 0.0)
            for m in np.unique(open_classes).tolist():
                chosen = open_classes == m
                total = self.of_rows.setdefault(m, ExactSum())
                total.add_products(z[chosen], np.broadcast_to(counts[chosen, None], z[chosen].shape))
            if rows.target is not None:
                self.of_labels.add_products(z[np.arange(len(z)), rows.target[place]], counts)
            else:
                assert rows.soft is not None
                self.of_labels.add_products(z, rows.soft[place] * counts[:, None])

    def value(self) -> Fraction:
        """Return the sum."""
        means = sum((total.exact() / m for m, total in self.of_rows.items()), Fraction(0))
        return means - self.of_labels.exact()
