"""From a user's function to the verdict on it: searched, judged, and run line by line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from softmax_cli.checking import test_points
from softmax_cli.checking.calling.agreement import MEAN_LOSS, SUMMED_LOSS, after_its_forward, disagreement
from softmax_cli.checking.calling.call import Invocation
from softmax_cli.checking.calling.code.running import LIMITS, LateError
from softmax_cli.checking.calling.hints.candidates import candidates
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.checking.calling.hints.readings import Wanted
from softmax_cli.checking.calling.hints.roles import options
from softmax_cli.checking.calling.hints.source import sizes_in
from softmax_cli.checking.calling.refusals import is_another_function
from softmax_cli.checking.calling.search import Search, SearchResult
from softmax_cli.checking.check import Conditions, check_function, check_their_derivative
from softmax_cli.checking.inputs import PROBABILITIES, VALUES
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.binding import Container
    from softmax_cli.checking.calling.code.subject import Subject
    from softmax_cli.checking.trace.lines import SourceLine
    from softmax_cli.checking.verdict import Verdict

_SIZES = (3, 10, 4, 2)
"""The numbers of classes that functions are often written for, tried after the usual one."""
_ONE_VECTOR = (
    "it is right for one vector; it was given batches because its parameter is a capital, as matrices are. "
    'Is it for one vector alone? Say "vector" in its docstring'
)
_FEWER = 40
"""So many ways of calling, the likeliest, are tried with them."""


def find(subject: Subject, wanted: Wanted, conditions: Conditions) -> SearchResult:
    """Find out how a function wants to be called, and judge it; the verdict says how.

    Raises
    ------
    InputError
        Where it cannot be called, or it cannot be told how: with what was tried.
    """
    if _takes_a_gradient_alone(subject):
        subject = after_its_forward(subject) or subject
    found = _find(subject, wanted, conditions)
    if found.verdict.passed and wanted.kind is None and _gives_values(found.call):
        found = _wrong_values(subject, wanted, conditions, found.call.binding.function) or found
    if found.verdict.passed and wanted.kind is None and found.call.binding.container == "values":
        found = _backward(found.call) or found
    if found.verdict.passed:
        found = disagreement(found) or found
    binding = found.call.binding
    verdict = found.verdict
    another = None if verdict.passed else is_another_function(found, wanted)
    if another is not None:
        raise another
    if conditions.differentiated and binding.kind in PROBABILITIES:
        verdict = _differentiated(found.call)
    if found.batch.verdict is not None and SourceEvidence.of(subject).is_batch_by_its_letter:
        verdict.warnings = (*verdict.warnings, _ONE_VECTOR)
    verdict.called = found.call.called
    verdict.batch = found.batch.passed
    verdict.function, verdict.kind = binding.sought
    verdict.chosen = conditions.inputs is None
    verdict.lines = _lines(found.call, verdict)
    return found._replace(verdict=verdict)


def _takes_a_gradient_alone(subject: Subject) -> bool:
    """Return whether it is given the upstream gradient only: a forward has left behind what else it needs."""
    required = [p for stage in subject.stages for p in stage.parameters if p.required]
    return len(required) == 1 and options(required[0], "")[0].role == "g"


def _lines(call: Invocation, verdict: Verdict) -> tuple[SourceLine, ...] | None:
    """Run the function under a trace: where it is wrong, or, if it is right, at the first row."""
    from softmax_cli.checking.trace.wrong import trace_right, trace_wrong

    if verdict.batch is False and not call.batch:  # right alone: it shows among others
        call = call.bound(layout="batch")
    box = call.black_box()._replace(answers=call.told)
    causes = verdict.diagnosis.causes
    try:
        if verdict.passed:
            return trace_right(box, call.path)
        lines = trace_wrong(box, call.path, causes[0].theirs if causes else "")
    except InputError:
        return None
    if lines and causes and causes[0].id in (MEAN_LOSS, SUMMED_LOSS):  # the formula holds for one row
        lines = (*lines[:-1], lines[-1]._replace(expected=causes[0].right))
    return lines


def _backward(call: Invocation) -> SearchResult | None:
    """Return the verdict on what backward leaves on the logits, where they are numbers of an autograd."""
    if not call.binding.takes("z") or call.kind not in VALUES:
        return None
    left = call.bound(kind="gradient" if call.kind == "loss" else "jacobian", answer="backward")
    try:
        return SearchResult(left, check_function(left))
    except InputError:
        return None


def _gives_values(call: Invocation) -> bool:
    """Return whether a derivative comes beside the values: by a flag, as a pullback, or in a tuple."""
    binding = call.binding
    return binding.mode or binding.answer == "pullback" or (binding.kind == "gradient" and call.beside)


def _wrong_values(
    subject: Subject, wanted: Wanted, conditions: Conditions, function: str
) -> SearchResult | None:
    """Return the verdict on the values that a function returns beside its derivative, if they are wrong."""
    kind: Any = FUNCTIONS[function].values or "loss"
    try:
        values = _find(subject, wanted._replace(kind=kind), conditions)
    except LateError:
        raise
    except InputError:
        return None
    return None if values.verdict.passed else values


def _differentiated(call: Invocation) -> Verdict:
    """Return the verdict on the numerical derivative of a function's own values."""
    conditions = call.conditions
    chosen = test_points.telling(call.kind, temperature=conditions.temperature, varied=False)
    verdict, notes = check_their_derivative(call, conditions.inputs or chosen)
    verdict.warnings = (*verdict.warnings, *notes)
    return verdict


def _find(subject: Subject, wanted: Wanted, conditions: Conditions) -> SearchResult:
    """Search with the user's number of classes, or else with 5 and then others."""
    evidence = SourceEvidence.of(subject)
    containers: tuple[Container, ...] = ("array", "list")
    if subject.values is not None:
        containers = ("values", "array", "list")
    elif "torch" in sys.modules:  # the user's file imported it
        containers = ("tensor", "array", "list")
    sizes = (*_SIZES, *sizes_in(subject)) if conditions.inputs is None else ()
    ways = candidates(subject, evidence, wanted)
    with LIMITS():
        first: Search | None = None
        for classes in (None, *dict.fromkeys(k for k in sizes if k != test_points.CLASSES)):
            likely = ways if classes is None else ways[:_FEWER]
            search = Search(subject, wanted, conditions._replace(classes=classes), evidence, likely)
            found = search.run(containers)
            if found is not None:
                return found
            if any(one.error is None or one.is_vector for one in search.tried):
                first = search
                break
            first = first or search
        assert first is not None
        from softmax_cli.checking.calling.failing import what_is_wrong  # only where nothing is right

        return what_is_wrong(first)
