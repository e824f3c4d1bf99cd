"""The row that a model is least sure of, and the feature that made it so."""

from dataclasses import dataclass

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.softmax import softmax
from softmax_cli.learning.table import FeatureTable, Scale
from softmax_cli.learning.training import TrainingStep


@dataclass(frozen=True, slots=True)
class Unsure:
    """A row whose two most probable classes are close.

    Parameters
    ----------
    row
        Counted from 0.
    first, second
        Its two most probable classes.
    p
        Its probabilities, shape (k,).
    feature
        The feature that pulls most from the second class to the first, or back; counted from 0.
    p_without
        The probabilities, were that feature at its mean, shape (k,).
    """

    row: int
    first: int
    second: int
    p: Float64
    feature: int
    p_without: Float64


def least_sure(step: TrainingStep, table: FeatureTable, scale: Scale) -> Unsure:
    """Return the row with the smallest gap between its two largest probabilities, the first of several."""
    p = np.asarray(softmax(step.state.logits), np.float64)
    two = np.sort(p, axis=1)[:, -2:]
    row = int(np.argmin(two[:, 1] - two[:, 0]))
    first, second = np.argsort(-p[row], kind="stable")[:2].tolist()
    x = scale.standardised(table.values[row : row + 1])
    without = np.repeat(x, x.shape[1], axis=0)
    without[np.diag_indices(x.shape[1])] = 0.0  # the mean, once standardised
    others = np.asarray(softmax(step.problem.network.logits(step.state.flat, without)), np.float64)
    gap = others[:, first] - others[:, second]
    feature = int(np.argmax(np.abs(gap - (p[row, first] - p[row, second]))))
    return Unsure(row, first, second, p[row], feature, others[feature])
