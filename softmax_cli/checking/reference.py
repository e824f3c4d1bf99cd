"""The right answer, and the floor below which the rounding of a plain formula is not a mistake."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from softmax_cli.checking.compare import TINY, USUAL, Place, Tolerance, noise, terms
from softmax_cli.checking.inputs import VALUES, Array, Inputs, Kind, Sought
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.core.numerical.columns import COLUMNS
from softmax_cli.core.numerical.derivative import Numerical, derivative, diagonal_of
from softmax_cli.core.numerical.methods import METHODS
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.core.numerical.by_values import DenseNumerical

_BLOCK = 2**15


class How(NamedTuple):
    """How the truth is found: a numerical method and, where given, its step; or mpmath."""

    method: str = "complex-step"
    step: float | None = None
    digits: int | None = None

    @property
    def name(self) -> str:
        """The method in words, for the report."""
        return self.method if self.digits is None else f"mpmath, {self.digits} digits"

    @property
    def exact(self) -> bool:
        """Whether the method's error is rounding alone: that of a complex step of one's own may be larger."""
        return self.digits is not None or (METHODS[self.method].is_complex and self.step is None)

    def of(self, function: str) -> "How":
        """Return how this function's truth is found: with real steps where only its values are known.

        Raises
        ------
        InputError
            For mpmath, which does not know the function.
        """
        if function in COLUMNS or function not in FUNCTIONS:
            return self
        if self.digits is not None:
            raise InputError(f"{function} has no form for mpmath", where="--digits", hint="leave it out")
        return self._replace(method="richardson") if METHODS[self.method].is_complex else self


DEFAULT = How()


class Truth(NamedTuple):
    """The right answer of one kind at some rows.

    Parameters
    ----------
    sought, inputs
        What was asked.
    values
        Probabilities, a gradient or a product, (n, k); losses, (n, 1); None for a Jacobian, which is made
        in blocks.
    numerical
        The numerical derivative, one row a row; None for probabilities.
    error
        A bound of the method's error, (n, k), for `values`.
    tolerance
        The relative error that is allowed.
    how
        How it was found.
    """

    sought: Sought
    inputs: Inputs
    values: Array | None
    numerical: "Numerical | DenseNumerical | None"
    error: Array | None
    tolerance: Tolerance
    how: How

    @classmethod
    def of(cls, sought: Sought, inputs: Inputs, how: How = DEFAULT, tolerance: Tolerance = USUAL) -> "Truth":
        """Find the right answer numerically; probabilities are computed, to a few ulp."""
        function, kind = sought
        how = how.of(function)
        if kind in VALUES:
            return cls(sought, inputs, values_of(function, inputs), None, None, tolerance, how)
        numerical = _derivative(function, inputs, how)
        values, error = _applied(kind, numerical, inputs, how.exact)
        return cls(sought, inputs, values, numerical, error, tolerance, how)

    @property
    def kind(self) -> Kind:
        """What kind of answer it is."""
        return self.sought.kind

    def exactly(self) -> "Truth | None":
        """Return the same by the most exact method there is; None where this is it, or mpmath."""
        if self.how.exact or self.kind in VALUES or self.how == DEFAULT.of(self.sought.function):
            return None
        return Truth.of(self.sought, self.inputs, tolerance=self.tolerance)

    def blocks(self) -> Iterator[tuple[Place, slice, slice, Array, Array]]:
        """Yield (place, rows, classes, expected, size), block by block; classes: those entries are of.

        `size`, max(|expected|, floor), is what an error is relative to; the floor has the method's own error
        in it.
        """
        k = self.inputs.k
        smallest = 64.0 * TINY / min(1.0, float(self.inputs.temperature.min()))
        floor = self._floor(smallest)
        if self.kind != "jacobian":
            assert self.values is not None
            size = np.maximum(np.abs(self.values), floor)
            yield Place(self.kind), slice(None), slice(None), self.values, size
            return
        assert self.numerical is not None
        most = max(1, _BLOCK // k)
        rows = max(1, most // k)
        for start in range(0, self.inputs.n, rows):
            picked = slice(start, min(start + rows, self.inputs.n))
            numerical = self.numerical if rows >= self.inputs.n else self.numerical.take(picked)
            for first in range(0, k, most):
                stop = min(first + most, k)
                expected = numerical.dense(first, stop)
                size = np.abs(expected)
                if not self.how.exact:
                    np.maximum(size, numerical.error(first, stop) / self._rtol, out=size)
                size += smallest / self._rtol
                diagonal = diagonal_of(size, first)
                np.maximum(diagonal, floor[picked, first:stop], out=diagonal)
                place = Place(self.kind, start, first, stop - first)
                yield place, picked, slice(first, stop), expected, size

    def rows(self, picked: list[int]) -> "Truth":
        """Return the right answers at some of the rows."""
        return self._replace(
            inputs=self.inputs.rows(picked),
            values=None if self.values is None else self.values[picked],
            numerical=None if self.numerical is None else self.numerical.take(picked),
            error=None if self.error is None else self.error[picked],
        )

    def whole(self) -> tuple[Array, Array]:
        """Return all expected values and their sizes, as arrays of the answer's shape."""
        k = self.inputs.k
        if self.kind != "jacobian":
            _, _, _, expected, size = next(self.blocks())
            return expected, size
        expected, sizes = np.empty((2, self.inputs.n, k, k))
        for _, rows, classes, values, size in self.blocks():
            expected[rows, classes] = values
            sizes[rows, classes] = size
        return expected, sizes

    def _floor(self, smallest: float) -> Array:
        """Return the floor of each entry (n, k); for a Jacobian, of each entry on the diagonal."""
        known = self.sought.entry
        softmax = known.values == "probabilities" and known.shift_invariant
        p = self.numerical.rows if softmax and isinstance(self.numerical, Numerical) else None
        floor = np.asarray(noise(self.inputs) * terms(self.sought, self.inputs, p) + smallest)
        if self.error is not None and not self.how.exact:
            floor += self.error
        floor /= self._rtol
        return floor

    @property
    def _rtol(self) -> float:
        return max(self.tolerance.rtol, 1e-300)


