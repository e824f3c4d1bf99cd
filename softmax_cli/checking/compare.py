"""Comparison: an entry at a time, relative, with a floor made of the entry's own terms.

An answer agrees where |got - expected| <= rtol max(|expected|, floor) + atol. The floor is what a plain,
right formula in double precision may lose: p - p^2 keeps its error relative to p, not to the difference. It
grows with the entry's own terms, so that a small entry of a large matrix is never excused by a large one.
"""

import math
import sys
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.inputs import Array, Inputs, Kind, Quantities, Sought

EPS = sys.float_info.epsilon
TINY = sys.float_info.min
RTOL = 1e-9
WORST = 5


class Tolerance(NamedTuple):
    """How far an answer may be from the truth: relative to each entry, and absolutely (0 unless asked)."""

    rtol: float = RTOL
    atol: float = 0.0


USUAL = Tolerance()


class Entry(NamedTuple):
    """One entry that was compared; 0-based, `of` and `wrt` None where the answer has no such dimension."""

    row: int
    of: int | None
    wrt: int | None
    expected: float
    got: float
    abs_error: float
    rel_error: float


@dataclass(slots=True, eq=False, repr=False)
class Tally:
    """The result of comparing many entries; `add` compares more.

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
        errors = np.subtract(got, expected)
        np.abs(errors, out=errors)
        self.max_abs_error = _larger(self.max_abs_error, np.maximum.reduce(errors, axis=None))
        np.divide(errors, size, out=errors)
        lines = errors.reshape(-1, errors.shape[-1])
        tops = np.maximum.reduce(lines, axis=1)
        largest = _larger(0.0, np.maximum.reduce(tops))
        self.entries += errors.size
        self.max_rel_error = max(self.max_rel_error, largest)
        if largest > tolerance.rtol:
            self.wrong += int(np.count_nonzero(~(errors <= tolerance.rtol + tolerance.atol / size)))
            np.copyto(errors, np.inf, where=np.isnan(errors))
            errors[...] = errors.astype(np.float32)  # what differs by rounding alone is equally wrong
            tops = lines.max(axis=1)
        if len(self.worst) < WORST or largest > self.worst[-1].rel_error:
            self._keep(expected, got, size, (lines, tops), place)

    def _keep(
        self, expected: Array, got: Array, size: Array, errors: tuple[Array, Array], place: "Place"
    ) -> None:
        """Keep the worst entries, given the errors as lines and the largest of each line."""
        lines, tops = errors
        few = _first_of_largest if self.wrong else _largest_few
        # The five worst entries lie in the five lines with the worst entry.
        worst_lines = few(tops)
        k = lines.shape[1]
        found = list(self.worst)
        for i in few(lines[worst_lines].ravel()):
            line, column = divmod(int(i), k)
            line = int(worst_lines[line])
            at = line * k + column
            right, theirs = expected.item(at), got.item(at)
            error = abs(theirs - right)
            relative = math.inf if math.isnan(error) else error / size.item(at)
            found.append(Entry(*place.of(line, column), right, theirs, error, relative))
        found.sort(key=_rank)
        self.worst = tuple(found[:WORST])


def merged(tallies: list[Tally], rows: int) -> Tally:
    """Return the tally of all, over so many rows."""
    worst = sorted((entry for tally in tallies for entry in tally.worst), key=_rank)
    return Tally(
        rows=rows,
        entries=sum(tally.entries for tally in tallies),
        wrong=sum(tally.wrong for tally in tallies),
        max_abs_error=max(tally.max_abs_error for tally in tallies),
        max_rel_error=max(tally.max_rel_error for tally in tallies),
        worst=tuple(worst[:WORST]),
    )


class Place(NamedTuple):
    """Where a block of entries lies.

    Parameters
    ----------
    kind
        What the entries are.
    first_row, first_of
        Its first row, and the first class that the lines of its matrices are of.
    height
        How many lines of a matrix each row has.
    """

    kind: Kind
    first_row: int = 0
    first_of: int = 0
    height: int = 1

    def of(self, line: int, column: int) -> tuple[int, int | None, int | None]:
        """Return (row, of, wrt) of an entry of the block, as an array of lines."""
        row, of = divmod(line, self.height)
        if self.kind == "loss":
            return self.first_row + row, None, None
        if self.kind == "jacobian":
            return self.first_row + row, self.first_of + of, column
        if self.kind in ("jvp", "probabilities", "log-probabilities"):
            return self.first_row + row, column, None
        return self.first_row + row, None, column


def _largest_few(values: Array) -> NDArray[np.intp]:
    """Return the indices of the `WORST` largest values, in no order."""
    most = min(WORST, values.size)
    return values.argpartition(values.size - most)[values.size - most :]


def _first_of_largest(values: Array) -> NDArray[np.intp]:
    """Return the indices of the `WORST` largest values in order, the first of equal ones."""
    least = values[_largest_few(values)].min()
    above, equal = np.flatnonzero(values > least), np.flatnonzero(values == least)
    return np.sort(np.concatenate([above, equal[: WORST - above.size]]))


def _rank(entry: Entry) -> float:
    """Return a key to sort by: the worst first, and what differs by rounding alone as it comes."""
    error = entry.rel_error
    return -error if error < RTOL else -float(f"{error:.6e}")


def _larger(so_far: float, error: float) -> float:
    """Return the larger of two errors; nan is beyond all."""
    return math.inf if math.isnan(error) else max(so_far, float(error))


_LARGEST_ARGUMENT = 1e300
"""Where a p is 0, four times an argument near the largest double would make its noise nan."""


def noise(inputs: Inputs, eps: float = EPS) -> Array:
    """Return the relative error of probabilities from a plain formula at this precision, shape (n, 1).

    exp passes the rounding of its argument, |z| / T ulps, on as a relative error; a sum of k terms adds some.
    """
    size = np.abs(inputs.z)
    largest = np.maximum.reduce(size, axis=1, keepdims=True)
    if not np.isfinite(largest).all():
        largest = size.max(axis=1, keepdims=True, initial=0.0, where=np.isfinite(size))
    with np.errstate(over="ignore"):
        argument = np.minimum(largest / inputs.temperature[:, None], _LARGEST_ARGUMENT)
    return np.asarray(eps * (16.0 + 4.0 * math.sqrt(inputs.k) + 4.0 * argument))


def terms(sought: Sought, inputs: Inputs, p: Array | None = None) -> NDArray[Any]:
    """Return the size of the terms that a plain formula adds for each entry, shape (n, k).

    For a Jacobian, of each entry on the diagonal: the others are products, with no subtraction. They are made
    of p, or s for the sigmoid.
    """
    kind, t = sought.kind, inputs.temperature[:, None]
    if p is None:
        q = Quantities(inputs)
        p = q.sigmoid if sought.entry.elementwise else q.p
    if kind == "jacobian":
        return np.broadcast_to(1.0 / t, p.shape) if sought.entry.logarithm else p / t
    if kind == "probabilities":
        return p
    if kind in ("log-probabilities", "loss"):
        z = np.abs(np.where(np.isfinite(inputs.z), inputs.z, 0.0)) / t
        size = np.asarray(1.0 + z + z.max(axis=1, keepdims=True))
        return np.take_along_axis(size, np.asarray(inputs.target)[:, None], 1) if kind == "loss" else size
    if kind == "gradient":
        y = np.arange(inputs.k) == np.asarray(inputs.target)[:, None]
        return np.asarray((p + y) / t)
    return _product_terms(sought, p, np.abs(np.asarray(inputs.vector))) / t


def _product_terms(sought: Sought, p: Array, g: Array) -> Array:
    if sought.entry.elementwise:
        return p * g
    if not sought.entry.logarithm:
        return np.asarray(p * (g + (p * g).sum(axis=1, keepdims=True)))
    if sought.kind == "jvp":
        return np.asarray(g + (p * g).sum(axis=1, keepdims=True))
    return np.asarray(g + p * g.sum(axis=1, keepdims=True))
