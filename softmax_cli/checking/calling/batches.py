"""Several rows at once: row i of the answer must be right, and depend on row i of the input alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from softmax_cli.checking import test_points
from softmax_cli.checking.calling.results import ShapeError
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.inputs import Array, Inputs
from softmax_cli.checking.verdict import Verdict, judge
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.call import Invocation

_SCALES = (1.0, 4.0, 0.1)
"""Rows of one batch differ in scale, so that what one lends to another shows."""
_SAME = 1e-6


class BatchOutcome(NamedTuple):
    """The result of calling with several rows.

    `passed` is None where that was not tried, and `verdict` is there where it failed; `silent` says that it
    returned numbers for n rows of k classes, n not k, and raised nothing.
    """

    passed: bool | None = None
    verdict: Verdict | None = None
    silent: bool = False


def examine(call: Invocation, temperature: float, *, named: bool = True) -> BatchOutcome:
    """Ask a function that is right for one row with n = 3, n = k and n = 1 rows.

    It is not tried where it takes no batch: it raises, or returns something else, for every n. Unless
    `named`, a fault is found, not named.
    """
    k = call.conditions.k
    seen = [(n, _asked_with(call, rows(call, n, temperature))) for n in (*sizes(k), 1)]
    several = [(n, got) for n, got in seen if n > 1 and isinstance(got, Verdict)]
    if not several:
        flat = _is_flat(seen, k)
        return BatchOutcome(False, _flattened(call, temperature)) if flat else BatchOutcome()
    wrong = next((verdict for _, verdict in several if not verdict.passed), None)
    if wrong is not None and not named:
        return BatchOutcome(False)
    if wrong is not None:
        silent = len(several) > 1
        return BatchOutcome(False, _named(call, wrong, raises=not silent), silent)
    failed = next(((n, got) for n, got in seen if not isinstance(got, Verdict)), None)
    if failed is not None:
        return BatchOutcome(False, _raising(several[0][1], *failed))
    alone = seen[-1][1]
    if isinstance(alone, Verdict) and not alone.passed:
        alone.diagnosis = Diagnosis((Cause.of("batch-of-one"),))
        return BatchOutcome(False, alone)
    return BatchOutcome(True)


def sizes(k: int) -> tuple[int, int]:
    """Return a number of rows that is not that of the classes, and one that is."""
    return (3 if k != 3 else 4), k


def rows(call: Invocation, n: int, temperature: float) -> Inputs:
    """Return n rows that differ in scale, given together."""
    some = test_points.telling(call.kind, temperature=temperature, varied=False, k=call.conditions.k)
    picked = np.resize(np.arange(some.n), n)
    chosen = some.rows(picked)
    scale = np.resize(_SCALES, n)[:, None] * (1.0 + 0.13 * (np.arange(n) // some.n))[:, None]
    return chosen._replace(z=chosen.z * scale, batch=True)


def _asked_with(call: Invocation, inputs: Inputs) -> Verdict | InputError:
    try:
        return call.judged(inputs, call.answers(inputs), explain=False)
    except InputError as error:
        return error


def fault_of(call: Invocation) -> Cause | None:
    """Return the known fault of batches that gives these numbers, at rows that differ in scale; or None."""
    k = call.conditions.k
    for n in sizes(k):
        inputs = rows(call, n, call.conditions.temperature)
        try:
            got = call.answers(inputs)
        except InputError:
            continue
        return next(_matching(call, inputs, got, raises=n == k), None)
    return None


def _matching(call: Invocation, inputs: Inputs, got: Array, *, raises: bool) -> Iterator[Cause]:
    from softmax_cli.checking.calling.faults import faults  # only where something is wrong

    for cause, answer in faults(call.binding.sought, inputs, raises=raises):
        with np.errstate(all="ignore"):
            if call.kind == "loss":  # of a sum or a mean, only that of the batch is known
                same = np.isclose(got.sum(), answer[:, 0].sum(), rtol=_SAME)
            else:
                same = np.allclose(got, answer, rtol=_SAME, atol=1e-12)
        if same:
            yield cause


def _named(call: Invocation, verdict: Verdict, *, raises: bool) -> Verdict:
    """Name the fault of a batch: by its numbers, by the catalogue, or by which rows lean on which."""
    inputs = verdict.inputs
    assert inputs is not None
    got = call.answers(inputs)
    cause = next(_matching(call, inputs, got, raises=raises), None)
    if cause is None:
        known = judge(call.truth(inputs), got, coarse=call.coarse).diagnosis
        if known.certain and known.causes and known.causes[0].theirs and not is_fitted(known.causes[0]):
            verdict.diagnosis = known
            return verdict
        cause = coupled(call, inputs) or _left_empty(got) or Cause.of("batch-wrong")
    verdict.diagnosis = Diagnosis((cause,))
    return verdict


def _left_empty(got: Array) -> Cause | None:
    """Return the cause where only the first row was filled, and all others are 0."""
    return Cause.of("batch-first-row-only") if got[0].any() and not got[1:].any() else None


def is_fitted(cause: Cause) -> bool:
    """Return whether a formula's coefficients were fitted: they may be made up of another row's numbers."""
    return cause.id.startswith("a-term")


def coupled(call: Invocation, inputs: Inputs) -> Cause | None:
    """Change one row at a time, and return the cause where the answer of another row changes."""
    before = call.answers(inputs)
    if not call.repeated(inputs):
        return Cause.of("state-between-calls")
    for i in range(inputs.n):
        z = np.array(inputs.z)
        z[i] = z[i][::-1] + 0.3
        after = call.answers(inputs._replace(z=z))
        others = np.arange(inputs.n) != i
        moved = ~np.isclose(after, before, rtol=1e-5, atol=1e-9, equal_nan=True)
        leaning = np.flatnonzero(moved.reshape(inputs.n, -1).any(axis=1) & others)
        if leaning.size:
            return Cause.of("samples-coupled", of=leaning[0] + 1, wrt=i + 1)
    return None


def _raising(right: Verdict, n: int, error: InputError) -> Verdict:
    """Return the verdict on a function that is right for some numbers of rows, and raises for another."""
    right.tally.wrong = right.tally.entries
    right.diagnosis = Diagnosis((Cause.of("batch-size", n=n, error=error.what),))
    return right


def _is_flat(seen: list[tuple[int, Verdict | InputError]], k: int) -> bool:
    return any(isinstance(got, ShapeError) and got.got.shape == (n * k, n * k) for n, got in seen if n > 1)


def _flattened(call: Invocation, temperature: float) -> Verdict:
    inputs = rows(call, sizes(call.conditions.k)[0], temperature)
    truth = call.truth(inputs)
    expected, _ = truth.whole()
    verdict = judge(truth, np.full_like(expected, np.nan), explain=False)
    verdict.diagnosis, verdict.shown = (
        Diagnosis((Cause.of("batch-flattened", size=inputs.n * inputs.k),)),
        None,
    )
    return verdict
