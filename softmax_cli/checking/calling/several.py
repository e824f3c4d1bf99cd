"""A class or a whole file: everything in it that can be checked, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from softmax_cli.checking.calling.code.running import LIMITS, LateError
from softmax_cli.checking.calling.finding import find
from softmax_cli.checking.calling.hints.evidence import Evidence
from softmax_cli.checking.calling.search import Conditions, Found
from softmax_cli.checking.inputs import VALUES
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.code.subject import Subject
    from softmax_cli.checking.calling.hints.readings import Wanted
    from softmax_cli.checking.verdict import Verdict


class Outcome(NamedTuple):
    """What became of one subject: a verdict, or the reason why there is none."""

    subject: Subject
    found: Found | None
    error: InputError | None = None


def check_all(subjects: Sequence[Subject], wanted: Wanted, conditions: Conditions) -> list[Outcome]:
    """Check each subject.

    Raises
    ------
    InputError
        Where none can be checked; or, of a class, where a derivative of its cannot.
    """
    if wanted.call is not None:
        subjects = [one for one in subjects if one.stages[-1].name == wanted.call.method] or subjects
    outcomes = []
    with LIMITS():
        for subject in subjects:
            outcome = _checked(subject, wanted, conditions)
            if len(subjects) == 1 or _is_softmax(outcome):
                outcomes.append(outcome)
    if not outcomes:
        raise InputError("has nothing that is a softmax or a derivative of it", where=subjects[0].path)
    if all(outcome.found is None for outcome in outcomes):
        raise next(outcome.error for outcome in outcomes if outcome.error is not None)
    return outcomes


def _checked(subject: Subject, wanted: Wanted, conditions: Conditions) -> Outcome:
    try:
        return Outcome(subject, find(subject, wanted, conditions))
    except LateError:
        raise
    except InputError as error:
        return Outcome(subject, None, error)


def _is_softmax(outcome: Outcome) -> bool:
    """Tell whether a subject is what its name says, or turned out to be: right, if only for one row."""
    evidence = Evidence.of(outcome.subject)
    found = outcome.found
    if found is not None and found.verdict.kind == "loss" and not evidence.of_softmax:
        return found.verdict.passed
    if evidence.named or evidence.foreign:
        return not evidence.foreign
    return found is not None and (found.verdict.passed or found.batch.verdict is not None)


def derivative_that_failed(outcomes: Sequence[Outcome]) -> InputError | None:
    """Return the error of the first derivative that could not be checked."""
    for outcome in outcomes:
        if outcome.error is not None and Evidence.of(outcome.subject).derivative:
            return outcome.error
    return None


def deciding(outcomes: Sequence[Outcome]) -> Verdict:
    """Return the verdict that stands for all: the first that failed, else that on a derivative."""
    verdicts = [outcome.found.verdict for outcome in outcomes if outcome.found is not None]
    failed = [verdict for verdict in verdicts if not verdict.passed]
    derivatives = [verdict for verdict in verdicts if verdict.kind not in VALUES]
    return (failed or derivatives[-1:] or verdicts)[0]
