"""Logits with their true classes and weights: what a model is judged by."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_cli.core.arrays import Array, Float64, Rows, real, rows_of, targets_of
from softmax_cli.errors import InputError

Indices: TypeAlias = NDArray[np.intp]

SUM_TO_ONE = 1e-6
"""How far the probabilities of a row may be from a sum of 1."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Rows of logits, each with its true class, or a distribution over the classes, and a weight.

    Parameters
    ----------
    z
        Logits, shape (n, k).
    target
        The true class of each row, (n,), counted from 0; None where there are distributions.
    soft
        The distributions, (n, k), or None.
    weights
        At least 0, (n,); None: 1 each.
    first_row
        The 1-based number of the first row.
    numbers
        The 1-based number of each row, where they do not follow each other.
    file
        The 0-based number of the file that they come from.
    """

    z: Array
    target: Indices | None = None
    soft: Float64 | None = None
    weights: Float64 | None = None
    first_row: int = 1
    numbers: Indices | None = None
    file: int = 0

    def __len__(self) -> int:
        return len(self.z)

    @property
    def k(self) -> int:
        """The number of classes."""
        return int(self.z.shape[1])

    @property
    def logits(self) -> Rows:
        """The logits as the kernels take them."""
        return Rows(self.z, (len(self.z),), (1,))

    def number(self, i: int) -> int:
        """Return the 1-based number of row i (0-based)."""
        return self.first_row + i if self.numbers is None else int(self.numbers[i])

    def distributions(self, rows: slice = slice(None)) -> Float64:
        """Return the labels of some rows as distributions over the classes, (n, k)."""
        if self.soft is not None:
            return self.soft[rows]
        assert self.target is not None
        target = self.target[rows]
        y = np.zeros((len(target), self.k))
        y[np.arange(len(y)), target] = 1.0
        return y

    def counts(self, rows: slice = slice(None)) -> Float64:
        """Return the weights of some rows, 1 each where there are none, (n,)."""
        return np.ones(len(self.z[rows])) if self.weights is None else self.weights[rows]

    def part(self, rows: "slice | NDArray[np.bool_] | Indices") -> "Labelled":
        """Return some of the rows."""
        return replace(
            self,
            z=self.z[rows],
            target=None if self.target is None else self.target[rows],
            soft=None if self.soft is None else self.soft[rows],
            weights=None if self.weights is None else self.weights[rows],
            first_row=self.first_row + (rows.start or 0 if isinstance(rows, slice) else 0),
            numbers=self._numbers(rows),
        )

    def _numbers(self, rows: "slice | NDArray[np.bool_] | Indices") -> Indices | None:
        if self.numbers is not None:
            return self.numbers[rows]
        if isinstance(rows, slice):
            return None
        return self.first_row + (np.flatnonzero(rows) if rows.dtype == np.bool_ else rows)

    def blocks(self, rows: int) -> Iterator["Labelled"]:
        """Yield the rows in parts of at most so many."""
        for start in range(0, len(self), rows):
            yield self.part(slice(start, start + rows))


def labelled(logits: ArrayLike, labels: ArrayLike, weights: ArrayLike | None = None) -> Labelled:
    """Lay logits (..., k) out beside their labels and weights.

    Parameters
    ----------
    logits, labels, weights
        As for `loss`.

    Raises
    ------
    InputError
        Where a label is no class, a distribution does not sum to 1, a weight is negative or not finite, or a
        shape does not fit.
    """
    rows = rows_of(logits, -1)
    given = np.asarray(labels)
    target = soft = None
    if given.dtype.kind == "f":
        soft = distributions_of(given, rows, "labels")
        if soft is None:
            raise _misfit(given, rows)
    else:
        target = targets_of(given, rows)
    return Labelled(rows.values, target, soft, None if weights is None else _weights(weights, rows))


def distributions_of(target: ArrayLike, rows: Rows, name: str = "target") -> Float64 | None:
    """Return targets that are distributions of the shape of the logits, as (n, k); None where they are not.

    Raises
    ------
    InputError
        Where a distribution does not sum to 1; it calls them by the `name`.
    """
    given = np.asarray(target)
    if given.dtype.kind != "f" or given.shape != rows.shape:
        return None
    soft = rows.from_caller(given).astype(np.float64, copy=False)
    bad = first_bad_distribution(soft)
    if bad is not None:
        row, what = bad
        raise InputError(f"{name}: row {row}: {what}")
    return soft


def _misfit(labels: Array, rows: Rows) -> InputError:
    """Return the error for labels that are neither whole numbers nor of the shape of the logits."""
    whole = labels.shape == rows.leading and (labels == np.rint(labels)).all()
    return InputError(
        f"labels: shape {labels.shape} does not fit logits of shape {rows.shape}",
        hint="classes are whole numbers: labels.astype(int)" if whole else None,
    )


def first_bad_distribution(p: Float64) -> tuple[int, str] | None:
    """Return the first row (0-based) that is not a distribution, and what is wrong with it."""
    outside = ~((p >= 0.0) & (p <= 1.0 + SUM_TO_ONE))
    bad_row = np.logical_or.reduce(outside, axis=1)
    off = ~(np.abs(p.sum(axis=1) - 1.0) <= SUM_TO_ONE)
    bad = np.flatnonzero(bad_row | off)
    if not bad.size:
        return None
    row = int(bad[0])
    if bad_row[row]:
        value = float(p[row, int(np.argmax(outside[row]))])
        return row, f"{value:.6g} is no probability"
    return row, f"the probabilities sum to {p[row].sum():.6g}, not to 1"


def _weights(weights: ArrayLike, rows: Rows) -> Float64:
    array = np.asarray(real(weights, "weights"), dtype=np.float64)
    if array.shape != rows.leading:
        raise InputError(f"weights: shape {array.shape} does not fit {rows.leading}")
    flat = array.reshape(rows.n)
    bad = np.flatnonzero(~((flat >= 0.0) & (flat < np.inf)))
    if bad.size:
        raise InputError(f"weights: {flat[bad[0]]} is not a finite number of at least 0")
    return flat
