"""Comparison: an entry at a time, relative, with a floor made of the entry's own terms.

An answer agrees where |got - expected| <= rtol max(|expected|, floor) + atol. The floor is what a plain,
right formula in double precision may lose: p - p^2 keeps its error relative to p, not to the difference. It
grows with the entry's own terms, so that a small entry of a large matrix is never excused by a large one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.inputs import Array, Inputs, Kind

EPS = float(np.finfo(np.float64).eps)
TINY = float(np.finfo(np.float64).tiny)
RTOL = 1e-9
WORST = 5


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far an answer may be from the truth: relative to each entry, and absolutely (0 unless asked)."""

    rtol: float = RTOL
    atol: float = 0.0


USUAL = Tolerance()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that was compared; 0-based, `of` and `wrt` None where the answer has no such dimension."""

    row: int
    of: int | None
    wrt: int | None
    expected: float
    got: float
    abs_error: float
    rel_error: float


@dataclass(slots=True)
class Tally:
    """What the comparison of many entries came to; `add` takes the next ones.

    Parameters
    ----------
    rows, entries, wrong
        How many were compared, and how many entries were out of tolerance.
    max_abs_error, max_rel_error
        The largest, relative to max(|expected|, floor).
    worst
        The entries furthest out, the worst first.
    """

    rows: int = 0
    entries: int = 0
    wrong: int = 0
    max_abs_error: float = 0.0
    max_rel_error: float = 0.0
    worst: tuple[Entry, ...] = ()

    def add(self, expected: Array, got: Array, size: Array, tolerance: Tolerance, place: "Place") -> None:
        """Compare some entries, arrays of one shape found at `place`; an error is relative to `size`."""
        with np.errstate(invalid="ignore", over="ignore"):
            errors = np.subtract(got, expected)
            np.abs(errors, out=errors)
            self.max_abs_error = _largest(self.max_abs_error, errors)
            np.divide(errors, size, out=errors)
        self.entries += errors.size
        largest = _largest(0.0, errors)
        self.max_rel_error = max(self.max_rel_error, largest)
        if largest > tolerance.rtol:
            with np.errstate(invalid="ignore", over="ignore"):
                self.wrong += int(np.count_nonzero(~(errors <= tolerance.rtol + tolerance.atol / size)))
            errors = np.where(np.isnan(errors), np.inf, errors)
        if len(self.worst) < WORST or largest > self.worst[-1].rel_error:
            self._keep(expected, got, errors, place)

    def _keep(self, expected: Array, got: Array, errors: Array, place: "Place") -> None:
        # The five worst entries lie in the five lines with the worst entry.
        lines = errors.reshape(-1, errors.shape[-1])
        tops = _largest_few(lines.max(axis=1))
        within = lines[tops]
        found = []
        for i in _largest_few(within.ravel()).tolist():
            line, column = divmod(i, lines.shape[1])
            at = int(tops[line]) * lines.shape[1] + column
            where = place.of(np.unravel_index(at, errors.shape))
            found.append(_entry(expected.item(at), got.item(at), lines.item(at), where))
        self.worst = tuple(sorted((*self.worst, *found), key=lambda entry: -entry.rel_error)[:WORST])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block of entries lies: its first row, the first class its matrix rows are of, and its kind."""

    kind: Kind
    first_row: int = 0
    first_of: int = 0

    def of(self, index: tuple[Any, ...]) -> tuple[int, int | None, int | None]:
        """Return (row, of, wrt) of an entry of the block."""
        row = self.first_row + int(index[0])
        if self.kind == "jacobian":
            return row, self.first_of + int(index[1]), int(index[2])
        i = int(index[1])
        return (
            (row, i, None) if self.kind in ("jvp", "probabilities", "log-probabilities") else (row, None, i)
        )


def _largest_few(values: Array) -> NDArray[np.intp]:
    """Return the indices of the `WORST` largest values, in no order."""
    most = min(WORST, values.size)
    return values.argpartition(values.size - most)[values.size - most :]


def _entry(expected: float, got: float, rel_error: float, place: tuple[int, int | None, int | None]) -> Entry:
    return Entry(*place, expected, got, abs(got - expected), rel_error)


def _largest(so_far: float, errors: Array) -> float:
    largest = float(errors.max())
    return float("inf") if np.isnan(largest) else max(so_far, largest)


def noise(inputs: Inputs, eps: float = EPS) -> Array:
    """Return the relative error of probabilities from a plain formula at this precision, shape (n, 1).

    exp passes the rounding of its argument, |z| / T ulps, on as a relative error; a sum of k terms adds some.
    """
    size = np.where(np.isfinite(inputs.z), np.abs(inputs.z), 0.0).max(axis=1) / inputs.temperature
    return np.asarray(eps * (16.0 + 4.0 * size + 4.0 * np.sqrt(inputs.k)))[:, None]


def terms(function: str, kind: Kind, p: Array, inputs: Inputs) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the size of the terms that a plain formula adds: of each entry, of a diagonal one; both (n, k).

    For a Jacobian the first is for the entries off the diagonal and is 0: they are products, with no
    subtraction.
    """
    t = inputs.temperature[:, None]
    zero = np.zeros_like(p)
    if kind == "jacobian":
        if function == "log-softmax":
            return zero, np.broadcast_to(1.0 / t, p.shape)
        return zero, p / t
    if kind == "probabilities":
        return p, zero
    if kind == "log-probabilities":
        z = np.where(np.isfinite(inputs.z), inputs.z, 0.0)
        return 1.0 + np.abs(z) / t + np.abs(z).max(axis=1, keepdims=True) / t, zero
    if kind == "gradient":
        y = np.arange(inputs.k) == np.asarray(inputs.target)[:, None]
        return (p + y) / t, zero
    return _product_terms(function, kind, p, np.abs(np.asarray(inputs.vector))) / t, zero


def _product_terms(function: str, kind: Kind, p: Array, g: Array) -> Array:
    if function == "sigmoid":
        return p * g
    if function == "softmax":
        return np.asarray(p * (g + (p * g).sum(axis=1, keepdims=True)))
    if kind == "jvp":
        return np.asarray(g + (p * g).sum(axis=1, keepdims=True))
    return np.asarray(g + p * g.sum(axis=1, keepdims=True))
