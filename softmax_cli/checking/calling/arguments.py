"""What a binding gives each parameter, as arrays, lists or tensors; and where the answer is to be found."""

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.calling.binding import Binding, Given
from softmax_cli.checking.calling.code.subject import FROM_FORWARD, Arguments, Owner, is_changed
from softmax_cli.checking.calling.results import Several, is_number
from softmax_cli.checking.inputs import Array, Inputs
from softmax_cli.checking.reference import values_of
from softmax_cli.errors import InputError

_CACHES = {
    "cache (z,)": ("z",),
    "cache (p,)": ("p",),
    "cache (g,)": ("g",),
    "cache (z, p)": ("z", "p"),
    "cache (p, z)": ("p", "z"),
    "cache (p, y)": ("p", "y"),
}
KEYED = "cache, keyed"
"""The role of a dictionary of what forward kept: its ``constant`` is a pair of key and role each."""
_PLAIN: dict[str, Callable[[int, int], Any]] = {
    "identity": lambda n, k: np.eye(n),
    "no bias": lambda n, k: np.zeros(k),
    "ones n": lambda n, k: np.ones(n),
    "ones k": lambda n, k: np.ones(k),
}
"""Roles that are the same whatever the logits: weights that change nothing."""
_MASKS: dict[str, Callable[[NDArray[np.bool_]], Any]] = {
    "mask": lambda kept: kept,
    "mask out": lambda kept: ~kept,
    "mask added": lambda kept: np.where(kept, 0.0, -np.inf),
}
_MASKED = 0.3
"""The logit of a class that a mask leaves out."""
_REMEMBERED = 256
"""Values at so many logits at most are kept."""
_CHANGED = {"z": "logits", "p": "probabilities", "g": "vector"}


def arguments(
    binding: Binding, inputs: Inputs, indices: Mapping[str, int], stages: int
) -> tuple[Arguments, Callable[[], Iterator[tuple[str, Array]]]]:
    """Return the arguments of each stage, and a function that yields what of them was changed in place.

    That is told in words, and with the array itself.
    """
    each: Arguments = [([], {}) for _ in range(stages)]
    watched: list[tuple[str, Array, Array]] = []
    for given in binding.given:
        if given.role == KEYED:
            value = {key: argument(role, binding, inputs) for key, role in given.constant}
        elif given.role in _NUMBERS:
            value = _NUMBERS[given.role](given, inputs, indices)
        else:
            value = argument(given.role, binding, inputs)
        if given.role in _CHANGED and isinstance(value, np.ndarray):
            watched.append((given.role, value, value.copy()))
        positional, named = each[given.stage]
        if given.by_name:
            named[given.parameter] = value
        else:
            positional.append(value)

    def changed() -> Iterator[tuple[str, Array]]:
        for role, now, before in watched:
            if is_changed(now, before):
                yield _CHANGED[role], now

    return each, changed


def result_of(binding: Binding, given: Arguments, result: Any, owner: Owner) -> Any:
    """Return what was returned or, of None, what was written to a buffer, kept on the object, or changed."""
    if isinstance(result, dict):
        values = list(result.values())
        return values if values and all(map(is_number, values)) else Several(tuple(values))
    if type(result).__module__ != "builtins" and isinstance(result, tuple):  # a named tuple, or the like
        return Several(tuple(result))
    if isinstance(result, tuple):
        return Several(result)
    if result is not None:
        return result
    positional, named = given[-1]
    buffers = [*positional, *named.values()]
    roles = [g.role for g in binding.given if g.stage == len(given) - 1]
    if "buffer" in roles:
        return buffers[roles.index("buffer")]
    kept = owner.changed(buffers, derivative=binding.kind not in ("probabilities", "log-probabilities"))
    return Several(tuple(kept)) if kept else None


def argument(role: str, binding: Binding, inputs: Inputs) -> Any:
    """Return the arrays of a role, laid out and in the binding's container."""
    if role in _CACHES:
        parts = ("index" if part == "y" else part for part in _CACHES[role])
        return tuple(_contained(_array(part, binding, inputs), binding) for part in parts)
    return _contained(_array(role, binding, inputs), binding)


