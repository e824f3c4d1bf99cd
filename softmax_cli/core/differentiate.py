"""The derivative of any function of the table, by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from softmax_cli.core.arrays import Array, Axis
from softmax_cli.core.functions import FUNCTIONS, Function, losses
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def jacobian(
    z: ArrayLike,
    *,
    function: str = "softmax",
    target: ArrayLike | None = None,
    axis: Axis = -1,
    temperature: float = 1.0,
) -> Array:
    """Return the derivative of a function of the table, by its name.

    Parameters
    ----------
    z, axis, temperature
        As for `softmax`.
    function
        A name of `softmax_cli.core.functions.FUNCTIONS`: softmax, log-softmax, sigmoid, cross-entropy.
    target
        For cross-entropy alone, and as for `cross_entropy`.

    Returns
    -------
    numpy.ndarray
        For a function with one value a class the Jacobian, shape (..., k, k), J[..., i, j] the derivative of
        value i with respect to logit j. For cross-entropy the gradient, of the shape of `z`.

    Raises
    ------
    LogitsError, InputError
        As for `softmax`; InputError also for an unknown function, and for a target that is missing or not
        wanted.

    Notes
    -----
    Every entry is within 10 ulp of the exact value.

    Examples
    --------
    >>> jacobian([1.43, -0.4, 0.23], function="cross-entropy", target=1).round(4)
    array([ 0.6842, -0.8902,  0.2061])
    """
    entry = _entry(function, target)
    module = entry.load()
    if entry.scalar:
        gradient: Array = module.gradient(z, target, axis=axis, temperature=temperature)
        return gradient
    matrices: Array = module.jacobian(z, axis=axis, temperature=temperature)
    return matrices


def jvp(
    z: ArrayLike,
    tangent: ArrayLike,
    *,
    function: str = "softmax",
    target: ArrayLike | None = None,
    axis: Axis = -1,
    temperature: float = 1.0,
) -> Array:
    """Return the Jacobian of a function times a tangent, without the matrix.

    Parameters
    ----------
    tangent
        v: finite numbers, of the shape of `z` or broadcast to it.
    z, function, target, axis, temperature
        As for `jacobian`.

    Returns
    -------
    numpy.ndarray
        Shape of `z`; for cross-entropy the leading shape.

    Raises
    ------
    LogitsError, InputError
        As for `jacobian`; InputError also for a vector that does not fit.

    Notes
    -----
    Memory is proportional to `z`. Each function states its own error bound.

    Examples
    --------
    >>> jvp([1.43, -0.4, 0.23], [1.0, 0.0, 0.0], function="log-softmax").round(4)
    array([ 0.3158, -0.6842, -0.6842])
    """
    return _product(_entry(function, target), "jvp", target)(z, tangent, axis=axis, temperature=temperature)


def vjp(
    z: ArrayLike,
    cotangent: ArrayLike,
    *,
    function: str = "softmax",
    target: ArrayLike | None = None,
    axis: Axis = -1,
    temperature: float = 1.0,
) -> Array:
    """Return a cotangent times the Jacobian of a function, without the matrix.

    Parameters
    ----------
    cotangent
        g: finite numbers, of the shape of `z` (for cross-entropy the leading shape) or broadcast to it.
    z, function, target, axis, temperature
        As for `jacobian`.

    Returns
    -------
    numpy.ndarray
        Shape of `z`.

    Notes
    -----
    Errors, memory and accuracy are those of `jvp`.

    Examples
    --------
    >>> vjp([1.43, -0.4, 0.23], [1.0, 0.0, 0.0], function="log-softmax").round(4)
    array([ 0.3158, -0.1098, -0.2061])
    """
    return _product(_entry(function, target), "vjp", target)(z, cotangent, axis=axis, temperature=temperature)


def _entry(function: str, target: ArrayLike | None) -> Function:
    entry = FUNCTIONS.get(function)
    if entry is None:
        raise InputError(f"there is no function {function!r}", hint=f"one of {', '.join(FUNCTIONS)}")
    if entry.scalar and target is None:
        raise InputError(f"{function} needs a target, the true class")
    if not entry.scalar and target is not None:
        raise InputError(f"{function} takes no target", hint=f"{', '.join(losses())} has one")
    return entry


def _product(entry: Function, name: str, target: ArrayLike | None) -> Callable[..., Array]:
    product: Callable[..., Array] = getattr(entry.load(), name)
    if not entry.scalar:
        return product
    return lambda z, vector, **options: product(z, vector, target, **options)