def values_of(function: str, inputs: Inputs) -> Array:
    """Return a function's own values at all rows, (n, k); of a loss, (n, 1)."""
    entry = FUNCTIONS[function]
    value = entry.load().value
    values = np.empty((inputs.n, 1) if entry.scalar else inputs.z.shape)
    for t, rows in _by_temperature(inputs):
        if entry.scalar:
            values[rows, 0] = value(inputs.z[rows], np.asarray(inputs.target)[rows], temperature=t)
        else:
            values[rows] = value(inputs.z[rows], temperature=t)
    return values


def _by_temperature(inputs: Inputs) -> Iterator[tuple[float, Any]]:
    """Yield each temperature with its rows."""
    t = inputs.temperature
    if len(t) == 1 or (t == t[0]).all():
        yield float(t[0]), slice(None)
        return
    for one in sorted(set(t.tolist())):
        yield one, t == one


def _derivative(function: str, inputs: Inputs, how: How) -> "Numerical | DenseNumerical":
    """Differentiate all rows, those of one temperature together."""
    scalar = FUNCTIONS[function].scalar
    if how.digits is not None:
        return _by_mpmath(function, inputs, how.digits, scalar=scalar)
    parts = [
        (
            rows,
            derivative(
                inputs.z[rows],
                function=function,
                temperature=t,
                target=None if inputs.target is None else inputs.target[rows],
                method=how.method,
                step=how.step,
            ),
        )
        for t, rows in _by_temperature(inputs)
    ]
    return parts[0][1] if len(parts) == 1 else _together(parts, inputs)


def _together(
    parts: "list[tuple[Any, Numerical | DenseNumerical]]", inputs: Inputs
) -> "Numerical | DenseNumerical":
    """Return the derivatives of all rows, those of each temperature given apart."""
    first = parts[0][1]
    whole: dict[str, Any] = {}
    for name in first._fields:
        if name == "scalar":
            continue
        values = np.empty((inputs.n, *getattr(first, name).shape[1:]))
        for rows, part in parts:
            values[rows] = getattr(part, name)
        whole[name] = values
    return first._replace(**whole)


def _by_mpmath(function: str, inputs: Inputs, digits: int, *, scalar: bool) -> Numerical:
    from softmax_cli.checking import mpmath_reference

    each = []
    for i, z in enumerate(inputs.z):
        target = None if inputs.target is None else int(inputs.target[i])
        one = mpmath_reference.derivative(z, function, float(inputs.temperature[i]), target, digits)
        each.append((one.rows, one.off, one.diagonal, one.off_error, one.diagonal_error))
    return Numerical(*np.swapaxes(each, 0, 1))._replace(scalar=scalar)


def _applied(
    kind: Kind, numerical: "Numerical | DenseNumerical", inputs: Inputs, exact: bool
) -> tuple[Array | None, Array | None]:
    """Return this kind of answer from the numerical derivative, and its error."""
    if kind == "jacobian":
        return None, None
    if kind == "gradient":
        return numerical.dense(), numerical.error()
    if inputs.vector is None:
        raise InputError(f"a {kind} needs a vector", hint="--vector v1,v2,...")
    errors = numerical.bound()
    size = np.abs(inputs.vector)
    if kind == "jvp":
        return numerical.jvp(inputs.vector), None if exact else errors.jvp(size)
    return numerical.vjp(inputs.vector), None if exact else errors.vjp(size)
