"""A fitted calibration, and each step to its temperature."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.arrays import Array, rows_of
from softmax_cli.core.calibration.limits import Status
from softmax_cli.core.calibration.scaling import Affine
from softmax_cli.core.labelled import Labelled
from softmax_cli.core.softmax import softmax
from softmax_cli.errors import InputError


@dataclass(frozen=True, slots=True)
class NewtonStep:
    """One step in numbers: the mean loss, its slope and curvature in b = 1 / T, and where they lead.

    Parameters
    ----------
    rows
        How many rows the step looked at.
    """

    rows: int
    temperature: float
    loss: float
    slope: float
    curvature: float
    next_temperature: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A fitted calibration, with the fields of ``softmax calibrate -f json``.

    Parameters
    ----------
    status
        ``ok``; ``zero`` or ``infinite`` where the loss falls on and on as T does, or grows; ``undetermined``
        where no row says anything; ``infeasible`` where the label of a row is masked.
    method
        One of ``calibrate.METHODS``.
    temperature
        The best T; None but for the status ``ok``, and for vector and matrix scaling.
    se, low, high
        Its standard error (the sandwich's, right also where the model is wrong), and its 95 % interval.
    certified
        A bound of the relative error of T.
    nll_before, nll_after
        The mean loss at T = 1, and with this calibration.
    nll_limit
        What the mean loss tends to where there is no best T.
    rows, ignored
        How many rows there were, and how many were left out.
    passes
        How often the rows were read.
    uniform
        What part of the uniform distribution is mixed in.
    affine
        Of vector and matrix scaling, else None.
    steps
        The Newton steps for the temperature, in numbers.
    first_masked
        The 1-based number of the row that makes it infeasible.
    """

    status: Status
    method: str = "temperature"
    temperature: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    certified: float | None = None
    nll_before: float
    nll_after: float | None = None
    nll_limit: float | None = None
    rows: int
    ignored: int = 0
    passes: int
    uniform: float = 0.0
    affine: Affine | None = None
    steps: tuple[NewtonStep, ...] = field(default=(), repr=False)
    first_masked: int | None = None

    @property
    def softmax_temperature(self) -> float:
        """The T with which softmax makes calibrated probabilities of what `logits` returns."""
        return self.temperature if self.method == "temperature" and self.temperature is not None else 1.0

    def logits(self, z: Array) -> Array:
        """Return the logits whose softmax at `softmax_temperature` is calibrated, shape (n, k) like `z`.

        Raises
        ------
        InputError
            Unless the status is ``ok``; for a masked class under a whole matrix.
        """
        if self.status != "ok":
            raise InputError(f"nothing was fitted: the status is {self.status}")
        if self.affine is not None:
            return self.affine.logits(np.asarray(z, np.float64))
        if self.method == "mix" and self.temperature is not None:
            p = softmax(np.asarray(z, np.float64), temperature=self.temperature)
            share = ~np.isneginf(z) / (~np.isneginf(z)).sum(axis=-1, keepdims=True)
            with np.errstate(divide="ignore"):
                log_p: Array = np.log((1.0 - self.uniform) * p + self.uniform * share)
            return log_p
        return z

    def applied(self, rows: Labelled) -> Labelled:
        """Return rows with the logits that `logits` gives."""
        return replace(rows, z=self.logits(rows.z))

    def probabilities(self, logits: ArrayLike) -> Array:
        """Return calibrated probabilities for logits (..., k).

        Raises
        ------
        InputError
            Unless the status is ``ok``; for logits that have no softmax.
        """
        rows = rows_of(logits, -1)
        return rows.per_class(softmax(self.logits(rows.values), temperature=self.softmax_temperature))
