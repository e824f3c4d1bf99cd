"""Inputs that tell mistakes apart, and warnings where the user's own do not."""

from functools import lru_cache
from typing import Any

import numpy as np

from softmax_cli.checking.inputs import PRODUCTS, TARGETED, Array, Inputs, Kind
from softmax_cli.core.formula.functions import softmax

CLASSES = 5
TELLING = (
    (1.43, -0.4, 0.23, 0.96, -1.17),
    (0.31, 1.12, -0.54, 0.2, 0.73),
    (-1.3, 2.4, 0.35, -0.22, 1.05),
    (4.1, -3.2, 0.7, 2.6, -1.1),
)
"""Neither uniform nor saturated, no ties, no symmetry, not whole numbers."""
_TARGETS = (1, 2, 4, 3)
_VECTORS = (
    (0.37, 1.9, -0.71, 0.58, 0.96),
    (-0.4, 0.23, 1.2, -1.17, 0.9),
    (1.1, 0.52, -0.25, 2.03, 0.14),
    (-0.8, 0.61, 0.33, 1.47, -1.5),
)
_TEMPERATURES = (2.0, 0.6, 3.1, 1.0)
_HARD = (
    (40.0, 0.0, -7.0, 3.0, -22.0),  # saturated: 1 - p is 1e-16
    (-28.6, -30.4, -29.8, -29.0, -31.2),  # low: small numbers added to the sum show
    (1001.4, 999.6, 1000.2, 1001.0, 998.8),  # exp overflows without the shift
    (-999.7, -998.9, -1000.5, -999.8, -999.3),  # all exponentials are 0 without the shift
    (800.0, 0.0, -5.0, 20.0, 1.0),  # p underflows
)
_ADVICE = "try softmax check 1.43 -0.4 0.23 -T 2"


@lru_cache(maxsize=64)
def telling(kind: Kind, *, temperature: float, varied: bool, k: int = CLASSES) -> Inputs:
    """Return rows at which every mistake of the catalogue shows.

    Gradients get targets, products get vectors. Where it is `varied` each row has a temperature of its own.
    """
    rows = np.array([np.resize(row, k) + 0.17 * (np.arange(k) // CLASSES) for row in TELLING])
    return _made(kind, rows, np.array(_TEMPERATURES) if varied else temperature)


@lru_cache(maxsize=64)
def hard(kind: Kind, *, temperature: float, k: int = CLASSES) -> Inputs:
    """Return rows that overflow, underflow or saturate."""
    return _made(kind, np.array([np.resize(row, k) for row in _HARD]), temperature)


def _made(kind: Kind, z: Array, temperature: object) -> Inputs:
    n, k = z.shape
    target = np.resize(_TARGETS, n) % k if kind in TARGETED else None
    vector = vectors(n, k) if kind in PRODUCTS else None
    return Inputs.of(z, temperature, target, vector)._replace(batch=False)


def vectors(n: int, k: int) -> Array:
    """Return a tangent or cotangent for each of n rows: neither centred nor one-hot."""
    return np.array([np.resize(row, k) for row in np.resize(_VECTORS, (n, CLASSES))])


def join(first: Inputs, second: Inputs) -> Inputs:
    """Return the rows of both, of one number of classes."""
    parts = zip(first[:4], second[:4], strict=True)
    both: list[Any] = [None if a is None or b is None else np.concatenate([a, b]) for a, b in parts]
    return Inputs(*both)._replace(batch=False)


def centred(n: int, k: int, seed: int = 0) -> Array:
    """Return random directions whose entries sum to 0, shape (n, k), entries of about 1.

    J 1 = 0: a direction with a mean hides the sign of what is left of it (torch's fast mode).
    """
    directions = np.random.default_rng(seed).uniform(0.5, 1.5, (n, k))
    directions[:, ::2] *= -1.0
    return np.asarray(directions - directions.mean(axis=1, keepdims=True))


def hiding(inputs: Inputs, *, against: bool) -> tuple[str, ...]:
    """Return a sentence for each reason why these rows would hide mistakes.

    `against` says whether a user's derivative is checked, not softmax's own.
    """
    found = []
    z, k = inputs.z, inputs.k
    if k == 1:
        return ("one class: p is 1 and every derivative 0, whatever the formula",)
    if k == 2:
        found.append(f"two classes hide mistakes: p and 1 - p mirror each other; {_ADVICE}")
    with np.errstate(over="ignore", invalid="ignore"):
        spread = np.where(np.isfinite(z), z, z.max(axis=1, keepdims=True)).max(axis=1) - z.min(axis=1)
    if np.all(spread == 0.0):
        found.append(f"equal logits hide mistakes: every p is 1/{k}; {_ADVICE}")
    finite = np.clip(np.nan_to_num(z, neginf=-1e4, posinf=1e4), -1e300, 1e300)
    with np.errstate(over="ignore", invalid="ignore"):
        p = softmax(finite / inputs.temperature[:, None])
    if np.all(p.max(axis=1) > 1.0 - 1e-4):
        found.append(
            f"saturated logits hide mistakes: one p is nearly 1, and every derivative nearly 0; {_ADVICE}"
        )
    if against and np.all(inputs.temperature == 1.0):
        found.append("T = 1 hides every mistake with the temperature; try -T 2")
    return tuple(found)
