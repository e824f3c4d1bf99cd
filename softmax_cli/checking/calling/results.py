"""What the user's code returned, read as an array of the wanted shape."""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.inputs import Array
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.call import Invocation

_COARSE = ("", "float32", "float16", "bfloat16")
"""Types with fewer digits than a double, the coarsest last."""


class Several(NamedTuple):
    """Arrays among which the answer is, the likeliest first: of a tuple, or kept on an object."""

    arrays: tuple[Any, ...]


class ShapeError(InputError):
    """An answer of another shape than is meant: `got` is the answer, `wanted` the shape."""

    def __init__(
        self, what: str, got: Array, wanted: tuple[int, ...], *, where: str, hint: str | None
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.got = got
        self.wanted = wanted


@dataclass(slots=True, eq=False, repr=False)
class Reader:
    """Reads answers of one call.

    Parameters
    ----------
    call
        The call that gave the answers; it keeps remarks on what was odd about them.
    wanted
        The shape that is meant.
    turned
        Whether samples stand in columns.
    """

    call: Invocation
    wanted: tuple[int, ...]
    turned: bool = False

    def read(self, result: Any) -> Array:
        """Return the result as float64 of the right shape, or say what it is in place of that."""
        if isinstance(result, Several):
            result = self._picked(result)
        array = self._as_array(result)
        if self.turned and array.ndim == 2 and array.shape == self.wanted[::-1]:
            return np.ascontiguousarray(array.T)
        if array.shape == self.wanted:
            return array
        if array.size == math.prod(self.wanted) and _only_ones(array.shape, self.wanted):
            if not self.call.batch and self.call.binding.layout == "vector" and self.wanted:
                said = f"{self.call.name} returns shape {array.shape}; read as {self.wanted}"
                self.call.remarks[said] = None
            return array.reshape(self.wanted)
        raise ShapeError(
            f"{self.call.name} returned shape {array.shape}: {_meant(self.call.kind)} of shape "
            f"{self.wanted} is meant",
            array,
            self.wanted,
            where=self.call.path,
            hint=_fitting_kind(self.call.kind, array, self.wanted[-1] if self.wanted else 0),
        )

    def _picked(self, several: Several) -> Any:
        """Return the array that fits; where more than one does, the one that the binding picks."""
        fitting = [array for array in several.arrays if self._fits(array)]
        self.call.fitting = max(self.call.fitting, len(fitting))
        self.call.beside |= any(_is_number(one) for one in several.arrays)
        if fitting:
            return fitting[min(self.call.binding.pick, len(fitting) - 1)]
        if len(several.arrays) == 1:
            return several.arrays[0]
        raise InputError(
            f"{self.call.name} returned a tuple of {len(several.arrays)}, none of shape {self.wanted}",
            where=self.call.path,
            hint="return the derivative alone",
        )

    def _fits(self, value: Any) -> bool:
        shape = getattr(value, "shape", None)
        if shape is None:
            try:
                shape = np.shape(value)
            except (ValueError, TypeError):
                return False
        shape = tuple(shape)
        turned = shape == self.wanted[::-1] if self.turned else shape == self.wanted
        return turned or (math.prod(shape) == math.prod(self.wanted) and _only_ones(shape, self.wanted))

    def _as_array(self, result: Any) -> Array:
        """Return numbers of any container as an array, with a remark where it is an odd one."""
        self._refuse(result)
        name = str(getattr(result, "dtype", "")).removeprefix("torch.")
        if name in _COARSE:
            self.call.coarse = max(self.call.coarse, name, key=_COARSE.index)
        try:
            array = np.asarray(as_numpy(result))
        except ValueError:
            raise InputError(
                f"{self.call.name} returned lists of unequal lengths", where=self.call.path
            ) from None
        if isinstance(result, list) and self.call.binding.container not in ("list", "values"):
            self.call.remarks[f"{self.call.name} returns lists; read as an array"] = None
        return self._as_float(array, f"a {type(result).__name__}")

    def _refuse(self, result: Any) -> None:
        """Raise where the result is not an answer: None, a coroutine, a generator."""
        name, path = self.call.name, self.call.path
        if result is None:
            raise InputError(f"{name} returned None: is the return missing?", where=path)
        if inspect.iscoroutine(result):
            result.close()
            raise InputError(f"{name} is a coroutine", where=path, hint="def, not async def")
        if inspect.isgenerator(result) or inspect.isasyncgen(result):
            raise InputError(f"{name} is a generator", where=path, hint="return an array, not yield")

    def _as_float(self, array: NDArray[Any], said: str) -> Array:
        """Return an array of what was `said` to be returned as real numbers."""
        kind: str = array.dtype.kind
        name = self.call.name
        if kind == "c":
            if np.any(array.imag != 0.0):
                raise InputError(
                    f"{name} returned complex numbers", where=self.call.path, hint="take their real part"
                )
            self.call.remarks[f"{name} returns complex numbers without an imaginary part"] = None
            array = array.real
        elif kind in "iub":
            self.call.integers = True
            self.call.remarks[
                f"{name} returns whole numbers ({array.dtype}): an integer array cuts decimals off"
            ] = None
        elif kind == "O":
            try:
                array = array.astype(np.float64)
            except (TypeError, ValueError):
                kind = "?"
        if kind not in "fciubO":
            raise InputError(f"{name} returned {said}, not numbers", where=self.call.path)
        return np.array(array, np.float64)


def as_numpy(result: Any) -> Any:
    """Return what numpy can read: a torch tensor as an array, a sparse matrix of scipy's filled."""
    if hasattr(result, "detach") and hasattr(result, "cpu"):
        return _of_tensor(result)
    if _is_value(result):
        return result.data
    if isinstance(result, (list, tuple)) and result and _is_value(result[0]):
        return [as_numpy(one) for one in result]
    return result.toarray() if hasattr(result, "toarray") else result


def _is_value(result: Any) -> bool:
    """Return whether it is a number of an autograd, with its gradient beside it."""
    return isinstance(getattr(result, "data", None), (float, int)) and hasattr(result, "grad")


def _is_number(value: Any) -> bool:
    """Return whether a part of an answer is one real number, as a loss is."""
    shape = getattr(value, "shape", None)
    return isinstance(value, float) if shape is None else tuple(shape) == ()


def _of_tensor(result: Any) -> Any:
    """Return a torch tensor as an array: a sparse one filled, bfloat16 as float32."""
    result = result.detach().cpu()
    if str(result.layout) != "torch.strided":
        result = result.to_dense()
    result = result.resolve_conj() if hasattr(result, "resolve_conj") else result
    if str(result.dtype) == "torch.bfloat16":
        result = result.float()
    try:
        return result.numpy()
    except RuntimeError:  # torch was built against another numpy
        return np.asarray(result.tolist())


def _only_ones(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return [n for n in shape if n != 1] == [n for n in wanted if n != 1]


def _meant(kind: str) -> str:
    return "a matrix" if kind == "jacobian" else "a vector"


def _fitting_kind(kind: str, array: Array, k: int) -> str:
    if kind == "jacobian" and array.shape == (k,):
        return "a vector is: --as probabilities, gradient or log-probabilities; or --as vjp for NAME(z, g)"
    if array.shape == (k, k):
        return "a matrix is: --as jacobian"
    return f"z has shape ({k},)"
