"""Race the core against scipy, plain numpy, torch where it is installed, and the filling of an array.

    python -m tests.benchmarks.core [--tiny]

Every line is a ratio of medians from one run: 0.50 x scipy is half of scipy's time.
"""

import argparse
import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special
from numpy.typing import NDArray

from softmax_cli.core.softmax import jacobian, softmax
from tests.benchmarks.timing import report, times

Array = NDArray[np.float64]

SOFTMAX = {(100_000, 100): 1.0, (1_000, 10_000): 1.0, (1_000_000, 3): 0.35}
"""Shapes, and the goal for the ratio to scipy."""

SCALES = (3.0, 300.0, 3000.0)
"""Standard deviations of the logits: no shift needed, a shift with its remainder, an exact shift."""

JACOBIAN = {(100_000, 3): (0.6, None), (1_000, 100): (1.0, 2.0), (10, 1_000): (1.0, 2.0)}
"""Shapes, and the goals for the ratios to einsum and to the filling of an array of the result's size."""


def plain_softmax(z: Array) -> Array:
    """Return what a user of numpy writes."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    p: Array = e / e.sum(axis=-1, keepdims=True)
    return p


def einsum_jacobian(z: Array) -> Array:
    """Return diag(p) - p p^T for every row, by einsum."""
    p = plain_softmax(z)
    j: Array = np.einsum("...i,ij->...ij", p, np.eye(z.shape[-1])) - np.einsum("...i,...j->...ij", p, p)
    return j


def broadcast_jacobian(z: Array) -> Array:
    """Return p (delta - p) for every row, by broadcasting."""
    p = plain_softmax(z)
    j: Array = p[..., :, None] * (np.eye(z.shape[-1]) - p[..., None, :])
    return j


def race_softmax(shape: tuple[int, int], scale: float, goal: float, rounds: int) -> str:
    """Time the probabilities of one array."""
    z = np.random.default_rng(0).normal(size=shape) * scale
    rivals: dict[str, Callable[[], object]] = {
        "softmax": lambda: softmax(z),
        "scipy.special.softmax": lambda: scipy.special.softmax(z, axis=-1),
        "plain numpy": lambda: plain_softmax(z),
    }
    if torch := _torch():
        tensor = torch.from_numpy(z)
        rivals["torch, one thread"] = lambda: torch.softmax(tensor, -1)
    medians = times(rivals, rounds)
    return report(f"softmax {shape}, scale {scale:g}", medians, {"scipy.special.softmax": goal})


def race_jacobian(shape: tuple[int, int], goals: tuple[float, float | None], rounds: int) -> str:
    """Time the Jacobians of one array."""
    z = np.random.default_rng(0).normal(size=shape) * 3.0
    size = (*shape, shape[-1])
    rivals: dict[str, Callable[[], object]] = {
        "jacobian": lambda: jacobian(z),
        "einsum": lambda: einsum_jacobian(z),
        "broadcasting": lambda: broadcast_jacobian(z),
        "filling the result": lambda: np.full(size, 1.0),
    }
    if torch := _torch():
        tensor = torch.from_numpy(z)
        one = torch.func.jacrev(lambda row: torch.softmax(row, -1))
        rivals["torch vmap(jacrev), one thread"] = lambda: torch.vmap(one)(tensor)
    limits = {"einsum": goals[0], "broadcasting": goals[0]}
    if goals[1] is not None:
        limits["filling the result"] = goals[1]
    return report(f"jacobian {shape}", times(rivals, rounds), limits)


def _torch() -> Any:
    """Return torch on one thread, or None where it is not installed."""
    if importlib.util.find_spec("torch") is None:
        return None
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    return torch


def main(arguments: list[str] | None = None) -> None:
    """Print all ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tiny", action="store_true", help="a thousandth of the rows, one round")
    tiny = parser.parse_args(arguments).tiny
    rounds = 1 if tiny else 7
    for (n, k), goal in SOFTMAX.items():
        for scale in SCALES:
            print(race_softmax((max(1, n // 1000) if tiny else n, k), scale, goal, rounds))
    for (n, k), goals in JACOBIAN.items():
        print(race_jacobian((max(1, n // 1000) if tiny else n, k), goals, rounds))


if __name__ == "__main__":
    main()
