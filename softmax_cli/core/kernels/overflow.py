"""Products with a derivative whose entries, over a tiny temperature, are beyond the range of a double."""

from collections.abc import Callable

import numpy as np

from softmax_cli.core.arrays import Array
from softmax_cli.core.kernels.blocks import quiet


def finite_or(product: Callable[[], Array], otherwise: Callable[[], Array]) -> Array:
    """Return `product()`, and `otherwise()` where that is not a finite number.

    An infinite entry p / T times 0, or the difference of two such, is nan; the product itself may well be
    finite. There it is formed without T first and divided at the end. That order is not the first choice:
    p alone may be too small for a double where p / T is not.
    """
    with quiet():
        result = product()
        finite = np.isfinite(result)
        return result if finite.all() else np.where(finite, result, otherwise())
