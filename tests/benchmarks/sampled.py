"""Monte Carlo beside the exact means of sampled objectives: ``python -m tests.benchmarks.sampled``.

Prints how often the mean of 4,000 draws lies within three of its own standard errors of the exact loss
(99.7 % is what chance gives), and what 50,000 classes with 100 negatives cost.
"""

import math
import time

import numpy as np

from softmax_cli.core.sampling.comparison import compare
from softmax_cli.core.sampling.expectations import expectation
from softmax_cli.core.sampling.objectives import OBJECTIVES

RUNS, DRAWS = 1000, 4000


def within(rng: np.random.Generator) -> bool:
    """Draw labels and noise, and tell whether their mean loss is near the exact one."""
    k, m = int(rng.integers(2, 30)), int(rng.integers(1, 10))
    z, q, d = rng.normal(size=k) * 2, rng.dirichlet(np.ones(k)), rng.dirichlet(np.ones(k))
    exact = expectation(OBJECTIVES["sampled"], z, q, d, m).loss
    u = z - np.log(m * q)
    label = rng.choice(k, size=DRAWS, p=d)
    noise = rng.choice(k, size=(DRAWS, m), p=q)
    losses = np.logaddexp.reduce(np.column_stack([u[label], u[noise]]), axis=1) - u[label]
    return bool(abs(losses.mean() - exact) <= 3 * losses.std(ddof=1) / math.sqrt(DRAWS))


def main() -> None:
    """Print both."""
    rng = np.random.default_rng(0)
    print(f"within three standard errors: {sum(within(rng) for _ in range(RUNS)) / RUNS:.1%} (99.7 %)")
    k = 50_000
    z, q = rng.normal(size=k) * 3, 1 / np.arange(1.0, k + 1)
    began = time.perf_counter()
    compare(z, q, q, 100)
    print(f"{k:,} classes, 100 negatives, all objectives: {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
