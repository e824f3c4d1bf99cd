"""Calibration: what makes a model's probabilities mean what they say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.calibration.fitted import Calibration
from softmax_cli.core.calibration.samples import SEED, Sample
from softmax_cli.core.calibration.scaling import fit_affine
from softmax_cli.core.calibration.source import Here, RowSource
from softmax_cli.core.calibration.temperature import TemperatureSearch
from softmax_cli.core.gathered import Additive
from softmax_cli.core.labelled import Labelled, labelled
from softmax_cli.core.loss import Totals
from softmax_cli.core.scores import Objective
from softmax_cli.errors import InputError

METHODS = ("temperature", "mix", "vector", "matrix")


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
    """Fit a calibration to rows, wherever they are, by one of `METHODS`.

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
    found = TemperatureSearch(source).run()
    return {method: _fit(replace(found, method=method), source) for method in methods}


def _fit(calibration: Calibration, source: RowSource) -> Calibration:
    """Fit what the method has besides the temperature, which is found."""
    if calibration.temperature is None or calibration.method == "temperature":
        return calibration
    if calibration.method == "mix":
        mix = replace(calibration, uniform=1.0 / (calibration.rows + 1), passes=calibration.passes + 1)
        return replace(mix, nll_after=source.gather(Scored(mix)).totals.mean)
    affine, loss, passes = fit_affine(source, calibration.temperature, calibration.method)
    return Calibration(
        status="ok" if affine else "zero",
        method=calibration.method,
        nll_before=calibration.nll_before,
        nll_after=loss if affine else None,
        nll_limit=None if affine else loss,
        rows=calibration.rows,
        passes=calibration.passes + passes,
        affine=affine,
        steps=calibration.steps,
    )


@dataclass(slots=True)
class Scored(Additive):
    """The loss of calibrated probabilities.

    Parameters
    ----------
    calibration
        The calibration; None: they are taken as they are.
    totals
        Sums of their losses.
    """

    of = ("calibration",)
    calibration: Calibration | None
    totals: Totals = field(default_factory=Totals)

    def add(self, rows: Labelled) -> None:
        """Score some rows."""
        if self.calibration is None:
            self.totals.add(rows, Objective())
            return
        objective = Objective(temperature=self.calibration.softmax_temperature)
        self.totals.add(self.calibration.applied(rows), objective)


def parameters(calibration: Calibration) -> Mapping[str, object]:
    """Return what the method has fitted besides the temperature, as lists and numbers."""
    if calibration.affine is not None:
        name = "scale" if calibration.affine.matrix.ndim == 1 else "matrix"
        return {name: calibration.affine.matrix.tolist(), "bias": calibration.affine.bias.tolist()}
    return {"uniform": calibration.uniform} if calibration.method == "mix" else {}
