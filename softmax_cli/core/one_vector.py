"""softmax, its derivative and the sigmoid of one vector in Python's own floats, before numpy could load.

What a person is shown has four digits. Where a rounding error could change one of them, a function here
returns None, and the caller asks `softmax` or `sigmoid`, so that both ways show the same.
"""

import math
from collections.abc import Iterable, Sequence

ERROR = 4e-12
"""A bound of the relative error of every number here.

(z - max z) / T is rounded twice, which for an exponent of -700, the least there is here, costs 700 * 2^-52
= 1.6e-13; exp, the exact sum and the quotient cost less than 1e-15, and a product of two has twice that.
"""

_SMALLEST = 1e-280
"""Below this the products above lose digits."""

_NEAR_ONE = 0.9999
"""Above this a probability is shown by what it lacks, to two digits."""

_ULPS = 1e-15
"""What the roundings of a number near 1, here and in the core, add to the error of what it lacks."""


def about(z: Sequence[float], temperature: float = 1.0) -> list[float]:
    """Return the probabilities, for pictures; an empty list where the largest logit is infinite."""
    top = max(z)
    if not math.isfinite(top):
        return []
    e = [math.exp((v - top) / temperature) for v in z]
    total = math.fsum(e)
    return [v / total for v in e]


def softmax(z: Sequence[float], temperature: float = 1.0) -> list[float] | None:
    """Return the probabilities, shape (k,); None where four digits of them are not certain.

    Examples
    --------
    >>> [round(p, 4) for p in softmax([1.43, -0.4, 0.23])]
    [0.6842, 0.1098, 0.2061]
    >>> softmax([0.0, 0.0]) is None  # is it 0.5, or 0.5000?
    True
    """
    p = about(z, temperature)
    return p if p and _are_certain(p, z) else None


def jacobian(z: Sequence[float], temperature: float = 1.0) -> list[list[float]] | None:
    """Return the rows of J[i][j] = dp_i / dz_j, shape (k, k); None where four digits are not certain.

    Examples
    --------
    >>> [[round(x, 4) for x in row] for row in jacobian([1.43, -0.4, 0.23])]
    [[0.2161, -0.0751, -0.141], [-0.0751, 0.0977, -0.0226], [-0.141, -0.0226, 0.1636]]
    """
    p = about(z, temperature)
    rows = []
    for j in range(len(z)):
        slopes = _column(p, z, j, temperature)  # row j too: the matrix is symmetric
        if slopes is None:
            return None
        rows.append(slopes)
    return rows


def column(z: Sequence[float], j: int, temperature: float = 1.0) -> list[float] | None:
    """Return dp_i / dz_j for all i, shape (k,); None where four digits are not certain."""
    return _column(about(z, temperature), z, j, temperature)


def _column(p: list[float], z: Sequence[float], j: int, temperature: float) -> list[float] | None:
    """Return a column of the Jacobian at the probabilities that there are for pictures."""
    if not p:
        return None
    slopes = [-p[i] * p[j] / temperature for i in range(len(p))]
    slopes[j] = p[j] * math.fsum(p[:j] + p[j + 1 :]) / temperature
    masked = z if p[j] else [-math.inf] * len(z)
    return slopes if _are_certain(slopes, masked) else None


def sigmoid(z: Sequence[float], temperature: float = 1.0) -> list[float] | None:
    """Return the sigmoid of each logit, shape (k,); None where four digits are not certain."""
    if max(abs(v) for v in z if v != -math.inf) > 700 * temperature:
        return None
    s = [1.0 / (1.0 + math.exp(-v / temperature)) for v in z]
    return s if _are_certain(s, z) else None


def _are_certain(values: Iterable[float], z: Sequence[float]) -> bool:
    """Return whether the error leaves all digits as they are; a 0 is certain where the class is masked."""
    return all(_is_certain(x) if x else v == -math.inf for x, v in zip(values, z, strict=True))


def _is_certain(x: float) -> bool:
    if abs(x) <= _SMALLEST or not _holds(x, ERROR * abs(x), 4):
        return False
    lack = 1.0 - x
    return not _NEAR_ONE < x < 1.0 or _holds(lack, ERROR * lack + _ULPS, 2)


def _holds(x: float, error: float, most: int) -> bool:
    """Return whether all numbers within the error are shown alike, with one digit and with the most.

    Where so many digits hold x exactly, zeros at their end are not shown: it must not be near such a number.
    """
    return abs(x - float(f"{x:.{most - 1}e}")) > error and all(
        f"{x - error:.{digits}e}" == f"{x + error:.{digits}e}" for digits in range(most)
    )
