"""The search: which way of calling makes a function right, or else which one was meant."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from softmax_cli.checking import test_points
from softmax_cli.checking.calling.batches import BatchOutcome, examine
from softmax_cli.checking.calling.call import Invocation
from softmax_cli.checking.calling.code.running import LateError
from softmax_cli.checking.calling.hints.candidates import candidates
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.checking.calling.hints.readings import Wanted
from softmax_cli.checking.calling.hints.roles import is_mode
from softmax_cli.checking.calling.losses import has_gradient_beside
from softmax_cli.checking.calling.results import ShapeError
from softmax_cli.checking.check import Conditions, Criteria, check_function
from softmax_cli.checking.inputs import Array, Inputs
from softmax_cli.checking.verdict import VAGUE, Verdict
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.binding import Binding, Container, Loss
    from softmax_cli.checking.calling.code.subject import Subject

NEAR = 0.05
"""An answer this near the truth, relative to its largest entry, is judged in full."""
_VAGUE = VAGUE | {"vector", "constant"}
_CONTAINER = 3.0
"""What it costs to be given lists, where arrays were expected."""


class SearchResult(NamedTuple):
    """A function as it wants to be called, the verdict on it, and what became of a batch."""

    call: Invocation
    verdict: Verdict
    batch: BatchOutcome = BatchOutcome()

    @property
    def known(self) -> bool:
        """Whether the cause is a formula of the catalogue, or a fault of batches, and only one fits."""
        causes, certain, *_ = self.verdict.diagnosis
        return bool(causes) and certain and bool(causes[0].theirs) and causes[0].id not in _VAGUE

    @property
    def is_of_vector(self) -> bool:
        """Whether the cause is that of a vector in place of a Jacobian, which any vector may be."""
        return any(cause.id.startswith("vector") for cause in self.verdict.diagnosis.causes[:1])


@dataclass(slots=True, eq=False, repr=False)
class Tried:
    """A binding that was tried, and how far its answer was from the truth; or the error it ended in."""

    call: Invocation
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
        got, wanted = self.error.got, self.error.wanted
        plain = len(self.binding.given) == 1 or all(given.plain for given in self.binding.given)
        if self.binding.batch and got.size != 1:
            rows = got.ndim == 2 and got.size == wanted[0] * wanted[1]
            return plain and rows and got.shape[0] != got.shape[1]
        column = got.ndim == 2 and got.shape[1] == 1
        return plain and got.size in (1, wanted[-1]) and (got.ndim <= 1 or column)


@dataclass(slots=True, eq=False, repr=False)
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
    evidence
        What its source says.
    ways
        The ways of calling to try, the likeliest first.
    """

    subject: Subject
    wanted: Wanted
    conditions: Conditions
    evidence: SourceEvidence
    ways: Sequence[Binding]
    tried: list[Tried] = field(default_factory=list)
    refused: SearchResult | None = None

    def run(self, containers: Sequence[Container]) -> SearchResult | None:
        """Try all bindings, and return the first that makes the function right."""
        for further, container in enumerate(containers):
            for binding in self.ways:
                if container == "values" and binding.layout != "vector":
                    continue
                if binding.takes("log p") and self._takes_any_shift(binding):
                    continue
                cost = binding.cost + _CONTAINER * further
                given = binding._replace(container=container, cost=cost, wrap=self.subject.values)
                for one in self._attempts(given):
                    self.tried.append(one)
                    found = self._right(one) if one.distance <= NEAR else None
                    if found is not None and self._accepts(found):
                        return found
            if any(one.error is None for one in self.tried):
                break
        return None

    def without_target(self) -> Iterator[Tried]:
        """Yield what comes where it is given one vector and nothing else, whatever the user says it is."""
        wanted = self.wanted._replace(function=None, kind=None)
        for binding in candidates(self.subject, self.evidence, wanted):
            plain = binding.answer == "whole" and binding.kind == "jacobian" and binding.layout == "vector"
            if plain and binding.roles in (("z",), ("p",)):
                yield self._attempt(binding)

    def _takes_any_shift(self, binding: Binding) -> bool:
        """Return whether it is nearly right given z: softmax(log p) is p, and log p proves nothing."""
        with_z = tuple("z" if role == "log p" else role for role in binding.roles)
        return any(one.distance <= NEAR and one.binding.roles == with_z for one in self.tried)

    @property
    def derivative(self) -> bool:
        """Whether a derivative is meant, by its name, by a flag, or as the user says."""
        flags = any(is_mode(p) for stage in self.subject.stages for p in stage.parameters)
        return self.evidence.derivative or flags or self.wanted.kind == "jacobian"

    def _accepts(self, found: SearchResult) -> bool:
        """Return whether a right answer is a pass; keep one that contradicts a name."""
        if found.verdict.passed and found.call.binding.against is not None:
            self.refused = self.refused or found
            return False
        return True

    def _attempts(self, binding: Binding) -> Iterator[Tried]:
        """Yield the outcome of a binding; where several arrays fit, each is tried as the answer."""
        first = self._attempt(binding)
        yield first
        for pick in range(1, first.call.fitting):
            yield self._attempt(binding._replace(pick=pick, cost=binding.cost + 0.01 * pick))

    def _attempt(self, binding: Binding) -> Tried:
        call = Invocation(self.subject, binding, self.conditions)
        inputs, expected = _truth(call)
        try:
            got = call.answers(inputs)
        except LateError:
            raise
        except InputError as error:
            return Tried(call, error=error)
        return Tried(call, distance(got, expected))

    def _right(self, one: Tried) -> SearchResult | None:
        """Judge in full what came near: return it if it is right, or right for one row but not for more."""
        call = one.call
        try:
            verdict = check_function(call, explain=False)
        except InputError:
            return None
        if not verdict.passed:
            return None
        if self.is_beside_the_point(call):
            return None
        several = self._as_rows(call)
        batch = self._batch(several)
        if batch.verdict is not None:
            return SearchResult(several, batch.verdict, batch)
        return SearchResult(call, verdict, batch)

    def is_beside_the_point(self, call: Invocation) -> bool:
        """Return whether it is a loss with a gradient beside it, which is what is meant, and is not right."""
        if self.wanted.kind is not None or call.kind != "loss":
            return False
        try:
            return has_gradient_beside(call, _truth(call)[0])
        except InputError:
            return False

    def _as_rows(self, call: Invocation) -> Invocation:
        """Return the call with rows of what is right for (k, 1) and for (1, k), unless it says columns."""
        binding = call.binding
        if binding.layout != "column" or binding.against is not None or self.evidence.column:
            return call
        row = call.bound(layout="batch")
        inputs, expected = _truth(call)
        try:
            got = row.answers(inputs.rows([0]))
        except InputError:
            return call
        return row if distance(got, expected[:1]) <= NEAR else call

    def _batch(self, call: Invocation) -> BatchOutcome:
        """Ask with several rows what takes several rows."""
        binding = call.binding
        if binding.answer != "whole" or binding.layout == "column" or binding.container in ("list", "values"):
            return BatchOutcome()
        meant = binding.batch or self.evidence.batch
        helped = self.evidence.helped and binding.kind != "jacobian" and not binding.takes("index")
        batch = BatchOutcome()
        for together in [call] if binding.batch else _together(call):
            batch = examine(together, together.tempering[0], named=meant or helped)
            if batch.passed:
                break
        return batch if meant or batch.passed or (helped and batch.silent) else BatchOutcome()


