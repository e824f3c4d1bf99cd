"""The same derivatives by differences in as many digits as asked for, with mpmath.

mpmath comes with SymPy, which softmax needs anyway; it is imported here alone, on demand.
"""

from typing import Any

import numpy as np

from softmax_cli.checking.inputs import Array
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.core.numerical.columns import COLUMNS, HELD, ElementaryFunctions, Logits
from softmax_cli.core.numerical.derivative import Numerical
from softmax_cli.errors import InputError

MOST_DIGITS = 1000
_DOUBLE = 17  # digits that tell a double from its neighbours
MOST_CLASSES = 2000


def derivative(z: Array, function: str, temperature: float, target: int | None, digits: int) -> Numerical:
    """Return the derivative at one vector of logits, to `digits` digits before it is rounded to doubles.

    A central difference with h = 10^-digits, in three times as many digits: its error, h^2, is below the last
    one. Fewer digits than a double has are not worked with: what is right would be called wrong.

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

    digits = max(digits, _DOUBLE)
    with mpmath.workdps(3 * digits + 20):
        h = mpmath.mpf(10) ** -digits
        logits = np.array([mpmath.mpf(float(x)) for x in z], object)
        x = Logits(logits, mpmath.mpf(temperature), _arithmetic(mpmath))
        columns = COLUMNS[function](x, target)
        off, diagonal = ((f(h) - f(-h)) / (2 * h * HELD) for f in (columns.off, columns.diagonal))
    rows, off, diagonal = (np.array(values, np.float64) for values in (columns.rows, off, diagonal))
    zeros = np.zeros_like(rows)
    return Numerical(rows, off, diagonal, zeros, zeros, scalar=FUNCTIONS[function].scalar)


def _arithmetic(mpmath: Any) -> ElementaryFunctions:
    """Return mpmath's functions of arrays of its numbers."""
    exp, expm1, log1p = (np.frompyfunc(f, 1, 1) for f in (mpmath.exp, mpmath.expm1, mpmath.log1p))

    def scaled_exp(z: Any, top: Any, temperature: Any) -> Any:
        return exp(np.where(z == top, mpmath.mpf(0), z - top) / temperature)

    return ElementaryFunctions(exp, expm1, log1p, scaled_exp)
