"""The methods of numerical differentiation: a method is a row of a table, its nodes, weights and order."""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.numerical.columns import Step
from softmax_cli.errors import InputError

Array: TypeAlias = NDArray[np.float64]
Values: TypeAlias = NDArray[Any]
EPS = sys.float_info.epsilon


class Method(NamedTuple):
    """f'(z) ~ sum_k weight_k f(z + node_k h) / h, in error by about `truncation` h^order f^(order + 1)(z).

    Parameters
    ----------
    name
        As ``--method`` writes it.
    nodes, weights
        The formula; no nodes for the complex step, Im f(z + ih) / h, which subtracts nothing.
    order, truncation
        The leading error term.
    step
        The default step in units of T: where truncation and rounding are about equal, eps^(1 / (order + 1)).
    """

    name: str
    nodes: tuple[float, ...]
    weights: tuple[float, ...]
    order: int
    truncation: float
    step: float

    @property
    def is_complex(self) -> bool:
        """Whether the step goes along the imaginary axis."""
        return not self.nodes

    def derivative(self, f: Callable[[Step], Values], step: Values | float, held: float = 1.0) -> Values:
        """Return the derivative at 0 of f, a function of the step whose values are held times a number."""
        if self.is_complex:
            return _over(f(1j * step).imag, step, held)
        total = sum(
            weight * f(node * step) for node, weight in zip(self.nodes, self.weights, strict=True) if weight
        )
        return _over(total, step, held)

    def error(self, step: Values | float, size: Values | float, spread: Values, temperature: float) -> Values:
        """Return a bound of the method's error, where f is of `size` and f', f'', ... T^n of `spread`.

        The rounding of each f(z + node h) is a few ulp of f and is divided by h; the complex step's is
        relative.
        """
        if self.is_complex:  # one step for all
            h = float(step) / temperature
            return spread * ((4.0 * self.truncation * h**self.order + 16.0 * EPS) / temperature)
        truncated = 4.0 * self.truncation * (step / temperature) ** self.order * spread / temperature
        rounded = 4.0 * EPS * sum(map(abs, self.weights)) * size / step
        return np.asarray(truncated + rounded)


def _over(values: Any, step: Values | float, held: float) -> Values:
    """Return values / step / held, with no overflow or underflow on the way."""
    with np.errstate(over="ignore"):
        together = np.multiply(step, held)
    return np.asarray(values / together if np.isfinite(together).all() else values / held / step)


_THIRDS = (1 / 12, -2 / 3, 2 / 3, -1 / 12)
_ROMBERG = (-1 / 90, 20 / 45, -128 / 45, 128 / 45, -20 / 45, 1 / 90)
METHODS = {
    method.name: method
    for method in (
        Method("complex-step", (), (), 2, 1 / 6, 2.0**-30),
        Method("forward", (0.0, 1.0), (-1.0, 1.0), 1, 1 / 2, EPS ** (1 / 2)),
        Method("central", (-1.0, 1.0), (-0.5, 0.5), 2, 1 / 6, EPS ** (1 / 3)),
        Method("five-point", (-2.0, -1.0, 1.0, 2.0), _THIRDS, 4, 1 / 30, EPS ** (1 / 5)),
        Method(
            "richardson", (-1.0, -0.5, -0.25, 0.25, 0.5, 1.0), _ROMBERG, 6, 1 / 64 / 1000, 2 * EPS ** (1 / 7)
        ),
    )
}


def steps_for(method: Method, z: Array, temperature: float, step: float | None) -> Array | float:
    """Return the step of each logit, such that z + h - z is exactly h; of the complex step, one number.

    Raises
    ------
    InputError
        For a step that is not a finite number above 0, or that rounding swallows.
    """
    if step is not None and not 0.0 < step < np.inf:
        raise InputError(f"{step!r} is not a finite number above 0", where="--step")
    if method.is_complex:
        return method.step * temperature if step is None else step  # one for all: it is exact
    size = np.where(np.isfinite(z), np.abs(z), 0.0)
    if step is None:
        wanted = np.maximum(method.step * temperature, 1024 * np.spacing(size))
    else:
        wanted = np.full(z.shape, step)
    smallest = min((abs(node) for node in method.nodes if node), default=1.0)
    moved: Array = (size + smallest * wanted - size) / smallest
    if np.any(moved == 0.0):
        at = float(size.flat[int(np.argmin(moved))])
        raise InputError(
            f"a step of {step:g} is so small that z + h = z at z = {at:g}",
            where="--step",
            hint=f"take at least {1024 * np.spacing(at):.0e}, or --method complex-step: it subtracts nothing",
        )
    return moved
