"""The line that is wrong: the first that does not hold what the way to the answer needs."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from softmax_cli.checking.catalogue.mistake import right
from softmax_cli.checking.inputs import Array, Inputs, Quantities
from softmax_cli.checking.trace.judge import EXACT, Judge
from softmax_cli.checking.trace.quantities import NamedQuantity
from softmax_cli.checking.trace.recognise import same
from softmax_cli.checking.trace.recorder import Record
from softmax_cli.core.formula.functions import softmax


class Culprit(NamedTuple):
    """The record that is wrong, and what it should hold."""

    record: Record
    expected: str


def culprit(judge: Judge, records: Sequence[Record], last: Record, answer: Array) -> Culprit:
    """Return the first line that leaves the path.

    `records` are in the order in which the lines first ran; `last` returned the answer, of shape (n, k), or
    (n, k, k) for a Jacobian.

    Notes
    -----
    Where the right formula, with a line's value in place of p, gives exactly the wrong answer, all that
    comes after that line is right, and it is the line that should have held p. The same is asked of the
    exponentials, the logits and the vector. Else it is the first line before the answer whose value has no
    place on the way, and whose name says what it is to be; else the line that made the answer.
    """
    before = _leading_to(last)
    leading = [one for one in records if id(one) in before]
    short = [one for one in leading if not _has(one, answer)]
    roles = (Culprit(one, role) for one in short if (role := _role(judge, one, answer)) is not None)
    first = next(roles, None)
    if first is not None:
        return first if _asked_now(judge, first.record) else next(filter(_keeps, roles), first)
    for record in short:
        reading = None if record.statement is None else judge.read(record)
        if reading is None or reading.right:
            continue
        given = None if record.given is None else judge.read(record.given)
        expected = _by_name(judge, record) if given is None or given.right else None
        if expected is not None:
            return Culprit(record, expected)
    own = [one for one in leading if one.statement is not None]
    made = next((one for one in own if one not in short), last)
    return Culprit(_writer(judge, own, made, answer), judge.formula)


def _writer(judge: Judge, own: Sequence[Record], made: Record, answer: Array) -> Record:
    """Return the line that wrote the first wrong entries, where several fill what `made` holds at last.

    Of a matrix that is made of rows, the lines that fill its last row are looked at first.
    """
    bare = answer.squeeze()
    wrong = judge.wrong(answer).squeeze()
    if wrong.shape != bare.shape:
        return made
    names = dict.fromkeys(made.written, (bare, wrong))
    if bare.ndim > 1:
        rows = {name: (bare[-1], wrong[-1]) for one in own for name in one.written if name not in names}
        names = {**rows, **names}
    for name, (filled, bad) in names.items():
        wrote = np.full(filled.shape, -1)
        for i, record in enumerate(own):
            where = record.written.get(name)
            if where is not None and where.shape == filled.shape:
                wrote[where] = i
        if (wrote >= 0).all() and _ends_as(own, name, filled) and bad.any():
            return own[int(wrote[bad].min())]
        if name in made.written and (wrote[bad] >= 0).any():
            return own[int(wrote[bad & (wrote >= 0)].min())]
    return made


def _ends_as(records: Sequence[Record], name: str, filled: Array) -> bool:
    """Return whether what is filled under a name is this at last."""
    return any(
        same(record.values[name][-1], filled, record.eps) for record in records if name in record.written
    )


def _asked_now(judge: Judge, record: Record) -> bool:
    """Return whether a record belongs to a call with these logits, not to an earlier one with others."""
    given = record.sources if record.given is None else [record.given]
    readings = [judge.read(one) for one in given]
    return not readings or any(one is None or one.right for one in readings)


def _keeps(culprit: Culprit) -> bool:
    """Return whether a line keeps on the object what a later call reads."""
    statement = culprit.record.statement
    return statement is not None and any("." in name for name in statement.targets)


def _has(record: Record, answer: Array) -> bool:
    """Return whether a record already holds the answer."""
    bare = answer.squeeze()
    return any(
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
    given = record.statement is None
    if reading is not None and reading.right and not given:
        return None
    q = Quantities.of(judge.inputs)
    formula = right(judge.sought)
    for runs in record.values.values():
        for value in (runs[-1], np.array(runs) if len({one.shape for one in runs}) == 1 else runs[-1]):
            shaped = _as_rows(value, q)
            if shaped is None:
                continue
            for expected, put in _GIVEN if given else _ROLES:
                with np.errstate(all="ignore"):
                    try:
                        made = np.asarray(put(q, shaped, formula))
                        near = [step for step in judge.steps if step.name in expected]
                        plainest = min(near, key=lambda step: np.abs(step.value - shaped).max())
                    except (LookupError, ValueError):
                        continue
                already = same(shaped, plainest.value, record.eps)
                if not already and same(made, answer, max(EXACT, record.eps)):
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
    (("z", "z - max z", "z / T", "(z - max z) / T"), lambda q, v, formula: formula(q.with_p(softmax(v)))),
    (("g",), lambda q, v, formula: formula(Quantities(q.inputs._replace(vector=v)))),
    (("y",), lambda q, v, formula: (q.p - v) / q.t),
)
_GIVEN: tuple[tuple[tuple[str, ...], Callable[[Quantities, Array, Formula], Array]], ...] = (
    (("z / T", "(z - max z) / T"), lambda q, v, formula: formula(q.with_p(softmax(v)))),
)
"""What a line may be meant for: steps by name, and the answer if its value stands in their place. A function
that is called may be meant to be given logits.
"""


def _spelled(expected: str, inputs: Inputs) -> str:
    if expected == "y":
        return "y: 1 at the target, 0 elsewhere"
    if expected == "z / T" and np.all(inputs.temperature == 1.0):
        return "z"
    tempered = {"exp(z - max z)": "exp((z - max z) / T)", "exp(z)": "exp(z / T)"}
    return expected if np.all(inputs.temperature == 1.0) else tempered.get(expected, expected)


_NAMES = {
    "p": ("p", "probs", "prob", "probabilities", "softmax", "s", "sm", "out", "output", "soft", "y_hat", "P"),
    "exp(z - max z)": ("e", "exp", "exps", "ez", "ex", "numerator", "num", "e_x", "exp_z", "exp_x"),
    "S = sum exp(z - max z)": ("S", "total", "denominator", "den", "sum_exp", "norm", "denom"),
    "max z": ("m", "max", "z_max", "mx"),
    "z": ("z", "x", "logits", "scores"),
    "z - max z": ("shifted", "shift"),
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
        if step is None or step.value.size != runs[-1].size or not np.isfinite(runs[-1]).all():
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


def _was_right(judge: Judge, record: Record, step: NamedQuantity) -> bool:
    """Return whether what a line changes in place was that step before, and has now to be the next."""
    return any(
        found.quantity is step
        for source in record.sources
        if (reading := judge.read(source)) is not None
        for found in reading.found
    )
