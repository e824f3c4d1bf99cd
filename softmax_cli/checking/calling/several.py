"""A class or a whole file: everything in it that can be checked, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from softmax_cli.checking.calling.code.running import LIMITS, LateError
from softmax_cli.checking.calling.finding import find
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.checking.calling.search import SearchResult
from softmax_cli.checking.check import Conditions
from softmax_cli.checking.inputs import VALUES
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.code.subject import Subject
    from softmax_cli.checking.calling.hints.readings import Wanted
    from softmax_cli.checking.verdict import Verdict


class Outcome(NamedTuple):
    """What became of one subject: a verdict, or the reason why there is none."""

    subject: Subject
    found: SearchResult | None
    error: InputError | None = None


def check_all(subjects: Sequence[Subject], wanted: Wanted, conditions: Conditions) -> list[Outcome]:
    """Check each subject.

    Raises
    ------
    InputError
        Where none of them can be checked.
    """
    if wanted.call is not None:
        subjects = [one for one in subjects if one.stages[-1].name == wanted.call.method] or subjects
    outcomes: list[Outcome] = []
    with LIMITS():
        for subject in subjects:
            outcome = _checked(subject, wanted, conditions)
            if len(subjects) == 1 or _is_told(outcome, outcomes):
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


def _is_told(outcome: Outcome, others: Sequence[Outcome]) -> bool:
    """Return whether a subject that the user did not name is a softmax, a derivative of it or a loss.

    It is one where its name says so, where it is right, if only for one row, or wrong by a known formula.
    With any other name it counts as a derivative where it computes exponentials, and what its object does
    before is right.
    """
    evidence = SourceEvidence.of(outcome.subject)
    found = outcome.found
    if evidence.foreign or evidence.of_softmax or (found is not None and found.verdict.passed):
        return not evidence.foreign
    if found is not None and found.verdict.kind == "loss":
        return False
    if found is not None and (found.batch.verdict is not None or (found.known and not found.is_of_vector)):
        return True
    owner = outcome.subject.name.rpartition(".")[0]
    stands = not owner or any(
        one.found is not None and one.found.verdict.passed and one.subject.name.startswith(f"{owner}.")
        for one in others
    )
    return evidence.derivative and evidence.exponential and stands


def derivative_that_failed(outcomes: Sequence[Outcome]) -> InputError | None:
    """Return the error of the first derivative that could not be checked."""
    for outcome in outcomes:
        if outcome.error is not None and SourceEvidence.of(outcome.subject).derivative:
            return outcome.error
    return None


def deciding(outcomes: Sequence[Outcome]) -> Verdict:
    """Return the verdict that stands for all: the first that failed, else that on a derivative."""
    verdicts = [outcome.found.verdict for outcome in outcomes if outcome.found is not None]
    failed = [verdict for verdict in verdicts if not verdict.passed]
    derivatives = [verdict for verdict in verdicts if verdict.kind not in VALUES]
    return (failed or derivatives[-1:] or verdicts)[0]
