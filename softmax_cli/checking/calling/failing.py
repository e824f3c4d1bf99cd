"""No binding makes it right: which one was meant, what is wrong with that, or why nothing can be said."""

from __future__ import annotations

import re

import numpy as np

from softmax_cli.checking import test_points
from softmax_cli.checking.calling.batches import BatchOutcome, coupled, examine, fault_of, is_fitted, rows
from softmax_cli.checking.calling.call import Invocation
from softmax_cli.checking.calling.refusals import MEANT, ROWS, contradiction, no_way
from softmax_cli.checking.calling.results import ShapeError
from softmax_cli.checking.calling.search import NEAR, Search, SearchResult, Tried
from softmax_cli.checking.check import check_function
from softmax_cli.checking.compare import Tally
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.verdict import Verdict
from softmax_cli.errors import InputError

_MOST = 3
_FURTHER = 1.5
"""How much unlikelier than the first another reading may be, for its cause to be told."""


def what_is_wrong(search: Search) -> SearchResult:
    """Return the verdict on a function that no binding makes right.

    Raises
    ------
    InputError
        Where it cannot be called at all, or it cannot be told how.
    """
    fault = _batch_fault(search)
    if fault is not None:
        return fault
    fixed = _with_fixed_target(search)
    if fixed is not None:
        return fixed
    meant = _meant(search)
    if search.refused is not None:
        return _contradiction(search, search.refused, meant)
    if not meant:
        raise no_way(search)
    return _diagnosed(search, meant)


def _meant(search: Search) -> list[Tried]:
    """Return what ran without contradicting a name, the likeliest first; each reading once."""
    plain = [one for one in search.tried if one.binding.against is None]
    if search.evidence.loss and not search.derivative:  # a loss is no gradient: one number a row
        plain = [one for one in plain if one.binding.layout in ("vector", "batch") or search.evidence.column]
    ran = [one for one in plain if one.error is None or (one.is_vector and search.derivative)]
    if not ran and not search.evidence.loss:
        ran = [one for one in plain if one.is_vector and one.binding.roles == ("z",)]
        ran = [one for one in ran if search.evidence.forward or not _is_number_of_z(one, search.conditions.k)]
    kept: dict[tuple[object, ...], Tried] = {}
    for one in sorted(ran, key=lambda one: one.score if one.error is None else one.binding.cost):
        binding = one.binding
        tells = one.is_vector or binding.layout == "columns"
        layout = binding.layout if tells else ""  # a vector is told in the layout that it is one in
        key = (binding.sought, binding.roles, binding.loss, binding.of_p, layout)
        kept.setdefault(key, one)
    return [one for one in kept.values() if not search.is_beside_the_point(one.call)]


def _is_number_of_z(one: Tried, k: int) -> bool:
    """Return whether one number came, another for other logits: it is no derivative, but need not be one."""
    if not isinstance(one.error, ShapeError) or one.error.got.size != 1:
        return False
    other = test_points.telling("jacobian", temperature=1.0, varied=False, k=k).rows([2])
    try:
        one.call.answers(other)
    except ShapeError as error:
        return bool(error.got.item() != one.error.got.item())
    except InputError:
        pass
    return False


def _diagnosed(search: Search, meant: list[Tried]) -> SearchResult:
    """Return the first reading with a known cause; where none has one, the likeliest.

    Another that is right in far more entries is likelier.
    """
    first: SearchResult | None = None
    unknown: list[SearchResult] = []
    if not search.evidence.named and not search.derivative:  # a vector may be meant as a derivative too
        vectors = [one for one in search.tried if one.is_vector and one.binding.against is None]
        found = _judged(search, vectors[0]) if vectors else None
        if found is not None and found.known:
            return found
    for one in meant[:_MOST]:
        if first is not None and one.binding.cost > first.call.binding.cost + _FURTHER:
            break
        found = _judged(search, one)
        if found is None:
            continue
        if first is None and one.distance <= NEAR:
            return found
        if found.known and not _is_of_other_loss(found):
            return found
        first = first or found
        unknown.append(found)
    if first is None:
        raise no_way(search)
    nearest = min(unknown, key=_share_wrong)
    return nearest if _share_wrong(nearest) < 0.5 * _share_wrong(first) else first


def _share_wrong(found: SearchResult) -> float:
    return found.verdict.tally.wrong / found.verdict.tally.entries


def _is_of_other_loss(found: SearchResult) -> bool:
    """Return whether the cause is a factor of n: 1/n is right for the mean loss, n for the sum of losses."""
    binding, cause = found.call.binding, found.verdict.diagnosis.causes[0]
    factor = cause.factor or ""
    if binding.kind != "gradient" or not binding.batch:
        return False
    if binding.loss == "mean":
        return bool(re.search(r"(?<![/\w])n\b", factor))
    return cause.id in ("averaged-over-rows", "averaged-over-everything") or "1/n" in factor


def _judged(search: Search, one: Tried) -> SearchResult | None:
    call = one.call
    if one.error is not None:
        return _vector_for_matrix(search, one)
    try:
        verdict = check_function(call)
    except InputError:
        return None
    if not call.batch:
        return SearchResult(call, verdict)
    found = SearchResult(call, verdict, BatchOutcome(False))
    fault = fault_of(call)
    if fault is None and (not found.known or is_fitted(verdict.diagnosis.causes[0])):
        fault = coupled(call, rows(call, 4, call.conditions.temperature))
    if fault is not None:
        verdict.diagnosis = Diagnosis((fault,))
    return found


