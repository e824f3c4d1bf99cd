"""The name of a value: which quantity it is, in any orientation, as a whole, a row or an entry."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.inputs import Array
from softmax_cli.checking.trace.quantities import Known

_ROUNDINGS = 64.0
_PLAIN = frozenset({-2.0, -1.0, 0.0, 0.5, 1.0, 2.0})


class Found(NamedTuple):
    """What a value is.

    Parameters
    ----------
    name
        In the quantities' names.
    quantity
        Which one, or None where it is made of two.
    """

    name: str
    quantity: Known | None


def same(a: Array, b: Array, eps: float) -> bool:
    """Tell whether two arrays agree, a number relative to the largest entry at worst."""
    if a.shape != b.shape:
        return False
    with np.errstate(invalid="ignore"):
        size = np.abs(b)
        slack = _ROUNDINGS * eps * (size + 0.02 * size.max(initial=0.0))
        return bool(np.all(np.abs(a - b) <= slack))


def name_of(value: Array, known: Sequence[Known], eps: float) -> Found | None:
    """Return what a value is, as a whole or as one row, in any orientation, or None."""
    bare = value.squeeze()
    if bare.ndim == 0 and float(bare) in _PLAIN:
        return None
    for quantity in known:
        for shape in _orientations(quantity.value):
            if same(bare, shape, eps):
                return Found(quantity.name, quantity)
    for quantity in known:
        rows = quantity.value
        if rows.ndim > 1 and len(rows) > 1:
            for i, row in enumerate(rows):
                if any(same(bare, shape, eps) for shape in _orientations(row[None])):
                    return Found(f"{quantity.name}, of row {i + 1}", quantity)
    return _entry(bare, known, eps) if bare.ndim == 0 else None


def _orientations(value: Array) -> list[Array]:
    bare = value.squeeze()
    return [bare, bare.T] if bare.ndim == 2 else [bare]


def _entry(number: Array, known: Sequence[Known], eps: float) -> Found | None:
    """Return which entry of which quantity a number is."""
    for quantity in known:
        flat = quantity.value.ravel()
        near = np.abs(flat - number) <= _ROUNDINGS * eps * np.abs(flat)
        if near.any() and quantity.value.size > 1:
            return Found(f"{quantity.name}, one entry", quantity)
    return None


def filled(value: Array, where: NDArray[np.bool_], known: Sequence[Known], eps: float) -> Found | None:
    """Return which quantity the entries are that a line has written into a buffer."""
    bare, mask = value.squeeze(), where.squeeze()
    for quantity in known:
        for shape in _orientations(quantity.value):
            if shape.shape == bare.shape and same(bare[mask], shape[mask], eps):
                return Found(quantity.name, quantity)
    return None


def made_of(value: Array, parts: Sequence[Found], eps: float) -> Found | None:
    """Return a value as a quantity and a number, or as two quantities, of those that its line reads."""
    bare = value.squeeze()
    few = [
        (one.name, shape)
        for one in parts
        if one.quantity is not None
        for shape in _broadcast(one.quantity.value, bare)
    ]
    with np.errstate(all="ignore"):
        for name, a in few:
            said = _with_number(bare, name, a, eps)
            if said is not None:
                return Found(said, None)
        for i, (first, a) in enumerate(few):
            for j, (second, b) in enumerate(few):
                for sign, result in _operations(a, b, both=i < j):
                    if i != j and same(result, bare, eps):
                        return Found(f"{_bracketed(first)} {sign} {_bracketed(second)}", None)
    return None


def _with_number(value: Array, name: str, part: Array, eps: float) -> str | None:
    """Return a value as a quantity times, or plus, one number."""
    times, plus = float(np.median(value / part)), float(np.median(value - part))
    if times != 1.0 and same(times * part, value, eps):
        return f"{times:.6g} times {name}"
    if plus != 0.0 and same(part + plus, value, eps):
        return f"{_bracketed(name)} {'-' if plus < 0 else '+'} {abs(plus):.6g}"
    return None


def _bracketed(name: str) -> str:
    return f"({name})" if " " in name else name


def _broadcast(value: Array, to: Array) -> list[Array]:
    """Return a quantity in the shapes in which it can meet a value of this shape."""
    bare = value.squeeze()
    if bare.shape == to.shape or bare.ndim == 0:
        return [np.broadcast_to(bare, to.shape)]
    if to.ndim == 2 and value.ndim == 2 and value.shape[-1] == 1 and len(value) == len(to):
        return [np.broadcast_to(value, to.shape)]
    if to.ndim == 2 and bare.ndim == 1 and bare.size == to.shape[0] == to.shape[1]:
        return [np.broadcast_to(bare[:, None], to.shape), np.broadcast_to(bare[None, :], to.shape)]
    return []


def _operations(a: Array, b: Array, *, both: bool) -> list[tuple[str, Array]]:
    found = [("/", a / b), ("-", a - b)]
    return [*found, ("*", a * b), ("+", a + b)] if both else found
