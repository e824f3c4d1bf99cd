"""The border of the core: here, and nowhere else, what callers give is checked and laid out as rows.

Behind it everything is a float array of shape (n, k), one vector of logits a row; in front of it arrays have
any leading shape and the classes lie along any axis.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from softmax_cli.errors import InputError, LogitsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.floating[Any]]]
Float64: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
Axis: TypeAlias = int | tuple[int, ...] | None
"""The axis of the classes; several, or None for all of them, make one set of classes of all their entries."""


class Rows(NamedTuple):
    """Vectors of logits, one a row, and the shape they came in.

    Parameters
    ----------
    values
        Shape (n, k), float32 or float64; a view of the caller's array where its layout allows.
    leading
        The shape without the axes of the classes; its product is n.
    axes
        Where the classes lay, counted from 0.
    sizes
        The caller's sizes along these axes; their product is k. Empty stands for the one size k.
    """

    values: Array
    leading: tuple[int, ...]
    axes: tuple[int, ...]
    sizes: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        """The number of vectors."""
        return len(self.values)

    @property
    def k(self) -> int:
        """The number of classes."""
        return int(self.values.shape[1])

    @property
    def shape(self) -> tuple[int, ...]:
        """The caller's shape."""
        shape = list(self.leading)
        for axis, size in sorted(zip(self.axes, self.sizes or (self.k,), strict=True)):
            shape.insert(axis, size)
        return tuple(shape)

    def empty(self) -> Array:
        """Return room for one number a class, (n, k), laid out in memory as the logits are."""
        return np.empty_like(self.values)

    def per_class(self, rows: Array) -> Array:
        """Give (n, k) the caller's shape, classes along the caller's axes."""
        return np.moveaxis(rows.reshape(*self.leading, *(self.sizes or (self.k,))), self._last, self.axes)

    @property
    def _last(self) -> tuple[int, ...]:
        return tuple(range(-len(self.axes), 0))

    def from_caller(self, values: Array) -> Array:
        """Lay an array of the caller's shape out as (n, k)."""
        return np.moveaxis(values, self.axes, self._last).reshape(self.n, self.k)

    def matrices(self, rows: Array) -> Array:
        """Give (n, k, k) the leading shape: (..., k, k)."""
        return rows.reshape(*self.leading, self.k, self.k)

    def scalars(self, rows: Array) -> Array:
        """Give (n,) the leading shape."""
        return rows.reshape(self.leading)

    def place(self, row: int) -> tuple[int, ...]:
        """Return the index of a row among the leading dimensions."""
        return tuple(int(i) for i in np.unravel_index(row, self.leading)) if self.leading else ()

    def written(self, row: int, position: int | None = None) -> str | None:
        """Return where a row or one of its logits lies, as numpy would index it: ``z[5, 2]``."""
        index = [str(i) for i in self.place(row)]
        sizes = self.sizes or (self.k,)
        along = [":"] * len(sizes) if position is None else map(str, np.unravel_index(position, sizes))
        for axis, text in sorted(zip(self.axes, along, strict=True)):
            index.insert(axis, text)
        return f"z[{', '.join(index)}]" if len(index) > 1 or position is not None else None


def real(values: ArrayLike, name: str) -> Array:
    """Return `values` as float32 or float64: those as they come, float16 as float32, integers as float64.

    Raises
    ------
    InputError
        Where they are not real numbers: complex, text, objects, booleans, ragged lists, masked arrays.
    """
    # Whoever has a masked array has imported numpy.ma; np.ma would import it, which takes 9 ms.
    masked = getattr(sys.modules.get("numpy.ma"), "MaskedArray", None)
    if masked and isinstance(values, masked):
        raise InputError(f"{name}: a masked array is not taken", hint="fill it first: .filled(-numpy.inf)")
    try:
        array = np.asarray(values)
    except ValueError:
        raise InputError(f"{name}: the rows are not of one length") from None
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "f" and size <= 8:
        return array.astype(np.float32 if size <= 4 else np.float64, copy=False)
    if kind in "iu" or (array.size == 0 and kind != "c"):
        return array.astype(np.float64)
    found = "text" if kind in "US" else array.dtype.name
    raise InputError(f"{name}: real numbers of at most 64 bits are expected, not {found}")


def rows_of(z: ArrayLike, axis: Axis) -> Rows:
    """Lay logits of any shape out as rows.

    Raises
    ------
    InputError
        Where they are not real numbers, or have no such axis.
    LogitsError
        Where there are no classes along that axis.
    """
    array = real(z, "logits")
    if array.ndim == 0:
        raise InputError("logits: one number has no axis of classes", hint="give a vector, such as [z]")
    try:
        axes = tuple(range(array.ndim)) if axis is None else normalize_axis_tuple(axis, array.ndim)
    except (ValueError, TypeError):
        raise InputError(f"axis {axis!r} does not exist in logits of shape {array.shape}") from None
    if not axes:
        raise InputError("axis () names no classes")
    last = tuple(range(-len(axes), 0))
    moved = array if axes == (array.ndim - 1,) else np.moveaxis(array, axes, last)
    leading, sizes = moved.shape[: -len(axes)], moved.shape[-len(axes) :]
    k = math.prod(sizes)
    if k == 0:
        raise LogitsError("there are no classes")
    return Rows(moved.reshape(math.prod(leading), k), leading, axes, sizes)


def temperature_of(temperature: float) -> float:
    """Return the temperature as a float that is finite and above 0, or raise InputError."""
    try:
        value = float(temperature)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"the temperature must be a number, not {temperature!r}") from None
    if not 0 < value < math.inf:
        raise InputError(f"the temperature must be finite and above 0, not {value!r}")
    return value


def companion(values: ArrayLike, rows: Rows, name: str, *, scalar: bool = False) -> Array:
    """Lay a tangent or a cotangent out beside its logits: (n, k), or (n,) for one number a vector.

    Its shape is that of the logits (or, `scalar`, of their leading dimensions), or broadcasts to it.

    Raises
    ------
    InputError
        Where the shape does not fit, or a number is not finite.
    """
    array = real(values, name)
    shape = rows.leading if scalar else rows.shape
    if not isinstance(values, np.ndarray):
        array = array.astype(rows.values.dtype)
    try:
        full = np.broadcast_to(array, shape)
    except ValueError:
        raise InputError(f"{name}: shape {array.shape} does not fit {shape}") from None
    if not np.isfinite(array).all():
        raise InputError(f"{name}: every number must be finite")
    if scalar:
        return full.reshape(rows.n)
    return rows.from_caller(full)


def targets_of(target: ArrayLike, rows: Rows) -> NDArray[np.intp]:
    """Return the true class of each row, (n,), counted from 0.

    Raises
    ------
    InputError
        Where it is not a whole number in 0 to k - 1, or does not broadcast to the leading shape.
    """
    array = np.asarray(target)
    if array.dtype.kind not in "iu":
        raise InputError(f"target: a class is a whole number counted from 0, not {array.dtype.name}")
    try:
        full = np.broadcast_to(array, rows.leading)
    except ValueError:
        raise InputError(f"target: shape {array.shape} does not fit {rows.leading}") from None
    outside = array[(array < 0) | (array >= rows.k)]
    if outside.size:
        raise InputError(f"target: there is no class {outside.flat[0]}: {rows.k} classes, counted from 0")
    return full.reshape(rows.n).astype(np.intp)
