"""The name of a value: which quantity it is, in any orientation, as a whole, a row or an entry."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.inputs import Array
from softmax_cli.checking.trace.quantities import NamedQuantity

_ROUNDINGS = 64.0
_OF_LARGEST = 0.02
"""The rounding of the largest entry that the others may have."""
_PLAIN = frozenset({-2.0, -1.0, 0.0, 0.5, 1.0, 2.0})


class Recognised(NamedTuple):
    """What a value is.

    `quantity` is None where it is made of two.
    """

    name: str
    quantity: NamedQuantity | None


def same(a: Array, b: Array, eps: float) -> bool:
    """Return whether two arrays agree to the last digits, relative to each entry and part of the largest."""
    if a.shape != b.shape:
        return False
    with np.errstate(invalid="ignore"):
        size = np.abs(b)
        slack = _ROUNDINGS * eps * (size + _OF_LARGEST * size.max(initial=0.0))
        return bool(np.all(np.abs(a - b) <= slack))


class Index:
    """Quantities by the shapes in which they may be met: as a whole, turned, one row, one entry.

    Parameters
    ----------
    known
        The quantities, the plainer first.
    """

    def __init__(self, known: Sequence[NamedQuantity]) -> None:
        self.known = known
        self._by_shape: dict[tuple[int, ...], tuple[Array, list[Recognised]]] = {}

    def name_of(self, value: Array, eps: float, where: NDArray[np.bool_] | None = None) -> Recognised | None:
        """Return what a value is, or what the entries `where` of it are; None where it is nothing known."""
        bare = value.squeeze()
        values, names = self._of_shape(bare.shape)
        if not names or (bare.ndim == 0 and float(bare) in _PLAIN):
            return None
        if where is None:
            flat, own = values.reshape(len(values), -1), bare.reshape(1, -1)
        else:
            flat, own = values[:, where.squeeze()], bare[where.squeeze()][None]
        size = np.abs(flat)
        largest = size.max(axis=1, keepdims=True, initial=0.0)
        near = np.abs(flat - own) <= _ROUNDINGS * eps * (size + _OF_LARGEST * largest)
        fits = np.flatnonzero(near.all(axis=1))
        return names[int(fits[0])] if fits.size else None

    def _of_shape(self, shape: tuple[int, ...]) -> tuple[Array, list[Recognised]]:
        """Return what is met in a shape, as one array, and what each is; made when it is first asked for."""
        if shape not in self._by_shape:
            parts = (_whole, _rows) if shape else (_whole, _rows, _entries)
            found = [
                (value, Recognised(name, quantity))
                for part in parts
                for quantity in self.known
                for value, name in part(quantity)
                if value.shape == shape
            ]
            self._by_shape[shape] = np.array([value for value, _ in found]), [name for _, name in found]
        return self._by_shape[shape]


def _whole(quantity: NamedQuantity) -> Iterator[tuple[Array, str]]:
    yield from ((shape, quantity.name) for shape in _orientations(quantity.value))


def _rows(quantity: NamedQuantity) -> Iterator[tuple[Array, str]]:
    if quantity.value.ndim > 1 and len(quantity.value) > 1:
        for i, row in enumerate(quantity.value):
            yield from ((shape, f"{quantity.name}, of row {i + 1}") for shape in _orientations(row[None]))


def _entries(quantity: NamedQuantity) -> Iterator[tuple[Array, str]]:
    if quantity.value.size > 1:
        yield from ((np.asarray(entry), f"{quantity.name}, one entry") for entry in quantity.value.ravel())


def _orientations(value: Array) -> list[Array]:
    bare = value.squeeze()
    return [bare, bare.T] if bare.ndim == 2 else [bare]


def made_of(value: Array, parts: Sequence[Recognised], eps: float) -> Recognised | None:
    """Return a value as a quantity and a number, or as two quantities, of those that its line reads."""
    bare = value.squeeze()
    few = [
        (one.name, shape)
        for one in parts
        if one.quantity is not None
        for shape in _broadcast(one.quantity.value, bare)
    ]
    with np.errstate(all="ignore"):
        for name, a in few if bare.size > 1 else ():  # one number is some multiple of every other
            said = _with_number(bare, name, a, eps)
            if said is not None:
                return Recognised(said, None)
        for i, (first, a) in enumerate(few):
            for j, (second, b) in enumerate(few):
                for sign, result in _operations(a, b, both=i < j):
                    if i != j and same(result, bare, eps):
                        return Recognised(f"{_bracketed(first)} {sign} {_bracketed(second)}", None)
    return None


def _with_number(value: Array, name: str, part: Array, eps: float) -> str | None:
    """Return a value as a quantity times, or plus, one number."""
    times, plus = _middle(value / part), _middle(value - part)
    if times != 1.0 and same(times * part, value, eps):
        return f"{times:.6g} times {name}"
    if plus != 0.0 and same(part + plus, value, eps):
        return f"{_bracketed(name)} {'-' if plus < 0 else '+'} {abs(plus):.6g}"
    return None


def _middle(v: Array) -> float:
    """Return the median, or the value just above it."""
    return float(np.sort(v, axis=None)[v.size // 2])


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
