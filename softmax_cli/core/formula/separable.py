"""Matrices that are never formed: sums of columns times rows, and of single entries.

Sums and products, entry by entry, of such matrices are such matrices, so a formula for a Jacobian can be
computed as one and multiplied by a vector in O(n k), where the matrix itself would take O(n k^2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
ONE: Array = np.ones((1, 1))
"""The column, or the row, of ones."""


class Term(NamedTuple):
    """u_i v_j, everywhere or only for j <= i; each of u and v of shape (n, k) or (n, 1)."""

    u: Array
    v: Array
    lower: bool = False


class RowEntries(NamedTuple):
    """One entry a row: w_i in column `at[i]`; w of shape (n, k) or (n, 1)."""

    at: NDArray[np.intp]
    w: Array


class Separable:
    """A sum of terms and of picked entries, for each of n rows a matrix of shape (k, k).

    Examples
    --------
    The Jacobian of softmax, diag(p) - p p^T, times a vector:

    >>> p, i = np.array([[0.5, 0.25, 0.25]]), np.arange(3)
    >>> matrix = (Separable.where_equal(i, i) - Separable.row(p)) * Separable.column(p)
    >>> matrix.times(np.array([[1.0, 2.0, 3.0]]))
    array([[-0.375 ,  0.0625,  0.3125]])
    """

    __slots__ = ("picked", "terms")
    __array_ufunc__ = None  # an array on the left leaves the operation to us

    def __init__(self, terms: tuple[Term, ...] = (), picked: tuple[RowEntries, ...] = ()) -> None:
        self.terms = terms
        self.picked = picked

    @classmethod
    def column(cls, v: Array) -> Separable:
        """Return v_i."""
        return cls((Term(v, ONE),))

    @classmethod
    def row(cls, v: Array) -> Separable:
        """Return v_j."""
        return cls((Term(ONE, v),))

    @classmethod
    def where_equal(cls, first: NDArray[np.intp], second: NDArray[np.intp]) -> Separable:
        """Return 1 where first[i] = second[j], else 0; the numbers of `second` all differ."""
        place = np.full(max(int(first.max()), int(second.max())) + 1, -1)
        place[second] = np.arange(second.size)
        at = np.where(first >= 0, place[first], -1)
        return cls((), (RowEntries(np.maximum(at, 0), np.asarray(at >= 0, np.float64)[None]),))

    @classmethod
    def lower(cls) -> Separable:
        """Return 1 where j <= i, else 0."""
        return cls((Term(ONE, ONE, lower=True),))

    def times(self, vector: Array) -> Array:
        """Return the matrix times a vector, sum_j A_ij g_j, shape (n, k)."""
        result = np.zeros(vector.shape)
        for term in self.terms:
            product = term.v * vector
            sums = np.cumsum(product, axis=1) if term.lower else product.sum(axis=1, keepdims=True)
            result = result + term.u * sums
        for one in self.picked:
            result = result + one.w * vector[:, one.at]
        return result

    def times_from_left(self, vector: Array) -> Array:
        """Return a vector times the matrix, sum_i g_i A_ij, shape (n, k)."""
        result = np.zeros(vector.shape)
        for term in self.terms:
            product = term.u * vector
            if term.lower:  # i >= j
                result = result + term.v * np.cumsum(product[:, ::-1], axis=1)[:, ::-1]
            else:
                result = result + term.v * product.sum(axis=1, keepdims=True)
        for one in self.picked:
            np.add.at(result.T, one.at, (one.w * vector).T)
        return result

    def map(self, function: Callable[[Array], Array]) -> Separable:
        """Return a function of every entry, which only a column, a row or a number has."""
        if not self._pure:
            raise TypeError("only a column or a row can be the argument of a function")
        (term,) = self.terms
        if term.v is ONE:
            return Separable((Term(function(term.u), ONE),))
        return Separable((Term(ONE, function(term.v)),))

    def __abs__(self) -> Separable:
        if len(self.terms) != 1 or self.terms[0].lower or len(self.picked) > 1:
            raise TypeError("the absolute value of a sum of matrices")
        (term,) = self.terms
        size = Term(np.abs(term.u), np.abs(term.v))
        over = tuple(
            RowEntries(one.at, np.abs(one.w + _at(term, one.at)) - _at(size, one.at)) for one in self.picked
        )
        return Separable((size,), over)

    def __add__(self, other: Any) -> Separable:
        if not isinstance(other, Separable):
            number = _number(other)
            if self._pure and self.terms[0].u is ONE and self.terms[0].v is not ONE:
                return Separable.row(self.terms[0].v + number)
            other = Separable.column(number)
        terms = list(self.terms)
        for term in other.terms:
            for i, own in enumerate(terms):
                if own.v is term.v and own.lower == term.lower:
                    terms[i] = Term(own.u + term.u, own.v, own.lower)
                    break
            else:
                terms.append(term)
        return Separable(tuple(terms), self.picked + other.picked)

    __radd__ = __add__

    def __neg__(self) -> Separable:
        return self.__mul__(-1.0)

    def __sub__(self, other: Any) -> Separable:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Separable:
        return self.__neg__().__add__(other)

    def __mul__(self, other: Any) -> Separable:
        if not isinstance(other, Separable):
            number = _number(other)
            terms = (
                Term(term.u, _product(number, term.v), term.lower)
                if term.u is ONE and term.v is not ONE
                else Term(_product(number, term.u), term.v, term.lower)
                for term in self.terms
            )
            return Separable(tuple(terms), tuple(RowEntries(one.at, number * one.w) for one in self.picked))
        products = tuple(
            Term(_product(a.u, b.u), _product(a.v, b.v), a.lower or b.lower)
            for a in self.terms
            for b in other.terms
        )
        entries = [RowEntries(p.at, p.w * _at(term, p.at)) for p in self.picked for term in other.terms]
        entries += [RowEntries(p.at, p.w * _at(term, p.at)) for p in other.picked for term in self.terms]
        entries += [RowEntries(p.at, p.w * r.w * (p.at == r.at)) for p in self.picked for r in other.picked]
        return Separable(products, _gathered(entries))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Separable:
        return self.__mul__(1.0 / other)

    def __rtruediv__(self, other: Any) -> Separable:
        if len(self.terms) != 1 or self.picked or self.terms[0].lower:
            raise TypeError("a division by a sum of matrices")
        (term,) = self.terms
        u, v = (side if side is ONE else 1.0 / side for side in (term.u, term.v))
        return Separable((Term(u, v),)).__mul__(other)

    def __pow__(self, power: Any) -> Separable:
        if power == 2.0:
            return self.__mul__(self)
        return self.map(lambda v: v**power)

    @property
    def _pure(self) -> bool:
        """Whether this is a column, a row or a number."""
        if len(self.terms) != 1 or self.picked:
            return False
        (term,) = self.terms
        return not term.lower and (term.u is ONE or term.v is ONE)


def _number(value: Any) -> Array:
    """Return a number, or one a row, as shape (n, 1)."""
    return np.asarray(value, np.float64).reshape(-1, 1)


def _product(a: Array, b: Array) -> Array:
    return b if a is ONE else a if b is ONE else a * b


def _at(term: Term, at: NDArray[np.intp]) -> Array:
    """Return the entries of a term in column at[i] of each row i."""
    v = term.v if term.v.shape[-1] == 1 else term.v[:, at]
    entries = term.u * v
    return entries * (at <= np.arange(at.size)) if term.lower else entries


def _gathered(entries: list[RowEntries]) -> tuple[RowEntries, ...]:
    """Return the picked entries, those of the same places added."""
    found: list[RowEntries] = []
    for one in entries:
        for i, own in enumerate(found):
            if np.array_equal(own.at, one.at):
                found[i] = RowEntries(own.at, own.w + one.w)
                break
        else:
            found.append(one)
    return tuple(found)