def _truth(call: Invocation) -> tuple[Inputs, Array]:
    """Return the rows that a way of calling is tried at, and the right answer there."""
    return _tried_at(call.criteria, call.batch, *call.tempering, call.conditions.k)


@lru_cache(maxsize=128)
def _tried_at(asked: Criteria, batch: bool, t: float, varied: bool, k: int) -> tuple[Inputs, Array]:
    """Return the rows at which ways of calling are tried, and the right answer there."""
    some = test_points.telling(asked.sought.kind, temperature=t, varied=varied, k=k)
    inputs = some.rows(slice(0, 3 if batch else 2))._replace(batch=batch)
    expected, _ = asked.truth(inputs).whole()
    return inputs, expected


def _together(call: Invocation) -> list[Invocation]:
    """Return the same for rows given together: a loss, or its gradient, may be the mean's then."""
    reductions: dict[str, tuple[Loss, ...]] = {"gradient": ("sum", "mean"), "loss": ("sum", "mean", "each")}
    return [call.bound(layout="batch", loss=loss) for loss in reductions.get(call.kind, ("sum",))]


def distance(got: Array, expected: Array) -> float:
    """Return the largest error, relative to the largest entry."""
    with np.errstate(all="ignore"):
        size = float(np.abs(expected).max()) or 1.0
        far = float(np.abs(got - expected).max()) / size
    return math.inf if math.isnan(far) else far
