"""Calibration and reliability in simulations: does the interval cover, is the test of its size, how fast.

``python -m tests.benchmarks.trust coverage|size|speed``; scikit-learn is the peer, where it is there.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli import calibrate, reliability, softmax


def simulated(rng: np.random.Generator, n: int, k: int, t: float = 1.7) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return logits whose labels are drawn at temperature t."""
    z = rng.normal(size=(n, k)) * 3.0
    labels = np.empty(n, np.intp)
    for start in range(0, n, 100_000):
        ends = softmax(z[start : start + 100_000], temperature=t).cumsum(axis=1)
        drawn = (ends[:, :-1] < rng.random((len(ends), 1))).sum(axis=1)
        labels[start : start + len(ends)] = drawn
    return z, labels


def coverage(simulations: int = 1000, n: int = 500) -> float:
    """Return how often the 95 % interval holds the temperature that labels were drawn at."""
    rng = np.random.default_rng(1)
    inside = 0
    for _ in range(simulations):
        found = calibrate(*simulated(rng, n, 3))
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= 1.7 <= found.high
    return inside / simulations


def size(simulations: int = 1000, n: int = 500) -> float:
    """Return how often brier_mcb's p is at most 0.05 for a calibrated model."""
    rng = np.random.default_rng(2)
    rejected = 0
    for i in range(simulations):
        z, labels = simulated(rng, n, 3)
        p = reliability(z, labels, temperature=1.7, resamples=199, seed=i)["brier_mcb"].p
        assert p is not None
        rejected += p <= 0.05
    return rejected / simulations


def speed(n: int, k: int) -> tuple[float, float]:
    """Return the seconds of `calibrate` and those of scikit-learn's temperature, the best of three."""
    from sklearn.calibration import _TemperatureScaling  # type: ignore[import-untyped,import-not-found,unused-ignore]

    z, labels = simulated(np.random.default_rng(3), n, k)
    ours = min(_seconds(lambda: calibrate(z, labels)) for _ in range(3))
    theirs = min(_seconds(lambda: _TemperatureScaling().fit(z, labels)) for _ in range(3))
    return ours, theirs


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(what: str) -> None:
    """Print one figure."""
    if what == "coverage":
        print(f"the 95 % interval holds T in {100 * coverage():.1f} % of 1,000 simulations")
    elif what == "size":
        print(f"a calibrated model is rejected in {100 * size():.1f} % of 1,000 simulations")
    else:
        for n, k in ((10_000_000, 3), (1_000_000, 100)):
            ours, theirs = speed(n, k)
            print(f"{n:,} x {k}: {ours:.2f} s, scikit-learn {theirs:.2f} s, ratio {ours / theirs:.3f}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "speed")
