"""What the user's code returned, read as an array of the wanted shape."""

from __future__ import annotations

import inspect
import math
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


def read(call: Invocation, result: Any, wanted: tuple[int, ...]) -> Array:
    """Return what a call gave as float64 of the wanted shape, or say what it is in place of that.

    The call keeps remarks on what is odd about it.
    """
    if isinstance(result, Several):
        result = _picked(call, result, wanted)
    array = _as_array(call, result)
    if call.binding.layout == "columns" and array.ndim == 2 and array.shape == wanted[::-1]:
        return np.ascontiguousarray(array.T)
    if array.shape == wanted:
        return array
    if array.size == math.prod(wanted) and _only_ones(array.shape, wanted):
        if call.binding.layout == "vector" and wanted:
            said = f"{call.name} returns shape {array.shape}; read as {wanted}"
            call.remarks[said] = None
        return array.reshape(wanted)
    what = "a matrix" if call.kind == "jacobian" else "a vector"
    raise ShapeError(
        f"{call.name} returned shape {array.shape}: {what} of shape {wanted} is meant",
        array,
        wanted,
        where=call.path,
        hint=_fitting_kind(call.kind, array, wanted[-1] if wanted else 0),
    )


def _picked(call: Invocation, several: Several, wanted: tuple[int, ...]) -> Any:
    """Return the array that fits; where more than one does, the one that the binding picks."""
    fitting = [
        array for array in several.arrays if _fits(array, wanted, turned=call.binding.layout == "columns")
    ]
    call.fitting = max(call.fitting, len(fitting))
    call.beside |= any(is_number(one) for one in several.arrays)
    if fitting:
        return fitting[min(call.binding.pick, len(fitting) - 1)]
    if len(several.arrays) == 1:
        return several.arrays[0]
    raise InputError(
        f"{call.name} returned a tuple of {len(several.arrays)}, none of shape {wanted}",
        where=call.path,
        hint="return the derivative alone",
    )


def _fits(value: Any, wanted: tuple[int, ...], *, turned: bool) -> bool:
    shape = getattr(value, "shape", None)
    if shape is None:
        try:
            shape = np.shape(value)
        except (ValueError, TypeError):
            return False
    shape = tuple(shape)
    whole = shape == (wanted[::-1] if turned else wanted)
    return whole or (math.prod(shape) == math.prod(wanted) and _only_ones(shape, wanted))


def _as_array(call: Invocation, result: Any) -> Array:
    """Return numbers of any container as an array, with a remark where it is an odd one."""
    _refuse(call, result)
    name = str(getattr(result, "dtype", "")).removeprefix("torch.")
    if name in _COARSE:
        call.coarse = max(call.coarse, name, key=_COARSE.index)
    try:
        array = np.asarray(as_numpy(result))
    except ValueError:
        raise InputError(f"{call.name} returned lists of unequal lengths", where=call.path) from None
    if isinstance(result, list) and call.binding.container not in ("list", "values"):
        call.remarks[f"{call.name} returns lists; read as an array"] = None
    return _as_float(call, array, f"a {type(result).__name__}")


def _refuse(call: Invocation, result: Any) -> None:
    """Raise where the result is not an answer: None, a coroutine, a generator."""
    name, path = call.name, call.path
    if result is None:
        raise InputError(f"{name} returned None: is the return missing?", where=path)
    if inspect.iscoroutine(result):
        result.close()
        raise InputError(f"{name} is a coroutine", where=path, hint="def, not async def")
    if inspect.isgenerator(result) or inspect.isasyncgen(result):
        raise InputError(f"{name} is a generator", where=path, hint="return an array, not yield")


def _as_float(call: Invocation, array: NDArray[Any], said: str) -> Array:
    """Return an array of what was `said` to be returned as real numbers."""
    kind: str = array.dtype.kind
    name = call.name
    if kind == "c":
        if np.any(array.imag != 0.0):
            raise InputError(f"{name} returned complex numbers", where=call.path, hint="take their real part")
        call.remarks[f"{name} returns complex numbers without an imaginary part"] = None
        array = array.real
    elif kind in "iub":
        call.integers = True
        call.remarks[f"{name} returns whole numbers ({array.dtype}): an integer array cuts decimals off"] = (
            None
        )
    elif kind == "O":
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError):
            kind = "?"
    if kind not in "fciubO":
        raise InputError(f"{name} returned {said}, not numbers", where=call.path)
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


def is_number(value: Any) -> bool:
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


def _fitting_kind(kind: str, array: Array, k: int) -> str:
    if kind == "jacobian" and array.shape == (k,):
        return "a vector is: --as probabilities, gradient or log-probabilities; or --as vjp for NAME(z, g)"
    if array.shape == (k, k):
        return "a matrix is: --as jacobian"
    return f"z has shape ({k},)"
