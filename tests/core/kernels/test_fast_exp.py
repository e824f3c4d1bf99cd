"""exp at one speed: as right as numpy's, wherever the result lies."""

import mpmath
import numpy as np
import pytest

from softmax_cli.core.kernels.fast_exp import LEAST, exp

mpmath.mp.dps = 60


@pytest.mark.parametrize("in_place", [False, True])
def test_exp_is_right_over_the_whole_range(in_place: bool) -> None:
    """Within 1 ulp, below the normal range too, and 0 below that; the argument may hold the result."""
    q = np.concatenate(
        [
            np.linspace(-750.0, 0.0, 901),
            [LEAST, np.nextafter(LEAST, -800), -745.0, -745.2, -746.5, -1e300, -np.inf],
        ]
    )
    out = q.copy() if in_place else np.empty_like(q)
    exp(out if in_place else q, out)
    for each, found in zip(q.tolist(), out.tolist(), strict=True):
        assert abs(mpmath.mpf(found) - mpmath.exp(each)) <= np.spacing(found)


def test_a_neighbour_changes_nothing() -> None:
    """What an argument gives does not hang on whether another lies below the normal range."""
    q = np.linspace(-700.0, 0.0, 50)
    alone, among = np.empty(50), np.empty(51)
    exp(q, alone)
    exp(np.append(q, -740.0), among)
    np.testing.assert_array_equal(among[:50], alone)
