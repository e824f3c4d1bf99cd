"""The search: which way of calling makes somebody's function right, or else which one was meant."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from softmax_cli.checking import test_points
from softmax_cli.checking.calling.batches import NOT_TRIED, Batch, examine
from softmax_cli.checking.calling.call import Call
from softmax_cli.checking.calling.candidates import Wanted, candidates
from softmax_cli.checking.calling.code.running import LIMITS, LateError
from softmax_cli.checking.calling.hints.evidence import Evidence
from softmax_cli.checking.calling.hints.roles import is_mode
from softmax_cli.checking.calling.results import ShapeError
from softmax_cli.checking.check import Asked, check_function, check_their_derivative
from softmax_cli.checking.inputs import Array, Inputs
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.binding import Binding, Container
    from softmax_cli.checking.calling.code.subject import Subject
    from softmax_cli.checking.trace.lines import Line
    from softmax_cli.checking.verdict import Verdict

NEAR = 0.05
"""An answer this near the truth, relative to its largest entry, is judged in full."""
_SIZES = (5, 3, 10, 4, 2)
"""The numbers of classes that are tried: 5, then those that functions are written for."""
_CONTAINER = 3.0
"""What it costs to be given lists, where arrays were expected."""


class Conditions(NamedTuple):
    """How a function is judged: how strictly, at which temperature, and at whose rows.

    ``on_row`` is called before each row; ``differentiated`` asks for the derivative of values, found
    numerically, in place of the values.
    """

    asked: Asked
    temperature: float = 1.0
    inputs: Inputs | None = None
    on_row: Callable[[], None] | None = None
    differentiated: bool = False

    def asked_of(self, binding: Binding) -> Asked:
        """Return what is asked of a function that is called so."""
        how = self.asked.how.of(binding.function)
        return self.asked._replace(function=binding.function, kind=binding.kind, how=how)


class Found(NamedTuple):
    """A function as it wants to be called, the verdict on it, and what became of a batch."""

    call: Call
    verdict: Verdict
    batch: Batch = NOT_TRIED


@dataclass(slots=True)
class Tried:
    """A binding that was tried, and how far its answer was from the truth; or the error it ended in."""

    call: Call
    distance: float = math.inf
    error: InputError | None = None

    @property
    def binding(self) -> Binding:
        """How it was called."""
        return self.call.binding

    @property
    def score(self) -> float:
        """How likely it was meant, the least the likeliest: what the names say, and how near it came."""
        return self.binding.cost + math.log10(min(max(self.distance, 1e-4), 1e4))

    @property
    def is_vector(self) -> bool:
        """Whether a vector, or one number, came where a Jacobian is meant."""
        if not isinstance(self.error, ShapeError) or self.binding.kind != "jacobian":
            return False
        got = self.error.got
        plain = all(given.plain for given in self.binding.given)
        if self.binding.batch:
            return plain and got.ndim == 2 and got.shape[0] != got.shape[1]
        return plain and (got.ndim <= 1 or (got.ndim == 2 and got.shape[1] == 1))


@dataclass(slots=True)
class Search:
    """One search; `find` runs it.

    Parameters
    ----------
    subject
        What is called.
    wanted
        What the user says of it.
    conditions
        How it is judged.
    k
        The number of classes it is tried with.
    """

    subject: Subject
    wanted: Wanted
    conditions: Conditions
    k: int
    evidence: Evidence
    tried: list[Tried] = field(default_factory=list)
    refused: Found | None = None
    _truths: dict[tuple[object, ...], tuple[Inputs, Array]] = field(default_factory=dict)

    def run(self, containers: Sequence[Container]) -> Found | None:
        """Try all bindings, and return the first that makes the function right."""
        for further, container in enumerate(containers):
            for binding in candidates(self.subject, self.evidence, self.wanted):
                if binding.takes("log p") and self._takes_any_shift(binding):
                    continue
                for one in self._attempts(
                    replace(binding, container=container, cost=binding.cost + _CONTAINER * further)
                ):
                    self.tried.append(one)
                    found = self._right(one) if one.distance <= NEAR else None
                    if found is not None and self._accepts(found):
                        return found
            if any(one.error is None for one in self.tried):
                break
        return None

    def _takes_any_shift(self, binding: Binding) -> bool:
        """Tell whether it is nearly right given z: softmax(log p) is p, and log p proves nothing."""
        with_z = tuple("z" if role == "log p" else role for role in binding.roles)
        return any(one.binding.roles == with_z and one.distance <= NEAR for one in self.tried)

    @property
    def derivative(self) -> bool:
        """Whether a derivative is meant, by its name, by a flag, or as the user says."""
        flags = any(is_mode(p) for stage in self.subject.stages for p in stage.parameters)
        return self.evidence.derivative or flags or self.wanted.kind == "jacobian"

    def _accepts(self, found: Found) -> bool:
        """Tell whether a right answer is a pass; keep one that contradicts a name."""
        if found.verdict.passed and found.call.binding.against is not None:
            self.refused = self.refused or found
            return False
        return True

    def _attempts(self, binding: Binding) -> Iterator[Tried]:
        """Yield what a binding comes to; of several arrays that fit, each is tried as the answer."""
        first = self._attempt(binding)
        yield first
        for pick in range(1, first.call.fitting):
            yield self._attempt(replace(binding, pick=pick, cost=binding.cost + 0.01 * pick))

    def _attempt(self, binding: Binding) -> Tried:
        call = Call(self.subject, binding, on_row=self.conditions.on_row)
        inputs, expected = self._truth(call)
        try:
            got = call.answers(inputs)
        except LateError:
            raise
        except InputError as error:
            return Tried(call, error=error)
        return Tried(call, distance(got, expected))

    def _truth(self, call: Call) -> tuple[Inputs, Array]:
        """Return the rows that a binding is tried at, and the right answer there."""
        binding = call.binding
        tempered = call.temperature is not None
        varied = tempered and not binding.batch and self.conditions.temperature == 1.0
        key = (binding.function, binding.kind, binding.batch, varied, binding.fixed)
        if key not in self._truths:
            t = self.conditions.temperature
            if tempered and not varied and t == 1.0:
                t = 2.0
            rows = test_points.telling(binding.kind, temperature=t, varied=varied, k=self.k)
            inputs = replace(rows.rows(slice(0, 3 if binding.batch else 2)), batch=binding.batch)
            if binding.fixed is not None:
                inputs = with_target(inputs, binding.fixed)
            expected, _ = self.conditions.asked_of(binding).truth(inputs).whole()
            self._truths[key] = inputs, expected
        return self._truths[key]

    def _right(self, one: Tried) -> Found | None:
        """Judge in full what came near: return it if it is right, or right for one row but not for more."""
        call = one.call
        asked = self.conditions.asked_of(call.binding)
        try:
            verdict = check_function(asked, call, self.conditions, self.k, explain=False)
        except InputError:
            return None
        if not verdict.passed:
            return None
        batch = self._batch(asked, call)
        if batch.verdict is not None:
            return Found(call, batch.verdict, batch)
        return Found(call, verdict, batch)

    def _batch(self, asked: Asked, call: Call) -> Batch:
        """Ask with several rows what takes several rows."""
        binding = call.binding
        if binding.answer != "whole" or binding.container == "list" or binding.layout == "column":
            return NOT_TRIED
        together = call if binding.batch else Call(self.subject, replace(binding, layout="batch"))
        t = self.conditions.temperature
        meant = binding.batch or self.evidence.batch
        tempered = call.temperature is not None and t == 1.0
        batch = examine(asked, together, 2.0 if tempered else t, self.k, named=meant)
        if meant or batch.passed:
            return batch
        return NOT_TRIED


def find(subject: Subject, wanted: Wanted, conditions: Conditions) -> Found:
    """Find out how a function wants to be called, and judge it; the verdict says how.

    Raises
    ------
    InputError
        Where it cannot be called, or it cannot be told how: with what was tried.
    """
    found = _find(subject, wanted, conditions)
    if found.verdict.passed and wanted.kind is None and found.call.binding.mode:
        found = _without_mode(subject, wanted, conditions) or found
    binding = found.call.binding
    verdict = found.verdict
    if conditions.differentiated and binding.kind in ("probabilities", "log-probabilities"):
        verdict = _differentiated(found.call, conditions)
    verdict.called = found.call.called
    verdict.batch = (found.batch.tried, found.batch.passed)
    verdict.function, verdict.kind = binding.function, binding.kind
    verdict.chosen = conditions.inputs is None
    verdict.lines = _lines(found.call, verdict, conditions)
    return found._replace(verdict=verdict)


def _lines(call: Call, verdict: Verdict, conditions: Conditions) -> tuple[Line, ...] | None:
    """Run the function under a trace: where it is wrong, or, if it is right, at the first row."""
    from softmax_cli.checking.diagnosis.experiments.theory import Setting
    from softmax_cli.checking.trace.wrong import trace_right, trace_wrong

    if verdict.batch == (True, False) and not call.batch:  # right alone: it shows among others
        call = Call(call.subject, replace(call.binding, layout="batch"))
    subject = replace(call.asked_again(), answers=call.told)
    setting = Setting(verdict.function, verdict.kind, subject, conditions.temperature)
    causes = verdict.diagnosis.causes
    try:
        if verdict.passed:
            return trace_right(setting, call.path)
        return trace_wrong(setting, call.path, causes[0].theirs if causes else "")
    except InputError:
        return None


def _without_mode(subject: Subject, wanted: Wanted, conditions: Conditions) -> Found | None:
    """Return the verdict on the values of a function with a flag for its derivative, if they are wrong."""
    try:
        values = _find(subject, wanted._replace(kind="probabilities"), conditions)
    except LateError:
        raise
    except InputError:
        return None
    return None if values.verdict.passed else values


def _differentiated(call: Call, conditions: Conditions) -> Verdict:
    """Return the verdict on the derivative of somebody's own values, found numerically."""
    chosen = test_points.telling(call.kind, temperature=conditions.temperature, varied=False)
    verdict, notes = check_their_derivative(
        conditions.asked_of(call.binding), call, conditions.inputs or chosen
    )
    verdict.warnings = (*verdict.warnings, *notes)
    return verdict


