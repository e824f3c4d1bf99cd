"""The line that is wrong: the first that does not hold what the way to the answer needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from softmax_cli.checking.catalogue.mistake import right, right_formula
from softmax_cli.checking.inputs import Array, Inputs, Kind, Quantities, softmax
from softmax_cli.checking.trace.quantities import Known, beside, steps
from softmax_cli.checking.trace.recognise import Found, filled, made_of, name_of, same
from softmax_cli.checking.trace.recorder import Record

_ROLE_EPS = 1e-13
_FEW = 6


@dataclass(frozen=True)
class Reading:
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
    found: tuple[Found, ...] = ()


class Judge:
    """Reads records: against the steps to an answer of one kind at these inputs.

    Parameters
    ----------
    function, kind, inputs
        What was asked.
    """

    def __init__(self, function: str, kind: Kind, inputs: Inputs) -> None:
        self.function, self.kind, self.inputs = function, kind, inputs
        q = Quantities(inputs)
        self.steps, self.beside = steps(function, kind, q), beside(q)
        self._read: dict[int, Reading | None] = {}

    @property
    def formula(self) -> str:
        """The right formula, without T where it is 1."""
        said = right_formula(self.function, self.kind)
        return said.replace(" / T", "") if np.all(self.inputs.temperature == 1.0) else said

    def made_from(self, record: Record, expected: str) -> str | None:
        """Return how a record differs from the step that it should hold: by a number, added or multiplied."""
        parts = [Found(step.name, step) for step in self.steps if step.name == expected]
        for runs in record.values.values():
            made = made_of(runs[-1], parts, record.eps)
            if made is not None:
                return made.name
        return None

    def read(self, record: Record) -> Reading | None:
        """Return what a record holds, or None where it holds nothing that the inputs make."""
        if id(record) not in self._read:
            self._read[id(record)] = None  # a loop reads what it has written itself
            self._read[id(record)] = self._reading(record)
        return self._read[id(record)]

    def _reading(self, record: Record) -> Reading | None:
        many = [self._found(record, name, runs) for name, runs in record.values.items()]
        readings = [one for one in many if one is not None]
        if not readings:
            return None
        said = "; ".join(dict.fromkeys(one.holds for one in readings))
        return Reading(
            said.replace(" / T", "") if np.all(self.inputs.temperature == 1.0) else said,
            all(one.right for one in readings),
            all(one.known for one in readings),
            tuple(found for one in readings for found in one.found),
        )

    def _found(self, record: Record, name: str, runs: Sequence[Array]) -> Reading | None:
        last = runs[-1]
        if _is_plain(last):
            return None
        for known, is_right in ((self.steps, True), (self.beside, False)):
            found = _named(record, name, runs, known)
            if found is not None:
                return Reading(found.name, is_right, known=True, found=(found,))
        parts = [
            found
            for source in record.sources
            if (reading := self.read(source)) is not None
            for found in reading.found
        ]
        made = made_of(last, parts, record.eps)
        if made is not None:
            return Reading(made.name, right=False, known=True, found=(made,))
        return Reading(_numbers(last), right=False, known=False)


def _numbers(value: Array) -> str:
    """Return the numbers of a value that has no name, where they are few."""
    bare = value.squeeze()
    if bare.ndim > 1 or bare.size > _FEW:
        return "no known quantity"
    said = ", ".join(f"{x:.4g}" for x in bare.ravel())
    return f"({said})" if bare.ndim else said


def _named(record: Record, name: str, runs: Sequence[Array], known: Sequence[Known]) -> Found | None:
    where = record.written.get(name)
    if where is not None and where.shape == runs[-1].shape:
        found = filled(runs[-1], where, known, record.eps)
        if found is not None:
            return found
    if len(runs) > 1 and len({one.shape for one in runs}) == 1:
        found = name_of(np.array(runs), known, record.eps) or _matrix(runs, known, record.eps)
        if found is not None:
            return Found(f"{found.name}, one after another", found.quantity)
    return name_of(runs[-1], known, record.eps)


def _matrix(runs: Sequence[Array], known: Sequence[Known], eps: float) -> Found | None:
    """Return what the values of a double loop are, as a matrix."""
    k = round(float(np.sqrt(len(runs))))
    if runs[0].size != 1 or k * k != len(runs) or k < 2:
        return None
    return name_of(np.array(runs).reshape(k, k), known, eps)


def _is_plain(value: Array) -> bool:
    """Tell whether a value is made of zeros and ones, or all of one number: no quantity of the logits."""
    entries = np.unique(value)
    return bool(np.isin(entries, (0.0, 1.0, -1.0)).all()) or (entries.size == 1 and value.size > 1)


@dataclass(frozen=True)
class Culprit:
    """The record that is wrong, and what it should hold."""

    record: Record
    expected: str


def culprit(judge: Judge, records: Sequence[Record], last: Record, answer: Array) -> Culprit:
    """Return the first line that leaves the path.

    Parameters
    ----------
    judge
        What the lines should lead to.
    records
        In the order in which the lines first ran.
    last
        The record that returned the answer.
    answer
        The answer, shape (n, k), or (n, k, k) for a Jacobian.

    Notes
    -----
    Where the right formula, with a line's value in place of p, gives exactly the wrong answer, all that
    comes after that line is right, and it is the line that should have held p. The same is asked of the
    exponentials, the logits and the vector. Else it is the first line before the answer whose value has no
    place on the way, and whose name says what it is to be; else the line that made the answer.
    """
    before = _leading_to(last)
    made = next((one for one in records if id(one) in before and _has(one, answer)), last)
    off = [
        record
        for record in records
        if id(record) in before
        and record is not made
        and record.statement is not None
        and (reading := judge.read(record)) is not None
        and not reading.right
    ]
    for record in records:
        if id(record) in before and record is not made and record.statement is not None:
            role = _role(judge, record, answer)
            if role is not None:
                return Culprit(record, role)
    for record in off:
        expected = _by_name(judge, record)
        if expected is not None:
            return Culprit(record, expected)
    return Culprit(made, judge.formula)


def _has(record: Record, answer: Array) -> bool:
    """Tell whether a record already holds the answer."""
    bare = answer.squeeze()
    return record.statement is not None and any(
        same(shape, bare, record.eps)
        for runs in record.values.values()
        for shape in (runs[-1].squeeze(), runs[-1].squeeze().T)
    )


def _leading_to(last: Record) -> set[int]:
    """Return the records that an answer was made from, itself included."""
    found: set[int] = set()
    left = [last]
    while left:
        record = left.pop()
        if id(record) not in found:
            found.add(id(record))
            left.extend(record.sources)
    return found


def _role(judge: Judge, record: Record, answer: Array) -> str | None:
    """Return what a record should hold, if the answer is the right formula on what it holds."""
    reading = judge.read(record)
    if reading is not None and reading.right:
        return None
    q = Quantities(judge.inputs)
    formula = right(judge.function, judge.kind)
    for runs in record.values.values():
        for value in (runs[-1], np.array(runs) if len({one.shape for one in runs}) == 1 else runs[-1]):
            shaped = _as_rows(value, q)
            if shaped is None:
                continue
            for expected, put in _ROLES:
                with np.errstate(all="ignore"):
                    try:
                        made = np.asarray(put(q, shaped, formula))
                        near = [step for step in judge.steps if step.name in expected]
                        plainest = min(near, key=lambda step: np.abs(step.value - shaped).max())
                    except (LookupError, ValueError):
                        continue
                already = same(shaped, plainest.value, record.eps)
                if not already and same(made, answer, max(_ROLE_EPS, record.eps)):
                    return _spelled(plainest.name, judge.inputs)
    return None


def _as_rows(value: Array, q: Quantities) -> Array | None:
    bare, shape = value.squeeze(), q.z.shape
    for one in (bare, bare.T):
        if one.shape == shape or (shape[0] == 1 and one.shape == shape[1:]):
            return np.asarray(one.reshape(shape))
    return None


def _normalised(v: Array) -> Array:
    return np.asarray(v / v.sum(axis=1, keepdims=True))


Formula = Callable[[Quantities], Array]
_ROLES: tuple[tuple[tuple[str, ...], Callable[[Quantities, Array, Formula], Array]], ...] = (
    (("p",), lambda q, v, formula: formula(q.with_p(v))),
    (("log p",), lambda q, v, formula: formula(q.with_p(np.exp(v)))),
    (("exp(z)", "exp(z - max z)"), lambda q, v, formula: formula(q.with_p(_normalised(v)))),
    (
        ("z", "z - max z", "z / T", "(z - max z) / T"),
        lambda q, v, formula: formula(q.with_p(softmax(v))),
    ),
    (("g",), lambda q, v, formula: formula(Quantities(replace(q.inputs, vector=v)))),
    (("y",), lambda q, v, formula: (q.p - v) / q.t),
)
"""What a line may be meant for: steps by name, and the answer if its value stands in their place."""


def _spelled(expected: str, inputs: Inputs) -> str:
    if expected == "y":
        return "y: 1 at the target, 0 elsewhere"
    tempered = {"exp(z - max z)": "exp((z - max z) / T)", "exp(z)": "exp(z / T)"}
    return expected if np.all(inputs.temperature == 1.0) else tempered.get(expected, expected)


_NAMES = {
    "p": ("p", "probs", "prob", "probabilities", "softmax", "s", "sm", "out", "output", "soft", "y_hat", "P"),
    "exp(z - max z)": ("e", "exp", "exps", "ez", "ex", "numerator", "num", "e_x", "exp_z", "exp_x"),
    "S = sum exp(z - max z)": ("S", "total", "denominator", "den", "sum_exp", "norm", "denom"),
    "max z": ("m", "max", "z_max", "mx"),
    "z": ("z", "x", "logits", "scores"),
    "z - max z": ("shifted", "shift", "d"),
    "g . p": ("dot", "inner"),
    "log p": ("logp", "log_p", "log_probs", "lp"),
}
_ALIKE = 0.5


def _by_name(judge: Judge, record: Record) -> str | None:
    """Return what a record should hold by the name that it was given, if it is at all like that."""
    for name, runs in record.values.items():
        short = name.rpartition(".")[2]
        expected = next((one for one, names in _NAMES.items() if short in names), None)
        step = next((one for one in judge.steps if one.name == expected), None)
        if step is None or step.value.size != runs[-1].size:
            continue
        if (
            record.statement is not None
            and name in record.statement.reads
            and _was_right(judge, record, step)
        ):
            continue
        a, b = step.value.ravel(), runs[-1].ravel()
        if abs(a @ b) >= _ALIKE * np.sqrt((a @ a) * (b @ b)):
            return _spelled(step.name, judge.inputs)
    return None


def _was_right(judge: Judge, record: Record, step: Known) -> bool:
    """Tell whether what a line changes in place was that step before, and has now to be the next."""
    return any(
        found.quantity is step
        for source in record.sources
        if (reading := judge.read(source)) is not None
        for found in reading.found
    )