_NUMBERS: dict[str, Callable[[Given, Inputs, Mapping[str, int]], Any]] = {
    "constant": lambda given, inputs, indices: given.constant,
    "i": lambda given, inputs, indices: indices.get("i", 0),
    "j": lambda given, inputs, indices: indices.get("j", 0),
    "T": lambda given, inputs, indices: float(inputs.temperature[0]),
    "one": lambda given, inputs, indices: 1.0,
    "count n": lambda given, inputs, indices: inputs.n,
    "count k": lambda given, inputs, indices: inputs.k,
    "forward's": lambda given, inputs, indices: FROM_FORWARD,
}
"""Roles that no layout changes."""


def _array(role: str, binding: Binding, inputs: Inputs) -> Any:
    """Return the array of a role, laid out."""
    if role in _MASKS:
        return _laid_out(_MASKS[role](np.isfinite(inputs.z)), binding)
    if role in _PLAIN:
        return _PLAIN[role](inputs.n if binding.batch else 1, inputs.k)
    if role == "buffer":
        k = inputs.k
        return (
            np.zeros((k, k)) if binding.kind == "jacobian" else _laid_out(np.zeros(inputs.z.shape), binding)
        )
    if role in ("index", "labels"):
        target = _target(inputs)
        if role == "labels":
            target = target[None] if binding.layout == "columns" else target[:, None]
        return target.copy() if binding.batch else int(target[0])
    masked = role == "z" and any(binding.takes(mask) for mask in _MASKS)
    rows = (
        np.where(np.isfinite(inputs.z), inputs.z, _MASKED)
        if masked
        else _rows(role, inputs, binding.function)
    )
    return _laid_out(rows, binding)


def _rows(role: str, inputs: Inputs, function: str) -> Array:
    """Return what a role is, a row for each row of the inputs."""
    if role == "z":
        return np.array(inputs.z)
    if role == "g":
        if inputs.vector is None:
            raise InputError("a product needs a vector", hint="--vector v1,v2,...")
        return np.array(inputs.vector, np.float64)
    if role == "one-hot":
        return np.asarray(np.eye(inputs.k)[_target(inputs)])
    of = "log-softmax" if role == "log p" else "sigmoid" if function == "sigmoid" else "softmax"
    if inputs.z.size > _REMEMBERED:
        return values_of(of, inputs)
    return _values_again(of, inputs.z.tobytes(), inputs.temperature.tobytes()).reshape(inputs.z.shape).copy()


@lru_cache(maxsize=128)
def _values_again(of: str, z: bytes, temperature: bytes) -> Array:
    """Return the values at few logits, which every way of calling is tried at."""
    t = np.frombuffer(temperature)
    return values_of(of, Inputs(np.frombuffer(z).reshape(t.size, -1), t))


def _target(inputs: Inputs) -> Any:
    if inputs.target is None:
        raise InputError(
            "cross-entropy needs the true class", hint="--target CLASS or --target-column COLUMN"
        )
    return inputs.target


def _laid_out(rows: Array, binding: Binding) -> Array:
    if binding.layout == "vector":
        return np.asarray(rows[0])
    if binding.layout == "batch":
        return rows
    return np.ascontiguousarray(rows.T) if binding.layout == "columns" else np.asarray(rows[0])[:, None]


def _contained(value: Any, binding: Binding) -> Any:
    if binding.container == "list":
        return value.tolist() if isinstance(value, np.ndarray) else value
    if binding.container == "tensor":
        return tensor(value)
    if binding.container == "values":
        return [binding.wrap(x) for x in value.tolist()] if isinstance(value, np.ndarray) else value
    return value


def tensor(value: Any) -> Any:
    """Return an array as a torch tensor; also where torch was built against another numpy."""
    torch = sys.modules["torch"]
    try:
        return torch.from_numpy(value) if isinstance(value, np.ndarray) else torch.tensor(value)
    except RuntimeError:  # "Numpy is not available"
        whole = value.dtype.kind in "iu"
        return torch.tensor(value.tolist(), dtype=torch.int64 if whole else torch.float64)