def _find(subject: Subject, wanted: Wanted, conditions: Conditions) -> Found:
    """Search with the user's number of classes, or else with 5 and then others.

    Raises
    ------
    InputError
        Where it cannot be called, or it cannot be told how: with what was tried.
    """
    from softmax_cli.checking.calling.failing import what_is_wrong  # only where nothing is right

    evidence = Evidence.of(subject)
    containers: tuple[Container, ...] = ("array", "list")
    if uses_torch(evidence):
        containers = ("tensor", "array", "list")
    own = conditions.inputs
    sizes = _SIZES if own is None else (own.k if own.k <= 64 else 5,)
    with LIMITS():
        first: Search | None = None
        for k in sizes:
            search = Search(subject, wanted, conditions, k, evidence)
            found = search.run(containers)
            if found is not None:
                return found
            if any(one.error is None or one.is_vector for one in search.tried):
                return what_is_wrong(search)
            first = first or search
        assert first is not None
        return what_is_wrong(first)


def uses_torch(evidence: Evidence) -> bool:
    """Tell whether torch is there, and the function's source speaks of it."""
    import sys

    return "torch" in sys.modules


def with_target(inputs: Inputs, target: int) -> Inputs:
    """Return the rows with one target for all."""
    return replace(inputs, target=np.full(inputs.n, target))


def distance(got: Array, expected: Array) -> float:
    """Return the largest error, relative to the largest entry."""
    with np.errstate(all="ignore"):
        size = float(np.abs(expected).max()) or 1.0
        far = float(np.abs(got - expected).max()) / size
    return math.inf if math.isnan(far) else far
