"""Error against step size: how far a difference formula is from the truth, for every h."""

from dataclasses import dataclass

import numpy as np

from softmax_cli.checking.inputs import Array, Inputs, Sought
from softmax_cli.checking.reference import Truth
from softmax_cli.core.numerical.derivative import derivative
from softmax_cli.core.numerical.methods import METHODS
from softmax_cli.errors import InputError

PER_DECADE = 4
EXACT = 1e-17
"""What is drawn for no error at all."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Steps, and the largest error at each, relative to the largest entry; where h is swallowed, nan."""

    method: str
    steps: Array
    errors: Array
    default: float

    @property
    def best(self) -> int:
        """The index of the step with the smallest error."""
        return int(np.nanargmin(self.errors))


def sweep(function: str, inputs: Inputs, method: str) -> Sweep:
    """Differentiate one row with steps from 1e-17 T to 10 T, and compare each with the complex step.

    Raises
    ------
    InputError
        For more than one row.
    """
    if inputs.n != 1:
        raise InputError(
            "a sweep takes one row of logits", where="--sweep", hint="give the logits as arguments"
        )
    if inputs.k > 2000:
        raise InputError(f"{inputs.k:,} classes are too many for a sweep", where="--sweep")
    t = float(inputs.temperature[0])
    scalar = inputs.target is not None
    truth = Truth.of(Sought(function, "gradient" if scalar else "jacobian"), inputs)
    expected, _ = truth.whole()
    size = float(np.abs(expected).max()) or 1.0
    steps = t * 10.0 ** (np.arange(-17 * PER_DECADE, PER_DECADE + 1) / PER_DECADE)
    errors = [_error(function, inputs, method, float(step), expected) / size for step in steps]
    return Sweep(method, steps, np.array(errors), METHODS[method].step * t)


def _error(function: str, inputs: Inputs, method: str, step: float, expected: Array) -> float:
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            found = derivative(
                inputs.z,
                function=function,
                temperature=float(inputs.temperature[0]),
                target=inputs.target,
                method=method,
                step=step,
            ).dense()
    except InputError:
        return float("nan")  # z + h = z
    error = float(np.abs(found - expected).max())
    return max(error, EXACT) if np.isfinite(error) else float("nan")
