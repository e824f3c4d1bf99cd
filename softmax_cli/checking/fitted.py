"""Mistakes with a number in them to be found: another temperature, a finite step, smoothed labels."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import RIGHT, Mistake, right
from softmax_cli.checking.diagnosis import Cause
from softmax_cli.checking.inputs import Array, Inputs, Kind, Quantities, log, softmax
from softmax_cli.checking.matching import Candidates, Evidence
from softmax_cli.checking.precision import Precision

_MOST_CLASSES = 200


def fitted(
    function: str,
    kind: Kind,
    inputs: Inputs,
    got: Array,
    rows: NDArray[np.intp],
    precision: Precision | None,
) -> Cause | None:
    """Return the first mistake whose number can be found so that everything fits, or None."""
    if function == "sigmoid" or inputs.k > _MOST_CLASSES:
        return None
    evidence = Evidence.of(Quantities(inputs, rows), got[rows], precision)
    for mistake in _with_numbers(function, kind, evidence):
        # A number was chosen to fit: what is left is compared less strictly than a formula without one.
        loose = Evidence(evidence.q, evidence.got, evidence.slack * 64.0)
        candidates = Candidates.of(function, kind, [mistake], loose.q)
        found = [fit for fit in candidates.fits(loose) if fit.rank <= 1 and fit.mistake is mistake]
        if found:
            factor = found[0].factor
            title = mistake.title if factor is None else f"{mistake.title}; and all of it times {factor.name}"
            name = None if factor is None else factor.name
            return Cause(
                mistake.id, title, mistake.why, mistake.fix, mistake.formula, RIGHT[function, kind], name
            )
    return _difference_step(function, kind, evidence)


def _with_numbers(function: str, kind: Kind, evidence: Evidence) -> Iterator[Mistake]:
    q = evidence.q
    with np.errstate(all="ignore"):
        slopes = _slopes(kind, evidence)
    if slopes is not None and np.isfinite(slopes).all() and (np.abs(slopes) > 1e-6).all():
        yield from _other_temperatures(function, kind, q, slopes)
    if kind == "gradient":
        left = evidence.got * q.t - (q.p - q.y)
        towards = q.y - 1.0 / q.inputs.k
        smoothing = float((left * towards).sum() / (towards * towards).sum())
        yield Mistake(
            "label-smoothing",
            f"the labels are smoothed by {smoothing:.4g}",
            f"p_j - ((1 - a) y_j + a / k), a = {smoothing:.6g}",
            "That is the gradient for smoothed labels, not for one true class.",
            "set label smoothing to 0",
            lambda q: (q.p - q.y + smoothing * (q.y - 1.0 / q.inputs.k)) / q.t,
        )


def _slopes(kind: Kind, evidence: Evidence) -> Array | None:
    """Return the slope of the logarithm of p against z in each row: 1 / T for the right one."""
    q, got = evidence.q, evidence.got
    if kind == "probabilities":
        x = log(np.abs(got))
    elif kind == "log-probabilities":
        x = got
    elif kind == "gradient":
        x = log(got * q.t + q.y)
    elif kind == "jacobian" and q.inputs.k >= 3:
        return _slope(log(np.abs(got[:, :-1, -1])), q.z[:, :-1])
    else:
        return None
    return _slope(x, q.z)


def _slope(x: Array, z: Array) -> Array:
    away = z - z.mean(axis=1, keepdims=True)
    return np.asarray((away * x).sum(axis=1) / (away * away).sum(axis=1))


def _other_temperatures(function: str, kind: Kind, q: Quantities, slopes: Array) -> Iterator[Mistake]:
    formula = right(function, kind)
    t = q.t[:, 0]
    for relative in (False, True):
        each = slopes * t if relative else slopes
        slope = float(np.median(each))
        if abs(slope - (1.0 if relative else 1.0 / t[0])) < 1e-9 or np.ptp(each) > 1e-4 * abs(slope):
            continue
        said = f"{1 / slope:.6g} T" if relative else f"{1 / slope:.6g}"
        yield Mistake(
            "another-temperature",
            f"the temperature is {said}",
            f"the right formula with p = softmax(z / {said})",
            "The ratios of the probabilities are those of another temperature (or of another base than e).",
            "use softmax(z / T) with the T that was asked for",
            lambda q, relative=relative, slope=slope: formula(  # type: ignore[misc]
                q.with_p(softmax(q.all_z * slope / (q.all_t if relative else 1.0)))
            ),
        )


def _difference_step(function: str, kind: Kind, evidence: Evidence) -> Cause | None:
    """Recognise forward differences: what is left is h/2 times the second derivative."""
    if (function, kind) != ("softmax", "jacobian") or evidence.q.inputs.k < 2:
        return None
    q = evidence.q
    left = evidence.got - right(function, kind)(q)
    second = q.column * ((q.eye - q.row) ** 2 - q.row * (1.0 - q.row)) / q.t3**2 / 2.0
    size = float((second * second).sum())
    if size == 0.0:
        return None
    step = float((left * second).sum()) / size
    rest = np.abs(left - step * second).max()
    if not 0.0 < abs(step) < 1.0 or rest > 0.2 * np.abs(left).max():
        return None
    return Cause(
        "finite-differences",
        f"these are finite differences with a step of about {abs(step):.1e}, not the derivative",
        "What is left over is h/2 times the second derivative: the error of a one-sided difference.",
        "use the formula, central differences, or the complex step Im f(z + ih) / h",
        "(p_i(z + h e_j) - p_i(z)) / h",
        RIGHT[function, kind],
    )
