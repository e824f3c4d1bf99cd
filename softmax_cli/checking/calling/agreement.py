"""What is right by itself must agree with what stands beside it: an earlier call, its loss, its forward."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from softmax_cli.checking import test_points
from softmax_cli.checking.calling.arguments import arguments
from softmax_cli.checking.calling.batches import rows, sizes
from softmax_cli.checking.calling.code.running import LIMITS, LateError
from softmax_cli.checking.calling.code.subject import CallStage, Subject
from softmax_cli.checking.calling.hints.candidates import candidates
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.checking.calling.hints.readings import INPUTS, Wanted
from softmax_cli.checking.calling.hints.roles import MASKS, is_cache
from softmax_cli.checking.calling.results import Several, is_number
from softmax_cli.checking.calling.search import Search, SearchResult
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.reference import values_of
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.binding import Loss
    from softmax_cli.checking.calling.call import Invocation
    from softmax_cli.checking.inputs import Inputs

MEAN_LOSS = "mean-loss-summed-gradient"
SUMMED_LOSS = "summed-loss-mean-gradient"
_REDUCTIONS = {"sum": MEAN_LOSS, "mean": SUMMED_LOSS}
"""What is wrong where the loss is reduced in the other way than this, its gradient's."""
_SAME = 1e-6
_BACK = re.compile(r"backward|backprop|bprop|bwd|back|grad(?:ient)?")
_FORTH = ("forward", "fwd", "fprop", "feedforward", "forward_pass")


def disagreement(found: SearchResult) -> SearchResult | None:
    """Return the failure of what is right by itself, but not with what stands beside it; or None."""
    with LIMITS():
        for held in (_with_an_earlier_call, _with_its_loss, _with_its_forward, _with_its_mask):
            try:
                failed = held(found)
            except LateError:
                raise
            except InputError:
                continue  # what stands beside it cannot be called
            if failed is not None:
                return failed
    return None


def _with_an_earlier_call(found: SearchResult) -> SearchResult | None:
    """Ask an object that was asked before: what the first call has left may not show in the second."""
    call = found.call
    some = _some(call)
    if call.subject.make is None:
        return None
    used = replace(call, used=True, remarks={})
    if np.allclose(used.answers(some), call.answers(some), rtol=_SAME, atol=1e-12, equal_nan=True):
        return None
    if _keeps_a_tape(call, some):
        return None
    return _failed(found, used, some, "stale-state")


def _keeps_a_tape(call: Invocation, inputs: Inputs) -> bool:
    """Return whether its object adds to a list in each call, which then is not to forget the first."""
    given, _ = arguments(call.binding, inputs, {}, len(call.subject.stages))
    lengths = [
        {name: len(kept) for name, kept in vars(owner.it).items() if isinstance(kept, list)}
        for _, owner in (call.subject.run([given] * n, inputs.k) for n in (1, 2))
        if hasattr(owner.it, "__dict__")
    ]
    return len(lengths) == 2 and any(n > lengths[0].get(name, n) for name, n in lengths[1].items())


def is_made_at_random(call: Invocation, inputs: Inputs) -> bool:
    """Return whether it is each new object that answers otherwise: its weights are random."""
    make = call.subject.make
    if make is None:
        return False
    it = make(inputs.k, float(inputs.temperature[0]))
    return replace(call, subject=call.subject._replace(make=lambda k, t: it)).repeated(inputs)


def _with_its_loss(found: SearchResult) -> SearchResult | None:
    """Hold a gradient over a batch against the loss that comes with it: mean to mean, or sum to sum."""
    call, binding = found.call, found.call.binding
    if binding.kind != "gradient" or not binding.batch or binding.loss not in _REDUCTIONS:
        return None
    some = _some(call)
    value = _loss_beside(call, some)
    losses = values_of("cross-entropy", some).ravel()
    other: Loss = "mean" if binding.loss == "sum" else "sum"
    if value is None or not np.isclose(value, getattr(losses, other)(), rtol=_SAME):
        return None
    return _failed(found, call.bound(loss=other), some, _REDUCTIONS[binding.loss])


def _failed(found: SearchResult, call: Invocation, some: Inputs, cause: str) -> SearchResult | None:
    """Return the failure of a call at these rows, if it is one."""
    verdict = call.judged(some, call.answers(some), explain=False)
    verdict.diagnosis = Diagnosis((Cause.of(cause),))
    return None if verdict.passed else SearchResult(call, verdict, found.batch)


def _loss_beside(call: Invocation, inputs: Inputs) -> float | None:
    """Return the one number that comes beside a gradient, or from the forward that it stands on."""
    binding, subject = call.binding, call.subject
    if len(subject.stages) > 1:
        if any(given.stage and given.role in INPUTS for given in binding.given):
            return None  # it takes all that it needs itself
        own = tuple(given for given in binding.given if not given.stage)
        call = replace(
            call, subject=subject._replace(stages=subject.stages[:1]), binding=binding._replace(given=own)
        )
    result = call.once(inputs)
    for part in result.arrays if isinstance(result, Several) else (result,):
        if is_number(part):
            return float(part)
    return None


def _with_its_forward(found: SearchResult) -> SearchResult | None:
    """Give a backward the cache that the forward of its file returns, in place of one that fits."""
    binding, subject = found.call.binding, found.call.subject
    both = after_its_forward(subject) if any(is_cache(given.parameter) for given in binding.given) else None
    if both is None:
        return None
    evidence, wanted = SourceEvidence.of(both), Wanted(binding.function, binding.kind)
    ways = [way for way in candidates(both, evidence, wanted) if way.takes("forward's")]
    search = Search(both, wanted, found.call.conditions, evidence, ways)
    if search.run(("array",)) is not None or all(one.error is not None for one in search.tried):
        return None
    from softmax_cli.checking.calling.failing import what_is_wrong  # only where it is wrong

    return what_is_wrong(search)


def after_its_forward(subject: Subject) -> Subject | None:
    """Return a backward function after the forward function of its file that it is named after, or None."""
    if subject.make is not None or len(subject.stages) > 1:
        return None
    around = getattr(subject.function, "__globals__", {})
    named = (_BACK.sub(word, subject.name) for word in _FORTH if _BACK.search(subject.name))
    forward: Any = next((around[name] for name in named if inspect.isfunction(around.get(name))), None)
    if forward is None:
        return None
    stages = (CallStage.of(forward, forward.__name__), *subject.stages)
    return subject._replace(stages=stages, before_it=(forward,))


def _with_its_mask(found: SearchResult) -> SearchResult | None:
    """Leave a class out: in one of the ways in which masks are written, the others must be right without."""
    call, given = found.call, found.call.binding.given
    if not any(one.role in MASKS for one in given):
        return None
    some = _some(call)
    left_out = np.zeros(some.n, int) if some.target is None else (some.target + 1) % some.k
    masked = some._replace(z=np.where(np.arange(some.k) == left_out[:, None], -np.inf, some.z))
    for role in MASKS:
        turned = tuple(one._replace(role=role) if one.role in MASKS else one for one in given)
        other = call.bound(given=turned)
        if other.judged(masked, other.answers(masked), explain=False).passed:
            return None
    return _failed(found, call, masked, "mask-ignored")


def _some(call: Invocation) -> Inputs:
    """Return a few rows of one temperature at which mistakes show."""
    t, k = call.conditions.temperature, call.conditions.k
    if call.batch:
        return rows(call, sizes(k)[0], t)
    return test_points.telling(call.kind, temperature=t, varied=False, k=k).rows(slice(0, 3))
