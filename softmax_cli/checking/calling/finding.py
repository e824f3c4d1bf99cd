"""From a user's function to the verdict on it: searched, judged, and run line by line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from softmax_cli.checking import test_points
from softmax_cli.checking.calling.agreement import MEAN_LOSS, SUMMED_LOSS, disagreement
from softmax_cli.checking.calling.call import Invocation
from softmax_cli.checking.calling.code.running import LIMITS, LateError
from softmax_cli.checking.calling.hints.candidates import candidates
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.checking.calling.hints.readings import Wanted
from softmax_cli.checking.calling.hints.source import sizes
from softmax_cli.checking.calling.search import Conditions, Search, SearchResult
from softmax_cli.checking.check import check_function, check_their_derivative
from softmax_cli.checking.inputs import VALUES, Kind, Sought
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.binding import Container
    from softmax_cli.checking.calling.code.subject import Subject
    from softmax_cli.checking.trace.lines import SourceLine
    from softmax_cli.checking.verdict import Verdict

_SIZES = (5, 3, 10, 4, 2)
"""The numbers of classes that are tried: 5, then those that functions are often written for."""
_ONE_VECTOR = (
    "it is right for one vector; it was given batches because its parameter is a capital, as matrices are. "
    'Is it for one vector alone? Say "vector" in its docstring'
)
_FEWER = 40
"""So many ways of calling, the likeliest, are tried with all but the first of them."""


def find(subject: Subject, wanted: Wanted, conditions: Conditions) -> SearchResult:
    """Find out how a function wants to be called, and judge it; the verdict says how.

    Raises
    ------
    InputError
        Where it cannot be called, or it cannot be told how: with what was tried.
    """
    found = _find(subject, wanted, conditions)
    if found.verdict.passed and wanted.kind is None and _gives_values(found.call):
        found = _wrong_values(subject, wanted, conditions, found.call.binding.function) or found
    if found.verdict.passed and wanted.kind is None and found.call.binding.container == "values":
        found = _backward(found, conditions) or found
    if found.verdict.passed:
        found = disagreement(found, conditions) or found
    binding = found.call.binding
    verdict = found.verdict
    _refuse_random_weights(found)
    if conditions.differentiated and binding.kind in ("probabilities", "log-probabilities"):
        verdict = _differentiated(found.call, conditions)
    if found.batch.verdict is not None and SourceEvidence.of(subject).is_batch_by_its_letter:
        verdict.warnings = (*verdict.warnings, _ONE_VECTOR)
    verdict.called = found.call.called
    verdict.batch = (found.batch.tried, found.batch.passed)
    verdict.function, verdict.kind = binding.function, binding.kind
    verdict.chosen = conditions.inputs is None
    verdict.lines = _lines(found.call, verdict, conditions)
    return found._replace(verdict=verdict)


def _refuse_random_weights(found: SearchResult) -> None:
    """Raise where the answer is not the same twice because every new object has other weights."""
    causes, inputs = found.verdict.diagnosis.causes, found.verdict.inputs
    if not causes or causes[0].id != "state-between-calls" or inputs is None:
        return
    if found.call.is_made_at_random(inputs):
        raise InputError(
            f"{found.call.name} answers with random weights of its own: no softmax of what it is given alone",
            where=found.call.path,
            hint="make its weights the identity matrix, or check the softmax in it",
        )


def _lines(call: Invocation, verdict: Verdict, conditions: Conditions) -> tuple[SourceLine, ...] | None:
    """Run the function under a trace: where it is wrong, or, if it is right, at the first row."""
    from softmax_cli.checking.diagnosis.experiments.theory import Setting
    from softmax_cli.checking.trace.wrong import trace_right, trace_wrong

    if verdict.batch == (True, False) and not call.batch:  # right alone: it shows among others
        call = Invocation(call.subject, call.binding._replace(layout="batch"))
    subject = call.asked_again()._replace(answers=call.told)
    setting = Setting(Sought(verdict.function, verdict.kind), subject, conditions.temperature)
    causes = verdict.diagnosis.causes
    try:
        if verdict.passed:
            return trace_right(setting, call.path)
        lines = trace_wrong(setting, call.path, causes[0].theirs if causes else "")
    except InputError:
        return None
    if lines and causes and causes[0].id in (MEAN_LOSS, SUMMED_LOSS):  # the formula holds for one row
        lines = (*lines[:-1], lines[-1]._replace(expected=causes[0].right))
    return lines


def _backward(found: SearchResult, conditions: Conditions) -> SearchResult | None:
    """Return the verdict on what backward leaves on the logits, where they are numbers of an autograd."""
    binding = found.call.binding
    kind: Kind = "gradient" if binding.kind == "loss" else "jacobian"
    if not binding.takes("z") or binding.kind not in VALUES:
        return None
    call = Invocation(found.call.subject, binding._replace(kind=kind, answer="backward"))
    try:
        verdict = check_function(conditions.asked_of(call.binding), call, conditions, 5)
    except InputError:
        return None
    return SearchResult(call, verdict)


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


def _differentiated(call: Invocation, conditions: Conditions) -> Verdict:
    """Return the verdict on the numerical derivative of a function's own values."""
    chosen = test_points.telling(call.kind, temperature=conditions.temperature, varied=False)
    verdict, notes = check_their_derivative(
        conditions.asked_of(call.binding), call, conditions.inputs or chosen
    )
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
    own = conditions.inputs
    tried = (*_SIZES, *sizes(subject)) if own is None else (own.k if own.k <= 64 else 5,)
    ways = candidates(subject, evidence, wanted)
    with LIMITS():
        first: Search | None = None
        for k in dict.fromkeys(tried):
            limited = (ways, None) if k == tried[0] else (ways[:_FEWER], k)
            search = Search(subject, wanted, conditions, k, evidence, *limited)
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
