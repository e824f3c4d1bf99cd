"""exp at one speed for every argument.

Where its result is below the normal range, numpy's exp takes ten to a hundred times as long as elsewhere: one
such argument sends all its neighbours in the vector register to a scalar routine.
"""

import numpy as np

from softmax_cli.core.arrays import Float64

LEAST = -707.270751953125
"""exp of it is a normal number, and within 1e-4 ulp of a double: a product with it rounds but once."""

_SCALE = float(np.exp(LEAST))
_NOTHING = -746.0  # exp of it is 0


def exp(q: Float64, out: Float64) -> None:
    """Write exp(q) into `out`, which may be q itself; by exp(q - LEAST) * exp(LEAST) where q < LEAST."""
    if q.min(initial=0.0) >= LEAST:
        np.exp(q, out=out)
        return
    normal = q >= LEAST
    subnormal = np.flatnonzero((q > _NOTHING) ^ normal)
    tail = np.exp(q.take(subnormal) - LEAST) * _SCALE
    np.maximum(q, LEAST, out=out)
    np.exp(out, out=out)
    out *= normal
    out.put(subnormal, tail)
