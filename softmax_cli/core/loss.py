"""The loss of many rows and the scores beside it: sums that add up from parts without rounding.

Every row is scored within a few units in the last place, and the sums over rows are exact until they are
rounded once: the same for any block size, any number of threads, and any way to cut the rows into parts.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.arrays import Float64, temperature_of
from softmax_cli.core.gathered import Additive
from softmax_cli.core.kernels.blocks import quiet
from softmax_cli.core.kernels.exact_sum import ExactSum
from softmax_cli.core.kernels.threads import in_parts
from softmax_cli.core.labelled import Labelled, labelled
from softmax_cli.core.scores import Objective, RowScores, row_scores
from softmax_cli.errors import InputError


@dataclass(slots=True)
class Totals(Additive):
    """Sums over rows, exact, that add up from parts.

    Parameters
    ----------
    rows
        How many rows there are.
    first_infinite
        The 1-based number of the first row whose loss is infinite, or None.
    """

    rows: int = 0
    first_infinite: int | None = None
    infinite: int = 0
    loss: ExactSum = field(default_factory=ExactSum)
    square: ExactSum = field(default_factory=ExactSum)
    cross: ExactSum = field(default_factory=ExactSum)
    weight: ExactSum = field(default_factory=ExactSum)
    weight_square: ExactSum = field(default_factory=ExactSum)
    row_weight: ExactSum = field(default_factory=ExactSum)
    brier: ExactSum = field(default_factory=ExactSum)
    right: ExactSum = field(default_factory=ExactSum)
    tied: ExactSum = field(default_factory=ExactSum)
    among: dict[int, ExactSum] = field(default_factory=dict)

    def merge(self, other: Self, /) -> None:
        """Add the totals of other rows, in whatever order they come."""
        firsts = [first for first in (self.first_infinite, other.first_infinite) if first is not None]
        Additive.merge(self, other)  # super() would not find the class with slots
        self.first_infinite = min(firsts, default=None)

    def add(self, rows: Labelled, objective: Objective) -> None:
        """Add the scores of some rows."""

        def work(start: int, stop: int) -> None:
            part = Totals()
            for place, scores in row_scores(rows, objective, start, stop):
                own = None if rows.weights is None else rows.weights[place]
                part.row_weight.add(rows.counts(place))
                part.add_scores(scores, rows.first_row + place.start, own)
            parts.append(part)

        parts: list[Totals] = []
        in_parts(work, len(rows), rows.z.size)
        for part in parts:
            self.merge(part)

    def add_scores(self, scores: RowScores, first_row: int, row_weights: Float64 | None) -> None:
        """Add the scores of some rows, of which the first has this number."""
        self.rows += len(scores.loss)
        weighted = bool((scores.weights != 1.0).any())
        infinite = np.flatnonzero(np.isposinf(scores.loss) & (scores.weights > 0.0))
        if infinite.size:
            self.infinite += infinite.size
            if self.first_infinite is None:
                self.first_infinite = first_row + int(infinite[0])
        for name, values in (("brier", scores.brier), ("right", scores.right), ("tied", scores.tied)):
            _add_weighted(getattr(self, name), values, row_weights)
        for n, values in scores.among.items():
            _add_weighted(self.among.setdefault(n, ExactSum()), values, row_weights)
        self.weight.add(scores.weights)
        _add_weighted(self.loss, scores.loss, scores.weights if weighted else None)
        with quiet():
            each = np.where(scores.weights > 0.0, scores.loss * scores.weights, 0.0)
            self.square.add(each * each)
            if weighted:
                self.cross.add(np.where(each > 0.0, each * scores.weights, 0.0))
                self.weight_square.add(scores.weights * scores.weights)
            else:
                self.cross.add(each)
                self.weight_square.add(scores.weights)

    @property
    def mean(self) -> float:
        """The mean loss: the sum over the sum of the weights, rounded once."""
        return self.loss.over(self.weight)

    @property
    def standard_error(self) -> float | None:
        """The standard error of the mean loss; None for fewer than two rows.

        Without weights the sample deviation (n - 1) over the root of n; with them
        sqrt(n / (n - 1) sum w^2 (l - mean)^2) / sum w.
        """
        weight = self.weight.exact()
        if self.rows < 2 or weight == 0:
            return None
        if self.loss.infinite:
            return math.inf
        mean = self.loss.exact() / weight
        spread = self.square.exact() - 2 * mean * self.cross.exact() + mean**2 * self.weight_square.exact()
        return math.sqrt(max(Fraction(0), spread * self.rows / (self.rows - 1))) / float(weight)


def _add_weighted(total: ExactSum, values: Float64, weights: Float64 | None) -> None:
    if weights is None:
        total.add(values)
    else:
        total.add_products(values, weights)


@dataclass(frozen=True, slots=True)
class Loss:
    """The loss over some rows, with the fields of ``softmax loss -f json``.

    Parameters
    ----------
    rows, ignored
        How many rows count, and how many were left out.
    nll
        The mean loss, in nats: the sum of weight times loss, over the sum of the weights.
    nll_se
        Its standard error, None for fewer than two rows.
    nll_sum
        The sum of weight times loss.
    bits, perplexity
        nll / log 2 and exp(nll).
    brier
        The mean of the sum over classes of (p - y)^2.
    accuracy, accuracy_tied
        How often the true class alone is the largest; is among the largest.
    top
        For each N asked for, how often the true class is surely among the N largest.
    """

    temperature: float
    rows: int
    ignored: int
    nll: float
    nll_se: float | None
    nll_sum: float
    bits: float
    perplexity: float
    brier: float
    accuracy: float
    accuracy_tied: float
    top: Mapping[int, float]

    @classmethod
    def of(cls, totals: Totals, temperature: float, *, ignored: int = 0, reduction: str) -> "Loss":
        """Read the loss from totals; with the reduction ``sum``, nll, nll_se and bits are of the sum."""
        mean = totals.mean
        nll, se = mean, totals.standard_error
        if reduction == "sum":
            nll, se = float(totals.loss), None if se is None else se * float(totals.weight)
        return cls(
            temperature=temperature,
            rows=totals.rows,
            ignored=ignored,
            nll=nll,
            nll_se=se,
            nll_sum=float(totals.loss),
            bits=nll / math.log(2.0),
            perplexity=math.exp(mean) if mean < _LOG_LARGEST else math.inf,
            brier=totals.brier.over(totals.row_weight),
            accuracy=totals.right.over(totals.row_weight),
            accuracy_tied=totals.tied.over(totals.row_weight),
            top={n: total.over(totals.row_weight) for n, total in totals.among.items()},
        )


_LOG_LARGEST = 709.0


def loss(
    logits: ArrayLike,
    labels: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    temperature: float = 1.0,
    class_weights: ArrayLike | None = None,
    smoothing: float = 0.0,
    focal: float = 0.0,
    z_loss: float = 0.0,
    top: tuple[int, ...] = (),
    reduction: str = "mean",
) -> Loss:
    """Return the mean cross-entropy of many rows, and the scores that go with it.

    The loss of a row is -log p_y, p = softmax(z / T); of a distribution y, -sum_j y_j log p_j.

    Parameters
    ----------
    logits, temperature
        As `z` and `temperature` of `softmax`, the classes along the last axis.
    labels
        The true class of each row, counted from 0, of the leading shape; or distributions over the classes,
        of the shape of the logits.
    weights
        The weight of each row, of the leading shape: finite, at least 0.
    class_weights
        The weight of each class, shape (k,), by which that of a row is multiplied.
    smoothing
        E in [0, 1]: the true class gets 1 - E + E / k, the others E / k, k the number of classes that are not
        masked.
    focal
        G: the loss of a row is (1 - p)^G times -log p.
    z_loss
        C: C logsumexp(z / T)^2 is added.
    top
        As for `Objective`.
    reduction
        ``mean`` or ``sum``.

    Returns
    -------
    Loss
        Its mean is the exact sum of the rows' losses, each within 4 ulp, rounded once.

    Raises
    ------
    InputError
        For labels or weights that do not fit, options out of range, or where no row has a weight above 0.

    Examples
    --------
    >>> found = loss([[2.0, 0.0], [0.0, 1.0], [1.0, 0.0]], [0, 1, 1])
    >>> round(found.nll, 6), found.accuracy == 2 / 3
    (0.584484, True)
    """
    rows = labelled(logits, labels, weights)
    objective = Objective(
        temperature=temperature_of(temperature),
        smoothing=_between("smoothing", smoothing, 1.0),
        focal=_between("focal", focal),
        z_loss=_between("z_loss", z_loss),
        class_weights=None if class_weights is None else _class_weights(class_weights, rows.k),
        top=tuple(top),
    )
    if reduction not in {"mean", "sum"}:
        raise InputError(f"reduction: 'mean' or 'sum', not {reduction!r}")
    totals = Totals()
    totals.add(rows, objective)
    if not totals.weight.units:
        raise InputError("no row counts: there are none, or every weight is 0")
    return Loss.of(totals, objective.temperature, reduction=reduction)


def _between(name: str, value: float, most: float = math.inf) -> float:
    number = float(value)
    if not (0.0 <= number <= most and number < math.inf):
        raise InputError(
            f"{name}: {value!r} is not a number of at least 0" + (" and at most 1" * (most == 1))
        )
    return number


def _class_weights(weights: ArrayLike, k: int) -> tuple[float, ...]:
    array = np.asarray(weights, dtype=np.float64)
    if array.shape != (k,):
        raise InputError(f"class_weights: shape {array.shape} does not fit {k} classes")
    if not ((array >= 0.0) & (array < np.inf)).all():
        raise InputError("class_weights: every weight is finite and at least 0")
    return tuple(array.tolist())