def _vector_for_matrix(search: Search, one: Tried) -> SearchResult:
    """Return the verdict on a vector, or a number, in place of a Jacobian."""
    call = one.call
    assert isinstance(one.error, ShapeError)
    cause = _cause_of_vector(call.bound(kind="probabilities"), one.error)
    may_be_p = any(one.binding.roles == ("p",) and one.binding.against is None for one in search.tried)
    if cause.id == "vector-of-logits" and may_be_p:
        if_p = f"If {call.binding.given[0].parameter} is p already, it is p (1 - p), the diagonal of J alone."
        cause = cause._replace(explanation=f"{cause.explanation} {if_p}")
    n, k = 2, call.conditions.k
    tally = Tally(rows=n, entries=n * k * k, wrong=n * k * k, max_abs_error=np.inf, max_rel_error=np.inf)
    verdict = Verdict(*call.binding.sought, call.criteria.how.name, call.conditions.temperature, tally)
    verdict.diagnosis = Diagnosis((cause,))
    return SearchResult(call, verdict)


def _cause_of_vector(values: Invocation, error: ShapeError) -> Cause:
    """Return what is computed in place of a Jacobian."""
    from softmax_cli.checking.diagnosis.shapes import constant_for_matrix, vector_for_matrix

    number = constant_for_matrix(error.got)
    if number is not None:
        return number
    sought = values.binding.sought._replace(kind="jacobian")
    return vector_for_matrix(values.black_box()._replace(sought=sought))


def _batch_fault(search: Search) -> SearchResult | None:
    """Return the fault of what is right for one row alone, and wrong or an error for several."""
    first: SearchResult | None = None
    for one in search.tried:
        binding = one.binding
        if not binding.batch or binding.against is not None or not search.evidence.batch:
            continue
        if one.error is None and one.distance <= NEAR:
            continue
        if not _right_alone(one.call) or search.is_beside_the_point(one.call):
            continue
        batch = examine(one.call, search.conditions.temperature)
        if batch.verdict is not None:
            found = SearchResult(one.call, batch.verdict, batch)
            if found.known:
                return found
            first = first or found
    return first


def _right_alone(call: Invocation) -> bool:
    t, k = call.conditions.temperature, call.conditions.k
    rows = test_points.telling(call.kind, temperature=t, varied=False, k=k).rows([0, 1])
    try:
        got = np.concatenate([call.answers(rows.rows([i])) for i in range(2)])
    except InputError:
        return False
    expected, _ = call.truth(rows).whole()
    return bool(np.allclose(got, expected, rtol=1e-6, atol=1e-9))


def _with_fixed_target(search: Search) -> SearchResult | None:
    """Return the verdict on a gradient whose target is written into it: it is asked at that target alone."""
    if search.wanted.kind not in (None, "gradient") or search.wanted.function not in (None, "cross-entropy"):
        return None
    for one in search.without_target() if search.evidence.target else ():
        if one.is_vector:
            call = one.call.bound(function="cross-entropy", kind="gradient")
            target = _special_class(call)
            return None if target is None else _judged(search, Tried(call.bound(fixed=target)))
    return None


def _special_class(call: Invocation) -> int | None:
    """Return the one class that a function treats unlike the others: its own target, if it has one.

    Swapping two logits must swap two entries of the answer, unless one of them is the target.
    """
    k = call.conditions.k
    rows = test_points.telling("gradient", temperature=1.0, varied=False, k=k).rows([0])
    try:
        before = call.answers(rows)[0]
        unlike = []
        for i in range(k):
            j = (i + 1) % k
            order = np.arange(k)
            order[[i, j]] = order[[j, i]]
            after = call.answers(rows._replace(z=rows.z[:, order]))[0]
            unlike.append(not np.allclose(after, before[order], rtol=1e-9, atol=1e-12))
    except InputError:
        return None
    special = [i for i in range(k) if unlike[i] and unlike[i - 1]]
    return special[0] if len(special) == 1 and sum(unlike) == 2 else None


def _contradiction(search: Search, refused: SearchResult, meant: list[Tried]) -> SearchResult:
    """Return a failure: what is right only against a plain name is wrong, and says how it would be right."""
    binding = refused.call.binding
    assert binding.against is not None
    cause = contradiction(refused.call)
    each = (found for one in meant[:_MOST] if (found := _judged(search, one)) is not None)
    plain = next(each, None)
    if plain is not None and not plain.known and binding.against[1] == ROWS:
        plain = next((one for one in each if one.known and not _is_of_other_loss(one)), plain)
    if plain is None:
        verdict = refused.verdict
        verdict.tally.wrong = verdict.tally.entries
        verdict.diagnosis = Diagnosis((cause,))
        return SearchResult(refused.call, verdict, refused.batch)
    causes = plain.verdict.diagnosis.causes
    if binding.against[0] == "derivative" and causes:
        return plain
    if binding.against[1] in MEANT or not (causes and plain.verdict.diagnosis.certain and causes[0].theirs):
        plain.verdict.diagnosis = Diagnosis((cause,))
    else:
        said = causes[0]._replace(explanation=f"{causes[0].explanation} {cause.explanation}")
        plain.verdict.diagnosis = Diagnosis((said,))
    return plain
