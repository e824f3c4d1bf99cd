"""The last word: the same derivatives by differences in as many digits as asked, with mpmath.

mpmath comes with SymPy, which softmax needs anyway; it is imported here alone, on demand.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from softmax_cli.checking.inputs import Array
from softmax_cli.core.numerical.derivative import Numerical
from softmax_cli.errors import InputError

MOST_DIGITS = 1000
MOST_CLASSES = 2000


def derivative(z: Array, function: str, temperature: float, target: int | None, digits: int) -> Numerical:
    """Return the derivative at one vector of logits, to `digits` digits before it is rounded to doubles.

    A central difference with h = 10^-digits, in three times as many digits: its error, h^2, is below the last
    one.

    Raises
    ------
    InputError
        For more digits or classes than can be waited for.
    """
    if not 1 <= digits <= MOST_DIGITS:
        raise InputError(f"{digits} is not among 1 to {MOST_DIGITS}", where="--digits")
    if z.size > MOST_CLASSES:
        raise InputError(
            f"{z.size:,} classes are too many for mpmath",
            where="--digits",
            hint=f"at most {MOST_CLASSES:,}; without --digits there is no limit",
        )
    import mpmath

    with mpmath.workdps(3 * digits + 20):
        h = mpmath.mpf(10) ** -digits
        off, own = _columns(mpmath, z, function, temperature, target)
        columns = range(z.size)

        def rounded(f: Callable[[int, Any], Any]) -> Array:
            return np.array([float((f(j, h) - f(j, -h)) / (2 * h)) for j in columns])

        off_diagonal, diagonal = rounded(off), rounded(own)
        p = np.array([float(x) for x in _probabilities(mpmath, z, temperature)])
    rows = {"softmax": p, "log-softmax": np.ones_like(p)}.get(function, np.zeros_like(p))
    zeros = np.zeros_like(p)
    return Numerical(rows, off_diagonal, diagonal, zeros, zeros, scalar=function == "cross-entropy")


def _exponentials(mpmath: Any, z: Array, temperature: float) -> list[Any]:
    top = mpmath.mpf(float(z.max()))
    return [
        mpmath.exp((mpmath.mpf(float(x)) - top) / mpmath.mpf(temperature))
        if np.isfinite(x) or x < 0
        else mpmath.mpf(1)
        for x in z
    ]


def _probabilities(mpmath: Any, z: Array, temperature: float) -> list[Any]:
    e = _exponentials(mpmath, z, temperature)
    total = mpmath.fsum(e)
    return [x / total for x in e]


def _columns(
    mpmath: Any, z: Array, function: str, temperature: float, target: int | None
) -> tuple[Callable[[int, Any], Any], Callable[[int, Any], Any]]:
    """Return, for logit j moved by h, the other values' common part, and its own value."""
    p = _probabilities(mpmath, z, temperature)
    t = mpmath.mpf(temperature)

    def grown(j: int, h: Any) -> Any:
        return 1 + p[j] * mpmath.expm1(h / t)

    def nothing(j: int, h: Any) -> Any:
        return mpmath.mpf(0)

    def moved(j: int, h: Any) -> Any:
        return p[j] * mpmath.exp(h / t) / grown(j, h)

    def sigmoid(j: int, h: Any) -> Any:
        return 1 / (1 + mpmath.exp(-(mpmath.mpf(float(z[j])) + h) / t))

    def loss(j: int, h: Any) -> Any:
        return mpmath.log(grown(j, h)) - (h / t if j == target else 0)

    def log_moved(j: int, h: Any) -> Any:
        return h / t - mpmath.log(grown(j, h))

    return {
        "softmax": (lambda j, h: 1 / grown(j, h), moved),
        "log-softmax": (lambda j, h: -mpmath.log(grown(j, h)), log_moved),
        "sigmoid": (nothing, sigmoid),
        "cross-entropy": (nothing, loss),
    }[function]
