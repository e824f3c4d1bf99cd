"""One row's way through the network and back: every link of the chain rule with its numbers, and one step.

The derivative promises dp = J dz and dL = -rate |gradient|^2, to first order; the true changes after the
step show how far that holds.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from softmax_cli.core import cross_entropy, softmax
from softmax_cli.core.arrays import Float64
from softmax_cli.learning.network import ACTIVATIONS, Layer, Network, Problem, product
from softmax_cli.learning.table import FeatureTable, Scale
from softmax_cli.learning.training import Plan, TrainingStep


class Hidden(NamedTuple):
    """The links through a hidden layer, each of shape (hidden,)."""

    sums: Float64
    values: Float64
    by_values: Float64
    slopes: Float64
    by_sums: Float64


@dataclass(frozen=True, slots=True)
class BackwardPass:
    """One row's way forward, back, and one step on.

    Parameters
    ----------
    network, x, label, rate
        What is walked through: features of shape (d,), the true class, and the length of the step.
    layers, slopes, moved
        The weights before, the derivative of the loss by each, and the weights after.
    logits, probabilities, loss
        On the way forward, the first two of shape (k,).
    by_probabilities, jacobian, by_logits
        On the way back: dL/dp, the Jacobian of softmax, and their product, p - y.
    hidden
        The links through the hidden layer, or None where there is none.
    promised, became
        The probabilities after the step: by the derivative, and in truth.
    loss_promised, loss_became
        The loss after the step, likewise.
    error
        The largest difference of a derivative by a weight from the complex step's.
    """

    network: Network
    x: Float64
    label: int
    rate: float
    layers: list[Layer]
    slopes: list[Layer]
    moved: list[Layer]
    logits: Float64
    probabilities: Float64
    loss: float
    by_probabilities: Float64
    jacobian: Float64
    by_logits: Float64
    hidden: Hidden | None
    promised: Float64
    became: Float64
    loss_promised: float
    loss_became: float
    error: float

    def as_json(self, table: FeatureTable) -> dict[str, Any]:
        """Return every number by name."""
        return {
            "features": dict(zip(table.features, self.x.tolist(), strict=True)),
            "class": table.classes[self.label],
            "rate": self.rate,
            "classes": table.classes,
            **({} if self.hidden is None else {"hidden": self.hidden._asdict()}),
            "logits": self.logits,
            "probabilities": self.probabilities,
            "loss": self.loss,
            "dL_dp": self.by_probabilities,
            "jacobian": self.jacobian,
            "dL_dz": self.by_logits,
            "weights": [layer._asdict() for layer in self.layers],
            "dL_dweights": [layer._asdict() for layer in self.slopes],
            "new_weights": [layer._asdict() for layer in self.moved],
            "promised": self.promised,
            "became": self.became,
            "loss_promised": self.loss_promised,
            "loss_became": self.loss_became,
            "complex_step_error": self.error,
        }


def walked(table: FeatureTable, row: int, plan: Plan, *, as_measured: bool) -> BackwardPass:
    """Walk one row of a table through a network at its start, back, and one step on.

    `plan` gives the shape of the network, the seed of its start and the length of the step; its l2 is left
    out. Features go in as they were measured, or else standardised.

    Raises
    ------
    FloatingPointError
        Where a number is too large for a double.
    """
    scale = Scale.none(len(table.features)) if as_measured else table.scale()
    x = scale.standardised(table.values[row : row + 1])[0]
    network = Network(len(x), table.k, plan.hidden, plan.activation)
    label, rate = int(table.labels[row]), plan.rate
    problem = Problem(network, x[None, :], np.array([label], np.intp))
    before = problem.at(network.start(plan.seed))
    after = problem.at(before.flat - rate * before.gradient)
    step = TrainingStep(1, problem, after, before)
    z = before.logits[0]
    p = np.asarray(softmax.softmax(z), np.float64)
    by_p = np.zeros(network.k)
    by_p[label] = -1.0 / p[label]
    by_z = np.asarray(cross_entropy.gradient(z, label), np.float64)
    return BackwardPass(
        network=network,
        x=x,
        label=label,
        rate=rate,
        layers=network.layers(before.flat),
        slopes=network.layers(before.gradient),
        moved=network.layers(after.flat),
        logits=z,
        probabilities=p,
        loss=before.loss,
        by_probabilities=by_p,
        jacobian=np.asarray(softmax.jacobian(z), np.float64),
        by_logits=by_z,
        hidden=_hidden(network, before.flat, x, by_z) if network.hidden else None,
        promised=step.promised(0),
        became=step.probabilities(0),
        loss_promised=before.loss - rate * before.grad_norm**2,
        loss_became=after.loss,
        error=float(np.abs(before.gradient - problem.complex_gradient(before.flat)).max()),
    )


def _hidden(network: Network, flat: Float64, x: Float64, by_z: Float64) -> Hidden:
    first, last = network.layers(flat)
    sums = (product(x[None, :], first.weights) + first.biases)[0]
    values = network.hidden_values(flat, x[None, :])[0]
    by_values = product(by_z[None, :], last.weights.T)[0]
    slopes = np.asarray(ACTIVATIONS[network.activation].slope(values), np.float64)
    return Hidden(sums, values, by_values, slopes, by_values * slopes)
