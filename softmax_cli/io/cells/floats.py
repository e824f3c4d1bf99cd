"""Floats as text: the shortest digits that read back to the same bits, in one form everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from softmax_cli.core.arrays import Array


class WrittenFloat(float):
    """A kept number that is written as in its input: ``1.50``, ``1E2``, a single's ``0.1``.

    Examples
    --------
    >>> WrittenFloat("1.50"), WrittenFloat("1.50") * 2
    (1.50, 3.0)
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> WrittenFloat:
        """Read the text."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __repr__(self) -> str:
        return self.text


def float_texts(values: Array, precision: int | None = None) -> list[str]:
    """Write every number of an array, in C order.

    Fixed notation for 1e-5 <= abs(x) < 1e16 (``0.00001``, ``1.0``), otherwise an exponent without padding or
    plus sign (``1e-7``, ``1.5e300``); ``-inf``, ``inf`` and ``nan``. The digits are the fewest that read back
    to the same bits, as a double for float64 and as a single for float32 [1]_.

    Parameters
    ----------
    values
        Any shape, float32 or float64.
    precision
        The number of significant digits to round to first; None: no rounding.

    References
    ----------
    .. [1] G. L. Steele and J. L. White, "How to print floating-point numbers accurately", PLDI 1990; the
       notation is that of Rust's ryu.

    Examples
    --------
    >>> import numpy as np
    >>> float_texts(np.array([0.1, 1e-5, 1e-7, -np.inf, 1e16]))
    ['0.1', '0.00001', '1e-7', '-inf', '1e16']
    >>> float_texts(np.array([2 / 3]), precision=3)
    ['0.667']
    """
    flat = values.ravel()
    if precision is not None:
        texts: Iterable[str] = (repr(float(f"{value:.{precision}g}")) for value in flat.tolist())
    elif flat.dtype == "float32":
        texts = map(str, flat)
    else:
        texts = map(repr, flat.tolist())
    return [_our_form(text) if "e" in text else text for text in texts]


def written_floats(values: Array) -> list[WrittenFloat]:
    """Return kept numbers that are written with the digits of their own type, float32 as float32.

    Examples
    --------
    >>> import numpy as np
    >>> written_floats(np.array([0.1], np.float32))
    [0.1]
    """
    return list(map(WrittenFloat, float_texts(values)))


def rounded(values: Array, precision: int | None) -> Array:
    """Round every number to `precision` significant digits, as `float_texts` does.

    Examples
    --------
    >>> import numpy as np
    >>> rounded(np.array([2 / 3, 1234.5]), 3).tolist()
    [0.667, 1230.0]
    """
    if precision is None:
        return values
    import numpy as np

    return np.array(float_texts(values, precision), np.float64).astype(values.dtype).reshape(values.shape)


def float_text(value: float) -> str:
    """Write one number as `float_texts` does; a kept one as in its input."""
    if isinstance(value, WrittenFloat):
        return value.text
    return _our_form(repr(float(value)))


def people_text(value: float, digits: int = 4) -> str:
    """Round a number for people, to 4 significant digits; only zero itself is written as 0.

    Examples
    --------
    >>> [people_text(x) for x in (0.25, 12.6065, 3.21e-9, 0.0, -123456.0)]
    ['0.2500', '12.61', '3.210e-9', '0', '-123456']
    """
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return repr(float(value))
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    power = int(exponent)
    if -4 <= power < 16:
        return f"{value:.{max(0, digits - 1 - power)}f}"
    return f"{mantissa}e{power}"


def _our_form(text: str) -> str:
    """Rewrite the exponent of a float as we do: ``1e-05`` as ``0.00001``, ``1e+16`` as ``1e16``."""
    mantissa, e, exponent = text.partition("e")
    if not e:
        return text
    power = int(exponent)
    if not -5 <= power < 16:
        return f"{mantissa.removesuffix('.0')}e{power}"
    sign = "-" if mantissa[0] == "-" else ""
    digits = mantissa.lstrip("-").replace(".", "")
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{digits}"
    digits = digits.ljust(power + 2, "0")
    return f"{sign}{digits[: power + 1]}.{digits[power + 1 :]}"
