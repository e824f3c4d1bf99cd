"""Calibration: what makes a model's probabilities mean what they say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.arrays import Array, rows_of
from softmax_cli.core.calibration.fitted import NewtonStep
from softmax_cli.core.calibration.limits import Status
from softmax_cli.core.calibration.samples import SEED, Sample
from softmax_cli.core.calibration.scaling import Affine, fit_affine
from softmax_cli.core.calibration.source import Here, RowSource
from softmax_cli.core.calibration.temperature import fit_temperature
from softmax_cli.core.labelled import Labelled, labelled
from softmax_cli.core.loss import Totals
from softmax_cli.core.scores import Objective
from softmax_cli.core.softmax import softmax
from softmax_cli.errors import InputError

METHODS = ("temperature", "mix", "vector", "matrix")

_IN_95_PERCENT = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted calibration, with the fields of ``softmax calibrate -f json``.

    Parameters
    ----------
    status
        ``ok``; ``zero`` or ``infinite`` where the loss falls on and on as T does, or grows; ``undetermined``
        where no row says anything; ``infeasible`` where the label of a row is masked.
    method
        One of `METHODS`.
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
    method: str
    temperature: float | None
    se: float | None
    low: float | None
    high: float | None
    certified: float | None
    nll_before: float
    nll_after: float | None
    nll_limit: float | None
    rows: int
    ignored: int
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


def calibrate(
    logits: ArrayLike, labels: ArrayLike, weights: ArrayLike | None = None, *, method: str = "temperature"
) -> Calibration:
    """Fit the temperature that minimises the mean cross-entropy, by Newton's method with a certificate.

    With b = 1 / T the mean loss has the slope mean(E_p z - z_y) and the curvature mean(Var_p z) >= 0: it is
    convex in b, and T is where the slope is 0. Whether there is such a T is decided first.

    Parameters
    ----------
    logits, labels, weights
        As for `loss`.
    method
        ``temperature``; ``mix``, the same and 1 / (n + 1) of the uniform distribution; ``vector``,
        softmax(a_j z_j + c_j); ``matrix``, softmax(W z + c).

    Returns
    -------
    Calibration
        With T within the relative error `certified`, of the order of 1e-15.

    Raises
    ------
    InputError
        As for `loss`.

    Notes
    -----
    Sources: Guo, Pleiss, Sun, Weinberger, On calibration of modern neural networks (2017); White (1982) for
    the standard error.

    Examples
    --------
    >>> found = calibrate([[2.0, 0.0], [1.0, 0.0], [0.0, 3.0], [2.0, 0.0]], [0, 1, 1, 0])
    >>> found.status, round(found.temperature, 4)
    ('ok', 1.0786)
    >>> found.probabilities([4.0, 0.0]).round(3)
    array([0.976, 0.024])
    >>> calibrate([[2.0, 0.0], [0.0, 1.0]], [0, 1]).status
    'zero'
    """
    rows = labelled(logits, labels, weights)
    most = Sample.most(rows.k)
    start = rows
    if len(rows) > 2 * most:
        start = rows.part(np.sort(np.random.default_rng(SEED).integers(len(rows), size=most)))
    return fit(Here(lambda: [rows], start), method)


def fit(source: RowSource, method: str) -> Calibration:
    """Fit a calibration to rows, wherever they are.

    Parameters
    ----------
    source
        The rows.
    method
        One of `METHODS`.

    Raises
    ------
    InputError
        For an unknown method, or when no row counts.
    """
    return fits(source, [method])[method]


def fits(source: RowSource, methods: Iterable[str]) -> dict[str, Calibration]:
    """Fit several calibrations to the same rows, by method: as `fit`, with one search for the temperature."""
    methods = list(methods)
    for method in methods:
        if method not in METHODS:
            raise InputError(f"method: no method is called {method!r}", hint=f"one of {', '.join(METHODS)}")
    found = _temperature(source)
    return {method: _fit(replace(found, method=method), source) for method in methods}


def _temperature(source: RowSource) -> Calibration:
    found = fit_temperature(source)
    t, se = found.temperature, found.standard_error
    return Calibration(
        status=found.status,
        method="temperature",
        temperature=t,
        se=se,
        low=None if t is None or se is None else max(0.0, t - _IN_95_PERCENT * se),
        high=None if t is None or se is None else t + _IN_95_PERCENT * se,
        certified=found.error,
        nll_before=found.before,
        nll_after=found.after,
        nll_limit=found.limit,
        rows=found.rows,
        ignored=0,
        passes=found.passes,
        steps=found.steps,
        first_masked=found.first_masked,
    )


def _fit(calibration: Calibration, source: RowSource) -> Calibration:
    """Fit what the method has besides the temperature, which is found."""
    if calibration.status != "ok" or calibration.method == "temperature":
        return calibration
    if calibration.method == "mix":
        mix = replace(calibration, uniform=1.0 / (calibration.rows + 1), passes=calibration.passes + 1)
        return replace(mix, nll_after=source.gather(Scored(mix)).totals.mean)
    return _affine(calibration, source)


def _affine(calibration: Calibration, source: RowSource) -> Calibration:
    assert calibration.temperature is not None  # its status is ok
    kind = "vector" if calibration.method == "vector" else "matrix"
    found = fit_affine(source, calibration.temperature, kind)
    none = found.affine is None
    return replace(
        calibration,
        status="zero" if none else "ok",
        temperature=None,
        se=None,
        low=None,
        high=None,
        certified=None,
        nll_after=None if none else found.loss,
        nll_limit=found.loss if none else None,
        passes=calibration.passes + found.passes,
        affine=found.affine,
    )


@dataclass(slots=True)
class Scored:
    """The loss of calibrated probabilities.

    Parameters
    ----------
    calibration
        The calibration; None: they are taken as they are.
    totals
        Sums of their losses.
    """

    calibration: Calibration | None
    totals: Totals = field(default_factory=Totals)

    def add(self, rows: Labelled) -> None:
        """Score some rows."""
        if self.calibration is None:
            self.totals.add(rows, Objective())
            return
        objective = Objective(temperature=self.calibration.softmax_temperature)
        self.totals.add(self.calibration.applied(rows), objective)

    def merge(self, other: "Scored") -> None:
        """Add the losses of other rows."""
        self.totals.merge(other.totals)


def parameters(calibration: Calibration) -> Mapping[str, object]:
    """Return what the method has fitted besides the temperature, as lists and numbers."""
    if calibration.affine is not None:
        name = "scale" if calibration.affine.matrix.ndim == 1 else "matrix"
        return {name: calibration.affine.matrix.tolist(), "bias": calibration.affine.bias.tolist()}
    return {"uniform": calibration.uniform} if calibration.method == "mix" else {}
