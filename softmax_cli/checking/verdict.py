"""A user's answers compared with the truth: what is right, what is wrong, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.compare import EPS, Entry, Place, Tally, merged, terms
from softmax_cli.checking.diagnosis.diagnosis import Diagnosis
from softmax_cli.checking.inputs import ALL, Array, Inputs, Kind
from softmax_cli.checking.reference import Truth
from softmax_cli.core.numerical.derivative import diagonal_of

if TYPE_CHECKING:
    from softmax_cli.checking.diagnosis.experiments.theory import BlackBox
    from softmax_cli.checking.diagnosis.precision import Precision
    from softmax_cli.checking.trace.lines import SourceLine

SMALL = 8
"""Up to this many classes a whole matrix is kept to be shown."""
_DIAGNOSED = 2**22
_ROUNDINGS = 16.0
VAGUE = frozenset({"scaled", "scaled-by-input", "a-term-scaled", "approximate"})


class ShownRow(NamedTuple):
    """The whole answer of one row: expected, got, the relative errors, and which entries are wrong."""

    row: int
    expected: Array
    got: Array
    errors: Array
    wrong: NDArray[np.bool_]

    def entries(self, kind: Kind) -> list[Entry]:
        """Return every entry, in the order of the answer."""
        place = Place(kind, self.row, 0, len(self.got))
        numbers = (a.reshape(-1, a.shape[-1]) for a in (self.expected, self.got, self.errors))
        return [
            Entry(*place.of(i, j), right, theirs, abs(theirs - right), error)
            for i, line in enumerate(zip(*(a.tolist() for a in numbers), strict=True))
            for j, (right, theirs, error) in enumerate(zip(*line, strict=True))
        ]


@dataclass(slots=True, eq=False, repr=False)
class Verdict:
    """The result of a check.

    Parameters
    ----------
    function, kind, method, temperature
        What was checked, and with what.
    tally
        The comparison of all entries.
    precision
        How the answer was rounded, where that is what saved it.
    diagnosis
        Why it is wrong.
    warnings
        What the input hides, and what else was odd.
    shown
        The worst row as a whole, where it is small.
    classes
        The classes' names.
    against
        What was checked, as the user named it; None for softmax's own analytic derivative.
    chosen
        Whether the inputs were check's own choice.
    inputs
        The rows that were checked; of a stream, the row of the worst entry alone.
    called
        How a function was called, in words; None for softmax's own and for a file.
    batch
        Whether a function is right where it is asked with several rows at once; None where it was not.
    lines
        A function's lines with what they hold, up to the first that leaves the path; None where it cannot
        be traced.
    exact
        Whether the method's error is rounding alone; that of another is in the tally's relative errors.
    """

    function: str
    kind: Kind
    method: str
    temperature: float
    tally: Tally
    classes: tuple[str, ...] = ()
    precision: Precision | None = None
    diagnosis: Diagnosis = field(default_factory=Diagnosis)
    warnings: tuple[str, ...] = ()
    shown: ShownRow | None = None
    against: str | None = None
    chosen: bool = False
    inputs: Inputs | None = None
    called: str | None = None
    batch: bool | None = None
    lines: tuple[SourceLine, ...] | None = None
    exact: bool = True

    @property
    def passed(self) -> bool:
        """Whether every entry agrees."""
        return self.tally.wrong == 0

    def keep_worst_row(self, before: int) -> None:
        """Forget all rows but the worst; rows are counted from `before` from now on."""
        tally = self.tally
        if self.inputs is not None and tally.worst:
            self.inputs = self.inputs.rows([tally.worst[0].row])
        tally.worst = tuple(entry._replace(row=entry.row + before) for entry in tally.worst)
        if self.shown is not None:
            self.shown = self.shown._replace(row=self.shown.row + before)

    def joined(self, other: Verdict) -> Verdict:
        """Return the verdict on both: the worse of the two, with the totals and all warnings."""
        worse = other if other.tally.max_rel_error > self.tally.max_rel_error else self
        worse.warnings = tuple(dict.fromkeys((*self.warnings, *other.warnings)))
        worse.tally = merged([self.tally, other.tally], self.tally.rows + other.tally.rows)
        return worse


def judge(
    truth: Truth,
    got: Array,
    *,
    coarse: str = "",
    explain: bool = True,
    stressed: int = 0,
    subject: BlackBox | None = None,
) -> Verdict:
    """Compare an answer with the truth and, where it is wrong, find out why.

    A method less exact than the complex step is allowed the error that it states, but has not the last word:
    with a step that is too long or too short it would pass anything.

    Parameters
    ----------
    truth
        The right answer.
    got
        Theirs, shape (n, k), or (n, k, k) for a Jacobian.
    coarse
        The type that theirs is known to be of, if not double: float32, float16, bfloat16.
    explain
        Whether to look for the cause.
    stressed
        How many rows, the last ones, are there to find overflow and the like: an error as small as the
        rounding of the row's largest term is excused in them. A formula shows in the other rows.
    subject
        The function that answered, where it can be asked at other inputs.
    """
    asked = (coarse, stressed)
    exact = truth.exactly()
    if exact is None:
        return judge_alone(truth, got, *asked, explain, subject)
    return settled(judge_alone(truth, got, *asked), judge_alone(exact, got, *asked, explain, subject))


def settled(by_method: Verdict, exact: Verdict) -> Verdict:
    """Return the verdict by a method, explained by a more exact one; where they differ, the latter."""
    if exact.passed != by_method.passed:
        exact.warnings = (f"{by_method.method} is too coarse here to tell right from wrong",)
        return exact
    by_method.diagnosis, by_method.precision = exact.diagnosis, exact.precision
    return by_method


@np.errstate(over="ignore", invalid="ignore")
def judge_alone(
    truth: Truth,
    got: Array,
    coarse: str = "",
    stressed: int = 0,
    explain: bool = False,
    subject: BlackBox | None = None,
) -> Verdict:
    """Compare an answer as `judge` does, but with this truth alone."""
    tally = _compared(truth, got)
    if tally.wrong and stressed:
        tally = _without_noise(truth, got, tally, stressed)
    inputs = truth.inputs
    verdict = Verdict(*truth.sought, truth.how.name, float(inputs.temperature[0]), tally, inputs=inputs)
    verdict.exact = truth.how.exact
    if tally.wrong:
        verdict.tally, precisions = _excused(truth, got, tally, coarse=coarse)
        verdict.precision = next(iter(precisions), None)
        if verdict.tally.wrong and explain:
            verdict.diagnosis = _explained_as(truth, got, verdict, precisions, subject)
    verdict.shown = _shown(truth, got, verdict)
    return verdict


def _compared(
    truth: Truth, got: Array, allowance: Callable[[Array, slice, slice], Array] | None = None
) -> Tally:
    tally = Tally(rows=truth.inputs.n)
    rtol = max(truth.tolerance.rtol, 1e-300)
    for place, rows, classes, expected, size in truth.blocks():
        allowed = size
        if allowance is not None:
            # An error is relative to the size, so an absolute allowance makes it larger.
            allowed = size + allowance(expected, rows, classes) / rtol
        part = got[rows, classes] if truth.kind == "jacobian" else got[rows]
        tally.add(expected, part, allowed, truth.tolerance, place)
    return tally


def _without_noise(truth: Truth, got: Array, tally: Tally, stressed: int) -> Tally:
    """Compare again, the rounding of each stressed row's largest term excused in all its entries."""
    floor = _ROUNDINGS * EPS * terms(truth.sought, truth.inputs).max(axis=1)
    floor[: truth.inputs.n - stressed] = 0.0

    def allowance(expected: Array, rows: slice, classes: slice) -> Array:
        return np.broadcast_to(floor[rows].reshape(-1, *[1] * (expected.ndim - 1)), expected.shape)

    excused = _compared(truth, got, allowance)
    return tally if excused.wrong else excused


