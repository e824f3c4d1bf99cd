"""A cause that can be tested: what it would answer anywhere, and the inputs that it was not found on."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.compare import EPS, noise, terms
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.precision import Precision
from softmax_cli.checking.inputs import PRODUCTS, TARGETED, Array, Inputs, Quantities, Sought
from softmax_cli.checking.test_points import telling
from softmax_cli.errors import InputError

_HELD_OUT = (
    (0.52, -1.61, 1.07, -0.33, 0.88, -0.74, 1.29, -1.02, 0.15),
    (-0.93, 0.41, 1.73, 0.09, -1.38, 0.67, -0.21, 1.16, -1.84),
    (2.17, -0.58, -1.19, 1.33, 0.26, -2.05, 0.79, 0.03, 1.51),
)
_VECTORS = (
    (-1.31, 0.62, 0.27, 1.44, -0.53, 0.85, -0.19, 2.06, 0.71),
    (0.94, -0.36, 1.58, 0.73, -1.07, 0.18, 1.21, -0.66, 0.39),
    (0.46, 1.13, -0.82, -0.24, 1.77, 0.55, -1.46, 0.31, 0.98),
)
_TARGETS = (2, 0, 3)
_TEMPERATURES = (1.7, 0.8, 2.6)
_Shapes: TypeAlias = tuple[tuple[int, int], ...]
_ABOVE = 45.0
_FAR = (-9.0, -17.0, -26.0, -38.0, -70.0, -140.0, -330.0, -690.0)
"""How far below the others a logit lies where a guard shows: the softmax of it falls from 1e-4 to 1e-300."""


class Theory(NamedTuple):
    """A cause and its formula.

    Parameters
    ----------
    cause
        What is told.
    answer
        The formula, as a function of the quantities.
    loose
        By how much it may be wrong on top of rounding, relative to each entry: numbers that were made in
        single precision, or by differences, follow no formula to the last digit.
    absolute
        The same, for every entry: what rounding is divided by a step.
    of
        Which entries it is about, where the others are another matter.
    holds
        Of a cause that no formula gives, but that every answer shows: what looks for it.
    """

    cause: Cause
    answer: Callable[[Quantities], Array]
    loose: float = 0.0
    absolute: float = 0.0
    of: Callable[[Quantities], NDArray[np.bool_]] | None = None
    holds: Callable[[Evidence], bool] | None = None

    def explains(self, evidence: Evidence) -> bool:
        """Return whether it gives every number of the evidence that it is about, within its rounding."""
        with np.errstate(all="ignore"):
            if self.holds is not None:
                return self.holds(evidence)
            try:
                answer = np.broadcast_to(self.answer(evidence.q), evidence.got.shape)
            except (LookupError, ValueError):
                return False
            slack = evidence.slack + self.loose * np.abs(answer) + self.absolute
            near = np.abs(evidence.got - answer) <= slack
            return bool(np.all(near if self.of is None else near | ~self.of(evidence.q)))


class BlackBox(NamedTuple):
    """A function that can be called, and is known by its answers alone.

    Parameters
    ----------
    sought
        What its answers are to be.
    answers
        Takes rows and returns the answers, (n, k), or (n, k, k) for a Jacobian; raises where it cannot.
    temperature
        Whether it takes T, so that T may be changed.
    batch
        Whether it is given all rows at once.
    fixed
        The target that is written into it: it is asked at no other.
    classes
        The number of classes that it is written for: it is asked with no other.
    t
        T, where it takes none.
    precision
        How its answers are rounded.
    """

    sought: Sought
    answers: Callable[[Inputs], Array]
    temperature: bool = False
    batch: bool = False
    fixed: int | None = None
    classes: int | None = None
    t: float = 1.0
    precision: Precision | None = None

    def shapes(self, alone: _Shapes, together: _Shapes) -> _Shapes:
        """Return numbers of rows and classes to ask with: those of one row at a time, or of batches."""
        shapes = together if self.batch else alone
        return shapes if self.classes is None else tuple((n, self.classes) for n, _ in shapes[:2])

    def ask(self, inputs: Inputs) -> Evidence | None:
        """Return the answers at these rows, those that are numbers; None where it cannot be asked so."""
        try:
            got = self.answers(inputs)
        except InputError:
            return None
        if (
            self.sought.kind == "loss"
        ):  # a formula is computed for every class: that of a loss is the same in each
            got = np.broadcast_to(got, inputs.z.shape)
        finite = np.flatnonzero(np.isfinite(got.reshape(len(got), -1)).all(axis=1))
        if finite.size == 0 or (inputs.together and finite.size < inputs.n):
            return None
        return evidence(self.sought, inputs.rows(finite), got[finite], self.precision)

    def first(self) -> Iterator[Inputs]:
        """Yield rows that tell formulas apart, the best first."""
        same = self.batch or not self.temperature
        t = 2.0 if self.temperature and self.batch else self.t
        for n, k in self.shapes(((4, 5), (4, 3)), ((4, 5), (5, 5), (3, 3))):
            rows = telling(self.sought.kind, temperature=t, varied=not same, k=k)
            yield self._placed(rows.rows(np.resize(np.arange(4), n)) if n != 4 else rows)

    def held_out(self) -> Iterator[Inputs]:
        """Yield rows on which no cause was found: other sizes, temperatures, vectors."""
        for n, k in self.shapes(((3, 5), (3, 4), (2, 7)), ((2, 4), (3, 7), (3, 5), (3, 3))):
            yield self.made(_wide(_HELD_OUT, k)[:n])

    def far(self, *, seen: bool = True) -> Inputs:
        """Return rows in which one logit lies far from the others, where guards show; other ones unseen."""
        base = _wide(_HELD_OUT, self.classes or 5)[0 if seen else 1] * 0.4
        far = np.array((_ABOVE, *_FAR)) * (1.0 if seen else 0.83)
        rows = np.tile(base, (far.size, 1))
        rows[:, min(3, base.size - 1) if seen else 1] = far
        return self.made(rows)

    def made(self, z: Array) -> Inputs:
        """Return rows with these logits, and all that they need besides."""
        n, k = z.shape
        if self.temperature:
            t = np.resize(_TEMPERATURES[:1] if self.batch else _TEMPERATURES, n)
        else:
            t = np.full(n, self.t)
        target = np.resize(_TARGETS, n) % k if self.sought.kind in TARGETED else None
        vector = np.resize(_wide(_VECTORS, k), (n, k)) if self.sought.kind in PRODUCTS else None
        return self._placed(Inputs.of(z, t, target, vector))

    def _placed(self, inputs: Inputs) -> Inputs:
        vector = inputs.vector
        if vector is not None:  # a function may look only at whether an entry is 0
            vector = np.where(
                (np.arange(inputs.n)[:, None] % 3 == 1) & (np.arange(inputs.k) == 1), 0.0, vector
            )
        fixed = self.fixed
        target = inputs.target if fixed is None else np.full(inputs.n, fixed)
        return Inputs(inputs.z, inputs.temperature, target, vector, batch=self.batch)


def _wide(rows: tuple[tuple[float, ...], ...], k: int) -> Array:
    """Return rows with k classes: the first of each, or all over and over, a little higher each time."""
    return np.array([np.resize(row, k) + 0.11 * (np.arange(k) // len(row)) for row in rows])


def evidence(sought: Sought, inputs: Inputs, got: Array, precision: Precision | None = None) -> Evidence:
    """Return the evidence of an answer at all rows, the rounding of its own terms allowed for."""
    found = Evidence.of(sought, Quantities.of(inputs), got, precision)
    if got.ndim == 3:
        return found
    extra = 4.0 * noise(inputs) * terms(sought, inputs) + 64.0 * EPS * np.abs(got)
    return found._replace(slack=found.slack + extra)


def far_evidence(box: BlackBox, inputs: Inputs) -> Evidence | None:
    """Return the answers at far logits: each held to its own rounding, not to that of the largest."""
    found = box.ask(inputs)
    if found is None or box.precision is not None:
        return found
    rows = found.q.inputs
    size = terms(box.sought, rows)
    if found.got.ndim == 3:
        size = size[:, :, None] * found.q.eye
    exact = 4.0 * noise(rows).reshape(-1, *[1] * (found.got.ndim - 1)) * (np.abs(found.got) + size)
    return found._replace(slack=exact)


def explained(theories: Sequence[Theory], unseen: Sequence[Evidence]) -> list[Theory]:
    """Return the theories that explain every number at inputs that they were not found on."""
    return [theory for theory in theories if all(theory.explains(one) for one in unseen)]
