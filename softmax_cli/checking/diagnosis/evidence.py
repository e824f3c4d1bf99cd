"""A user's answer: beside the right one, and as evidence, with how exactly its numbers can be read."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import right
from softmax_cli.checking.compare import EPS, noise
from softmax_cli.checking.diagnosis.precision import Precision
from softmax_cli.checking.inputs import Array, Inputs, Quantities, Sought


class ComparedAnswer(NamedTuple):
    """An answer beside the right one, (n, k), or (n, k, k) for a Jacobian, and which entries are wrong."""

    sought: Sought
    inputs: Inputs
    got: Array
    expected: Array
    wrong: NDArray[np.bool_]

    @property
    def bad(self) -> NDArray[np.bool_]:
        """Which rows have a wrong entry, shape (n,)."""
        return np.asarray(self.wrong.reshape(len(self.wrong), -1).any(axis=1))

    @property
    def finite(self) -> NDArray[np.bool_]:
        """Which rows were answered in numbers, shape (n,)."""
        return np.asarray(np.isfinite(self.got.reshape(len(self.got), -1)).all(axis=1))


class Evidence(NamedTuple):
    """An answer at some inputs, and how exactly its numbers can be read: arrays (n, ...) of one shape."""

    sought: Sought
    q: Quantities
    got: Array
    slack: Array

    @classmethod
    def of(cls, sought: Sought, q: Quantities, got: Array, precision: Precision | None) -> "Evidence":
        """Return the evidence of an answer of float64, or of one rounded as `precision` says."""
        n = len(got)
        inputs = q.inputs.rows(q.rows)
        relative = 4.0 * noise(inputs).reshape(n, *[1] * (got.ndim - 1))
        size = np.abs(got).reshape(n, -1).max(axis=1).reshape(relative.shape)
        slack = relative * np.abs(got) + 32.0 * EPS * size
        if got.ndim == 3:  # p - p^2, plainly computed, is wrong by an ulp of p
            slack = slack + q.eye * relative * q.column / q.t3
        if precision is not None:
            slack = slack + precision.allowance(got, inputs, 0.0 * got)
            if precision.coarse is not None:
                slack = slack + 32.0 * precision.coarse.eps * size
        return cls(sought, q, got, slack)

    @property
    def compared(self) -> ComparedAnswer:
        """The answer beside the right one."""
        expected = right(self.sought)(self.q)
        near = np.abs(self.got - expected) <= self.slack
        return ComparedAnswer(self.sought, self.q.inputs, self.got, expected, ~near)

    def part(self, mask: NDArray[np.bool_]) -> "Evidence":
        """Return the entries of the mask, as many in each row, shape (n, m)."""
        n = len(self.got)
        return self._replace(got=self.got[mask].reshape(n, -1), slack=self.slack[mask].reshape(n, -1))
