"""Numerical derivatives, which analytic ones are compared with.

One logit changes only e_j and the sum, so the perturbed values of a whole column are a vector times a number
(`softmax_cli.core.numerical.columns`): a column costs O(k), and the k x k matrix need not exist.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.core.numerical.columns import COLUMNS, HELD, Logits, Step
from softmax_cli.core.numerical.methods import METHODS, Array, Values, steps_for

if TYPE_CHECKING:
    from softmax_cli.core.numerical.by_values import DenseNumerical


class Numerical(NamedTuple):
    """A numerical derivative, in memory proportional to k.

    ``J[..., i, j] = rows[..., i] * off[..., j]`` for i != j, and ``J[..., j, j] = diagonal[..., j]``; for a
    scalar function `diagonal` is the gradient. The ``_error`` fields hold, likewise, bounds of the method's
    error.
    """

    rows: Array
    off: Array
    diagonal: Array
    off_error: Array
    diagonal_error: Array
    scalar: bool = False

    def dense(self, start: int = 0, stop: int | None = None) -> Array:
        """Return the matrix, rows `start` to `stop`, (..., stop - start, k); or the gradient, (..., k)."""
        return self._assemble(self.off, self.diagonal, start, stop)

    def error(self, start: int = 0, stop: int | None = None) -> Array:
        """Return the expected absolute error of each entry of `dense`."""
        return self._assemble(self.off_error, self.diagonal_error, start, stop)

    def jvp(self, tangent: ArrayLike) -> Array:
        """Return J v without forming J, shape (..., k)."""
        v = np.asarray(tangent, np.float64)
        along = self.off * v
        return np.asarray(self.rows * _sum_of_others(along) + self.diagonal * v)

    def vjp(self, cotangent: ArrayLike) -> Array:
        """Return g^T J without forming J, shape (..., k)."""
        g = np.asarray(cotangent, np.float64)
        return np.asarray(_sum_of_others(self.rows * g) * self.off + self.diagonal * g)

    def take(self, rows: Any) -> "Numerical":
        """Return the derivatives of some of the rows."""
        fields = (self.rows, self.off, self.diagonal, self.off_error, self.diagonal_error)
        picked, off, diagonal, off_error, diagonal_error = (field[rows] for field in fields)
        return Numerical(picked, off, diagonal, off_error, diagonal_error, self.scalar)

    def bound(self) -> "Numerical":
        """Return the errors as a derivative, for the error of a product."""
        error, own = self.off_error, self.diagonal_error
        return Numerical(np.abs(self.rows), error, own, error, own, self.scalar)

    def _assemble(self, off: Array, diagonal: Array, start: int, stop: int | None) -> Array:
        if self.scalar:
            return diagonal
        k = self.rows.shape[-1]
        stop = k if stop is None else min(stop, k)
        matrix: Array = self.rows[..., start:stop, None] * off[..., None, :]
        diagonal_of(matrix, start)[...] = diagonal[..., start:stop]
        return matrix


def diagonal_of(matrix: Array, start: int = 0) -> Array:
    """Return a view of the entries (i, i) of a matrix (..., k), given from row `start` on, (..., m, k)."""
    *leading, m, k = matrix.shape
    return matrix.reshape(*leading, m * k)[..., start :: k + 1]


def derivative(
    z: ArrayLike,
    *,
    function: str = "softmax",
    temperature: float = 1.0,
    target: ArrayLike | None = None,
    method: str = "complex-step",
    step: float | None = None,
) -> "Numerical | DenseNumerical":
    """Differentiate a function of logits numerically, one logit at a time.

    Parameters
    ----------
    z, temperature, target
        As for `jacobian`, the classes along the last axis.
    function
        A name of ``FUNCTIONS``. One whose columns are not known (see ``COLUMNS``) is differentiated by its
        values, by Richardson's extrapolation where the complex step is asked for.
    method
        A name of ``METHODS``. The complex step is exact to rounding: each entry is within 1e-14 (relative) of
        the truth for logits of ordinary size, within 1e-12 for any. It keeps 1 - p, which the other methods
        lose.
    step
        h; by default a power of eps times T, and never so small that z + h = z.

    Raises
    ------
    InputError
        For a step that is not a finite number above 0 or too small to change z.

    Notes
    -----
    The complex step: Squire and Trapp, SIAM Review 40 (1998) 110; the step sizes: Nocedal and Wright,
    Numerical Optimization (2006), 8.1.

    Examples
    --------
    >>> derivative([0.0, 0.0]).dense().round(12)
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    logits = np.asarray(z, np.float64)
    chosen = METHODS[method]
    if function not in COLUMNS:
        from softmax_cli.core.numerical.by_values import derivative_of_values

        chosen = METHODS["richardson"] if chosen.is_complex else chosen
        each = np.asarray(steps_for(chosen, logits, temperature, step))
        return derivative_of_values(function, logits, each, chosen, temperature, target)
    columns = COLUMNS[function](Logits(logits, temperature), target)
    steps = steps_for(chosen, logits, temperature, step)
    return Numerical(
        rows=columns.rows,
        off=chosen.derivative(columns.off, steps, HELD),
        diagonal=chosen.derivative(columns.diagonal, steps, HELD),
        off_error=chosen.error(steps, columns.off_size, columns.off_spread, temperature),
        diagonal_error=chosen.error(steps, columns.diagonal_size, columns.diagonal_spread, temperature),
        scalar=FUNCTIONS[function].scalar,
    )


def differentiate(
    f: Callable[[Array], Values], z: ArrayLike, *, method: str = "central", step: float | None = None
) -> Array:
    """Differentiate any function of one vector: returns J[..., j] = df/dz_j, f's shape with k appended.

    Parameters
    ----------
    f
        Takes an array of shape (k,), for the complex step a complex one.
    z
        Shape (k,).
    method, step
        As in `derivative`, with T = 1.

    Raises
    ------
    TypeError
        For the complex step of a function that takes, or gives, only real numbers.
    """
    logits = np.asarray(z, np.float64)
    chosen = METHODS[method]
    steps = np.broadcast_to(steps_for(chosen, logits, 1.0, step), logits.shape)

    def column(j: int) -> Values:
        def along(h: Step) -> Values:
            moved = logits.astype(complex if chosen.is_complex else np.float64)
            moved[j] += h
            value = np.asarray(f(moved))
            if chosen.is_complex and not np.iscomplexobj(value):
                raise TypeError("the function gives real numbers for complex ones")
            return value

        return chosen.derivative(along, steps[j])

    return np.stack([column(j) for j in range(logits.size)], axis=-1)


def _sum_of_others(terms: Array) -> Array:
    """Return, for each j, the sum of the terms other than j, at the accuracy of the whole sum's rounding.

    The one term that is more than half of what is summed would leave nothing of the others behind, so theirs
    is summed without it.
    """
    total = terms.sum(axis=-1, keepdims=True)
    largest = np.abs(terms).argmax(axis=-1)[..., None]
    rest = terms.copy()
    np.put_along_axis(rest, largest, 0.0, axis=-1)
    others: Array = total - terms
    np.put_along_axis(others, largest, rest.sum(axis=-1, keepdims=True), axis=-1)
    return others
