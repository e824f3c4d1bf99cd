"""The derivative of any function of the table, by its name."""

from collections.abc import Callable

from numpy.typing import ArrayLike

from softmax_cli.core.arrays import Array
from softmax_cli.core.functions import FUNCTIONS, Function
from softmax_cli.errors import InputError


def jacobian(
    z: ArrayLike,
    *,
    function: str = "softmax",
    target: ArrayLike | None = None,
    axis: int = -1,
    temperature: float = 1.0,
) -> Array:
    """Return the Jacobian (..., k, k) of a function by name, or the gradient (..., k) of a scalar one."""
    entry = _entry(function, target)
    module = entry.load()
    if entry.scalar:
        return module.gradient(z, target, axis=axis, temperature=temperature)
    return module.jacobian(z, axis=axis, temperature=temperature)


def jvp(
    z: ArrayLike,
    tangent: ArrayLike,
    *,
    function: str = "softmax",
    target: ArrayLike | None = None,
    axis: int = -1,
    temperature: float = 1.0,
) -> Array:
    """Return the Jacobian times a tangent."""
    return _product(_entry(function, target), "jvp", target)(z, tangent, axis=axis, temperature=temperature)


def vjp(
    z: ArrayLike,
    cotangent: ArrayLike,
    *,
    function: str = "softmax",
    target: ArrayLike | None = None,
    axis: int = -1,
    temperature: float = 1.0,
) -> Array:
    """Return a cotangent times the Jacobian."""
    return _product(_entry(function, target), "vjp", target)(z, cotangent, axis=axis, temperature=temperature)


def _entry(function: str, target: ArrayLike | None) -> Function:
    entry = FUNCTIONS.get(function)
    if entry is None:
        raise InputError(f"there is no function {function!r}", hint=f"one of {', '.join(FUNCTIONS)}")
    if entry.scalar and target is None:
        raise InputError(f"{function} needs a target, the true class")
    if not entry.scalar and target is not None:
        raise InputError(f"{function} takes no target", hint="only cross-entropy has one")
    return entry


def _product(entry: Function, name: str, target: ArrayLike | None) -> Callable[..., Array]:
    product: Callable[..., Array] = getattr(entry.load(), name)
    if not entry.scalar:
        return product
    return lambda z, vector, **options: product(z, vector, target, **options)
