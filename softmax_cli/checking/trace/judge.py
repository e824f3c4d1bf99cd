"""What the values of a record are: steps on the way to the answer, or not."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import right, right_formula
from softmax_cli.checking.inputs import Array, Inputs, Quantities, Sought
from softmax_cli.checking.trace.quantities import beside, steps
from softmax_cli.checking.trace.recognise import Index, Recognised, made_of, same
from softmax_cli.checking.trace.recorder import Record

EXACT = 1e-13
"""How exactly a formula gives an answer."""
_FEW = 6
_NEAR = 1e-6
"""How far an entry is from the right one, at least, where it is wrong, relative to it and to the largest."""


class ValueReading(NamedTuple):
    """What the values of a record are.

    Parameters
    ----------
    holds
        In words.
    right
        Whether each of them is a step on the way.
    known
        Whether each of them has a name at all.
    found
        The quantities themselves.
    """

    holds: str
    right: bool
    known: bool
    found: tuple[Recognised, ...] = ()


class Judge:
    """Reads records: against the steps to an answer of one kind at these inputs."""

    def __init__(self, sought: Sought, inputs: Inputs) -> None:
        self.sought, self.inputs = sought, inputs
        self._q = Quantities.of(inputs)
        self._on_the_way = self._q.kept(("steps", sought), lambda: Index(steps(sought, self._q)))
        self.steps = self._on_the_way.known
        self._read: dict[int, ValueReading | None] = {}

    @property
    def _beside(self) -> Index:
        """What people compute by mistake; few lines hold it."""
        return self._q.kept("beside", lambda: Index(beside(self._q)))

    @property
    def formula(self) -> str:
        """The right formula, without T where it is 1."""
        said = right_formula(self.sought)
        return said.replace(" / T", "") if np.all(self.inputs.temperature == 1.0) else said

    def is_answer(self, found: Recognised) -> bool:
        """Return whether a quantity is the right answer."""
        answer = right(self.sought)(self._q)
        if self.sought.kind == "loss":
            answer = answer[:, :1]
        return found.quantity is not None and same(found.quantity.value, answer, EXACT)

    def first_wrong(self, records: Sequence[Record], answer: Array) -> Record | None:
        """Return the record of the first part of an answer that is wrong, where each gave a part of it."""
        wrong = self.wrong(answer)
        if len(records) < 2 or wrong.size % len(records):
            return None
        bad = np.flatnonzero(wrong.reshape(len(records), -1).any(axis=1))
        return records[bad[0]] if bad.size else None

    def wrong(self, answer: Array) -> NDArray[np.bool_]:
        """Return which entries of an answer are wrong; nothing of what has another shape, as a loss has."""
        expected = right(self.sought)(self._q)
        if self.sought.kind == "loss" or expected.shape != answer.shape:
            return np.zeros(0, bool)
        return ~np.isclose(answer, expected, rtol=_NEAR, atol=_NEAR * float(np.abs(expected).max()))

    def made_from(self, record: Record, expected: str) -> str | None:
        """Return how a record differs from the step that it should hold: by a number, added or multiplied."""
        parts = [Recognised(step.name, step) for step in self.steps if step.name == expected]
        for runs in record.values.values():
            made = made_of(runs[-1], parts, record.eps)
            if made is not None:
                return made.name
        return None

    def read(self, record: Record) -> ValueReading | None:
        """Return what a record holds, or None where it holds nothing that the inputs make."""
        if id(record) not in self._read:
            self._read[id(record)] = None  # a loop reads what it has written itself
            self._read[id(record)] = self._reading(record)
        return self._read[id(record)]

    def _reading(self, record: Record) -> ValueReading | None:
        many = [self._found(record, name, runs) for name, runs in record.values.items()]
        readings = [one for one in many if one is not None]
        if not readings:
            return None
        said = "; ".join(dict.fromkeys(one.holds for one in readings))
        return ValueReading(
            said.replace(" / T", "") if np.all(self.inputs.temperature == 1.0) else said,
            all(one.right for one in readings),
            all(one.known for one in readings),
            tuple(found for one in readings for found in one.found),
        )

    def _found(self, record: Record, name: str, runs: Sequence[Array]) -> ValueReading | None:
        last = runs[-1]
        if _is_plain(last):
            return None
        found = _named(record, name, runs, self._on_the_way)
        is_right = found is not None
        found = found or _named(record, name, runs, self._beside)
        if found is not None:
            return ValueReading(found.name, is_right, known=True, found=(found,))
        parts = [
            found
            for source in record.sources
            if (reading := self.read(source)) is not None
            for found in reading.found
        ]
        made = made_of(last, parts, record.eps)
        if made is not None:
            return ValueReading(made.name, right=False, known=True, found=(made,))
        return ValueReading(_numbers(last), right=False, known=False)


def _numbers(value: Array) -> str:
    """Return the numbers of a value that has no name, where they are few."""
    bare = value.squeeze()
    if bare.ndim > 1 or bare.size > _FEW:
        return "no known quantity"
    said = ", ".join(f"{x:.4g}" for x in bare.ravel())
    return f"({said})" if bare.ndim else said


def _named(record: Record, name: str, runs: Sequence[Array], known: Index) -> Recognised | None:
    where = record.written.get(name)
    if where is not None and where.shape == runs[-1].shape:
        found = known.name_of(runs[-1], record.eps, where)
        if found is not None:
            return found
    if len(runs) > 1 and len({one.shape for one in runs}) == 1:
        found = known.name_of(np.array(runs), record.eps) or _matrix(runs, known, record.eps)
        if found is not None:
            return Recognised(f"{found.name}, one after another", found.quantity)
    return known.name_of(runs[-1], record.eps)


def _matrix(runs: Sequence[Array], known: Index, eps: float) -> Recognised | None:
    """Return what the values of a double loop are, as a matrix."""
    k = round(float(np.sqrt(len(runs))))
    if runs[0].size != 1 or k * k != len(runs) or k < 2:
        return None
    return known.name_of(np.array(runs).reshape(k, k), eps)


def _is_plain(value: Array) -> bool:
    """Return whether a value is no quantity of the logits: of zeros and ones, of one number, not finite."""
    if not np.isfinite(value).all():
        return True
    entries = set(value.ravel().tolist())
    return entries <= {0.0, 1.0, -1.0} or (len(entries) == 1 and value.size > 1)