def _excused(truth: Truth, got: Array, tally: Tally, *, coarse: str) -> tuple[Tally, tuple[Precision, ...]]:
    """Compare again with what rounding excuses, if the values lie on a grid."""
    from softmax_cli.checking.diagnosis.precision import precision_of  # only what differs may be rounded

    expected, _ = truth.whole() if got.size <= _DIAGNOSED else (got, got)
    precisions = precision_of(got, expected, coarse=coarse)
    for precision in precisions:
        if not _compared(truth, got, partial(_allowance, truth, precision)).wrong:
            # The errors are reported as they are, not as they were excused.
            return replace(tally, wrong=0), (precision,)
    return tally, precisions


def _allowance(
    truth: Truth, precision: Precision, expected: Array, rows: slice = ALL, classes: slice = ALL
) -> Array:
    inputs = truth.inputs.rows(rows)
    added = terms(truth.sought, inputs)
    if truth.kind == "jacobian":
        size = np.zeros(expected.shape)
        diagonal_of(size, classes.start or 0)[...] = added[:, classes]
        added = size
    return precision.allowance(expected, inputs, added)


def _explained_as(
    truth: Truth, got: Array, verdict: Verdict, precisions: tuple[Precision, ...], subject: BlackBox | None
) -> Diagnosis:
    """Return the first diagnosis that names a cause, the values read as rounded in each possible way."""
    first: Diagnosis | None = None
    for precision in precisions or (None,):
        verdict.precision = precision
        found = _explained(truth, got, verdict, subject)
        if found.causes and found.causes[0].right and found.causes[0].id not in VAGUE:
            return found
        first = first or found
    verdict.precision = next(iter(precisions), None)
    return first or Diagnosis()


def _explained(truth: Truth, got: Array, verdict: Verdict, subject: BlackBox | None) -> Diagnosis:
    # The catalogue is read only where it is needed.
    from softmax_cli.checking.diagnosis.diagnose import diagnose
    from softmax_cli.checking.diagnosis.evidence import ComparedAnswer

    inputs = truth.inputs
    if got.size > _DIAGNOSED and inputs.n > 1:
        most = max(1, _DIAGNOSED // (got.size // inputs.n))
        bad = sorted({entry.row for entry in verdict.tally.worst})[:most]
        truth = Truth.of(truth.sought, inputs.rows(bad), tolerance=truth.tolerance)
        got, inputs = got[bad], inputs.rows(bad)
    expected, size = truth.whole()
    if truth.kind == "loss":
        got, expected = (np.broadcast_to(losses, inputs.z.shape) for losses in (got, expected))
    within = np.abs(got - expected) <= truth.tolerance.rtol * size + truth.tolerance.atol
    precision = verdict.precision
    if precision is not None and precision.decimals is None:
        within |= np.abs(got - expected) <= _allowance(truth, precision, expected)
    answer = ComparedAnswer(truth.sought, inputs, got, expected, ~within)
    return diagnose(answer, precision=precision, subject=subject)


def _shown(truth: Truth, got: Array, verdict: Verdict) -> ShownRow | None:
    if truth.inputs.k > SMALL:
        return None
    row = verdict.tally.worst[0].row if verdict.tally.worst else 0
    expected, size = (a[0] for a in truth.rows([row]).whole())
    errors = np.abs(got[row] - expected)
    within = errors <= truth.tolerance.rtol * size + truth.tolerance.atol
    wrong = ~within if verdict.tally.wrong else np.zeros(within.shape, bool)
    return ShownRow(row, expected, got[row], errors / size, wrong)
