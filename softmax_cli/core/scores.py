"""How well the probabilities of each row fit its label: loss, Brier score, whether they are right."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64
from softmax_cli.core.kernels.blocks import Block, blocks, quiet
from softmax_cli.core.kernels.exponentials import Exponentials
from softmax_cli.core.kernels.sums import expected
from softmax_cli.core.labelled import Labelled


@dataclass(frozen=True, slots=True)
class Objective:
    """The loss of a row: sum_j y_j (1 - p_j)^G (-log p_j) + C log(sum_j exp(z_j / T))^2.

    Parameters
    ----------
    temperature, smoothing, focal, z_loss, class_weights
        As for `loss`: T, E (which makes y of the label), G, C, and the weight of each class.
    top
        The N for which to count how often the true class is among the N largest.
    """

    temperature: float = 1.0
    smoothing: float = 0.0
    focal: float = 0.0
    z_loss: float = 0.0
    class_weights: tuple[float, ...] | None = None
    top: tuple[int, ...] = ()


@dataclass(slots=True)
class RowScores:
    """The scores of each row of a part, shape (n,).

    Parameters
    ----------
    loss
        The loss, in nats; +inf where the true class is masked.
    brier
        The sum over classes of (p - y)^2.
    right, tied
        The label's weight on the class that alone is largest; on those that are largest.
    weights
        The weight of each row in the mean loss.
    among
        The label's weight on classes that are surely among the N largest.
    """

    loss: Float64
    brier: Float64
    right: Float64
    tied: Float64
    weights: Float64
    among: dict[int, Float64]


def row_scores(
    rows: Labelled, objective: Objective, start: int = 0, stop: int | None = None
) -> Iterator[tuple[slice, RowScores]]:
    """Yield the scores of rows start to stop, a block at a time, each with its place.

    A loss is within 4 ulp of the exact one, that of a saturated row too.

    Raises
    ------
    LogitsError
        As `kernels.blocks` does.
    """
    with quiet():
        for block in blocks(rows.logits, start=start, stop=stop):
            yield slice(block.start, block.stop), _Scored(rows, block, objective).scores()


class _Scored:
    """One block on its way from logits and labels to scores."""

    def __init__(self, rows: Labelled, block: Block, objective: Objective) -> None:
        self.rows = rows
        self.block = block
        self.axis = block.axis
        self.objective = objective
        self.state = Exponentials(block, objective.temperature)
        place = slice(block.start, block.stop)
        self.weights = rows.counts(place)
        self.target = None if rows.target is None else np.expand_dims(rows.target[place], block.axis)

    def scores(self) -> RowScores:
        """Return all scores."""
        alone = self.state.is_top & (self.state.is_top.sum(axis=self.axis, keepdims=True) == 1)
        return RowScores(
            loss=self._loss(),
            brier=self._brier(),
            right=self._label_on(alone),
            tied=self._label_on(self.state.is_top),
            weights=self._weights(),
            among={n: self._label_on(self._above(n)) for n in self.objective.top},
        )

    @cached_property
    def _masked(self) -> NDArray[np.bool_]:
        masked: NDArray[np.bool_] = np.isneginf(self.block.z)
        return masked

    @cached_property
    def _share(self) -> Float64:
        """1 over the number of classes that are not masked; 0 for those that are."""
        open_classes: Float64 = (~self._masked) / (~self._masked).sum(axis=self.axis, keepdims=True)
        return open_classes

    @cached_property
    def _soft(self) -> Float64:
        """The labels as distributions, laid out as the block is."""
        if self.rows.soft is not None:
            return self.block.lay(self.rows.soft)
        soft = np.zeros(self.block.z.shape)
        np.put_along_axis(soft, self._target, 1.0, axis=self.axis)
        return soft

    @property
    def _target(self) -> NDArray[np.intp]:
        assert self.target is not None  # there are no distributions
        return self.target

    @cached_property
    def _cost(self) -> Float64:
        """(1 - p)^G times -log p, of every class."""
        cost = 0.0 - self.state.log_p
        if self.objective.focal > 0.0:
            cost = cost * self.state.complement**self.objective.focal
        return cost

    def _loss(self) -> Float64:
        e = self.objective.smoothing
        if self.target is not None and e == 0.0:
            loss = self._pick(self._cost)
        else:
            soft = (1.0 - e) * self._soft + e * self._share
            loss = self._flat(expected(soft, self._cost, self.axis))
        return loss if self.objective.z_loss == 0.0 else loss + self._normaliser()

    def _normaliser(self) -> Float64:
        """C log(sum_j exp(z_j / T))^2."""
        lse = self._flat(self.block.top / self.objective.temperature + np.log1p(self.state.rest))
        endless = np.isposinf(self.rows.z[self.block.start : self.block.stop]).any(axis=1)
        return self.objective.z_loss * np.where(endless, np.inf, lse) ** 2

    def _brier(self) -> Float64:
        if self.target is not None:
            difference = self.state.p.copy()
            at_label = np.take_along_axis(self.state.complement, self._target, axis=self.axis)
            np.put_along_axis(difference, self._target, at_label, axis=self.axis)
        else:
            difference = self.state.p - self._soft
        difference *= difference
        return self._flat(difference.sum(axis=self.axis, keepdims=True))

    def _weights(self) -> Float64:
        """Return what each row counts: its weight times that of its class."""
        if self.objective.class_weights is None:
            return self.weights
        table = np.asarray(self.objective.class_weights, dtype=np.float64)
        if self.target is not None:
            return self.weights * table[self._target.ravel()]
        each = self.block.by_row(self._soft) * table
        weights: Float64 = self.weights * each.sum(axis=1)
        return weights

    def _above(self, n: int) -> NDArray[np.bool_]:
        """Return which classes are above all but the n largest."""
        k = self.block.z.shape[self.axis]
        if n >= k:
            return ~self._masked
        limit = np.partition(self.block.z, k - 1 - n, axis=self.axis).take([k - 1 - n], axis=self.axis)
        above: NDArray[np.bool_] = self.block.z > limit
        return above

    def _label_on(self, classes: NDArray[np.bool_]) -> Float64:
        """Return the label's weight on the classes that are marked."""
        if self.target is not None:
            return self._pick(classes.astype(np.float64))
        return self._flat((self._soft * classes).sum(axis=self.axis, keepdims=True))

    def _pick(self, values: Float64) -> Float64:
        return self._flat(np.take_along_axis(values, self._target, axis=self.axis))

    def _flat(self, kept: Float64) -> Float64:
        flat: Float64 = kept.ravel()
        return flat


def losses(rows: Labelled, objective: Objective) -> Float64:
    """Return the loss of each row, (n,)."""
    found = np.empty(len(rows))
    for place, scores in row_scores(rows, objective):
        found[place] = scores.loss
    return found
