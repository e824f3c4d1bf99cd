"""Every way in which something may want to be called, in the order that names and sources suggest."""

import itertools
import math
from collections.abc import Iterator, Sequence, Set
from typing import TypeAlias

from softmax_cli.checking.calling.arguments import KEYED
from softmax_cli.checking.calling.binding import Binding, Given, Layout
from softmax_cli.checking.calling.code.subject import Parameter, Subject
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.checking.calling.hints.explicit import forced
from softmax_cli.checking.calling.hints.readings import INPUTS, TARGETS, Wanted, readings
from softmax_cli.checking.calling.hints.roles import CONTRADICTS, Option, is_cache, is_mode, options

_PRODUCTS = 600
_MOST = 240
_BATCH_ONLY = frozenset({"labels", "identity", "count n"})
_KEPT = frozenset({"z", "p", "log p", "index", "one-hot"})
_WEAK = frozenset({"z", "p", "i", "j"})
_FIRST = INPUTS | TARGETS | {"T", "constant", "skip", "count n", "count k", "identity", "no bias"}


Assigned: TypeAlias = tuple[int, Parameter, Option]
"""A parameter, the stage that it belongs to, and what it is given."""


def candidates(subject: Subject, evidence: SourceEvidence, wanted: Wanted) -> list[Binding]:
    """Return the bindings to try, the likeliest first.

    Raises
    ------
    InputError
        Where a parameter must be given that nothing is known for.
    """
    parameters = [(i, p) for i, stage in enumerate(subject.stages) for p in stage.parameters]
    alone = len(subject.stages) == 1 and sum(p.required for _, p in parameters) == 1
    others = {p.name.lower() for _, p in parameters}
    choices = [
        _keyed(p, evidence)
        or _unpacked(p, evidence)
        or _written_to(
            p,
            evidence,
            _as_used(options(p, evidence.text), p, evidence, output=alone or _is_differentiated(p, others)),
        )
        for _, p in parameters
    ]
    if wanted.call is not None:
        choices = forced(parameters, choices, len(subject.stages) - 1, wanted.call)
    found: list[Binding] = []
    for chosen in _products(choices):
        assigned = [(*at, option) for at, option in zip(parameters, chosen, strict=True)]
        if _consistent(assigned):
            found += _bindings(assigned, evidence, wanted)
    return sorted(found, key=lambda binding: binding.cost)[:_MOST]


def _as_used(
    found: tuple[Option, ...], parameter: Parameter, evidence: SourceEvidence, *, output: bool
) -> tuple[Option, ...]:
    """Return the options of a parameter, the target as the code does not use it put off.

    What is an `output` is no target: a function's only parameter, and y beside dy.
    """
    if output and parameter.required and found[0].role in TARGETS:
        return (Option("p"), Option("z", 0.5))
    if evidence.loss and parameter.required and found[0].role in _WEAK and not _is_plain(found):
        found = (*found, Option("index", 3.0), Option("one-hot", 3.1))
    used = evidence.uses(parameter.name) if any(option.role in TARGETS for option in found) else None
    if used is None:
        return found
    put_off = (
        option._replace(cost=option.cost + 1.0) if option.role in TARGETS - {used} else option
        for option in found
    )
    return tuple(sorted(put_off, key=lambda option: option.cost))


def _is_differentiated(parameter: Parameter, others: Set[str]) -> bool:
    """Return whether a gradient with respect to a parameter is given beside it: y, and dy."""
    name = parameter.name.lower()
    return bool(others & {f"d{name}", f"d_{name}", f"grad_{name}", f"{name}_grad"})


def _is_plain(found: tuple[Option, ...]) -> bool:
    """Return whether a name is so plain that other options contradict it, or is that of a target."""
    return any(option.cost >= CONTRADICTS or option.role in TARGETS for option in found)


def _keyed(parameter: Parameter, evidence: SourceEvidence) -> tuple[Option, ...]:
    """Return the options of a dictionary, by the keys that the code looks up in it; of nothing else, none."""
    keys = evidence.keys(parameter.name)
    if not keys or not parameter.required:
        return ()
    each = [
        tuple(option for option in options(Parameter(key), evidence.text) if option.role in _KEPT)
        for key in keys
    ]
    return tuple(
        Option(
            KEYED,
            sum(option.cost for option in chosen),
            tuple((key, option.role) for key, option in zip(keys, chosen, strict=True)),
        )
        for chosen in _products(each)
    )


def _unpacked(parameter: Parameter, evidence: SourceEvidence) -> tuple[Option, ...]:
    """Return the options of a tuple of one, as a jvp's primals are; of nothing else, none."""
    if is_cache(parameter.name) or not evidence.unpacks(parameter.name):
        return ()
    each = options(parameter, evidence.text)
    return tuple(o._replace(role=f"cache ({o.role},)") for o in each if o.role in ("z", "p", "g"))


def _written_to(
    parameter: Parameter, evidence: SourceEvidence, found: tuple[Option, ...]
) -> tuple[Option, ...]:
    """Return the options of a parameter; a buffer too, where the function returns nothing."""
    named = parameter.required and parameter.name.startswith(("d", "grad", "out", "res"))
    if evidence.returns or not named:
        return found
    return tuple(sorted((*found, Option("buffer", 0.5)), key=lambda option: option.cost))


def _products(choices: Sequence[tuple[Option, ...]]) -> Iterator[tuple[Option, ...]]:
    """Yield one option for each parameter in every way, the unlikeliest options left out where too many."""
    kept = [list(options) for options in choices]
    while math.prod(map(len, kept)) > _PRODUCTS:
        longest = max(kept, key=len)
        del longest[-1]
    return itertools.product(*kept)


def _consistent(assigned: Sequence[Assigned]) -> bool:
    """Return whether no value is given twice in a stage, and a first stage gets what a forward takes."""
    last = max((stage for stage, *_ in assigned), default=0)
    seen: set[tuple[int, str]] = set()
    for stage, _, option in assigned:
        role = "target" if option.role in TARGETS else option.role
        if role in ("skip", "constant", "count n", "count k"):
            continue
        if (stage, role) in seen or (stage < last and option.role not in _FIRST):
            return False
        seen.add((stage, role))
    return True


def _bindings(assigned: Sequence[Assigned], evidence: SourceEvidence, wanted: Wanted) -> Iterator[Binding]:
    given = tuple(_given(assigned))
    roles = {"g" if one.role == "cache (g,)" else one.role for one in given}
    cost = sum(option.cost for *_, option in assigned)
    flags = [option.role == "constant" for _, parameter, option in assigned if is_mode(parameter)]
    mode = any(flags) if flags else None
    against, cast = _contradicted(assigned, evidence), _cast(given, evidence)
    turned = wanted.call is not None and any(argument.turned for argument in wanted.call.arguments)
    for reading in readings(given, roles, evidence, wanted, mode):
        for layout, further in _layouts(roles, reading, evidence):
            together = layout in ("batch", "columns")
            if (reading.loss != "sum" and not together) or (turned and layout not in ("columns", "column")):
                continue
            contradiction = against or reading.against or (None if together else cast)
            if layout == "batch" and evidence.says_columns and not turned:
                contradiction = contradiction or ("columns", "samples in rows")
            if layout == "columns" and further >= CONTRADICTS and not turned:
                contradiction = contradiction or ("rows", "samples in columns")
            whole = cost + reading.cost + (0.0 if turned else further)
            yield reading._replace(given=given, layout=layout, cost=whole, against=contradiction)


def _cast(given: Sequence[Given], evidence: SourceEvidence) -> tuple[str, str] | None:
    """Return the target that would be a bare index, but is cast as an array is: a one-hot one is meant."""
    return next(
        ((g.parameter, g.role) for g in given if g.role == "index" and evidence.casts(g.parameter)), None
    )


def _given(assigned: Sequence[Assigned]) -> Iterator[Given]:
    skipped: set[int] = set()
    for stage, parameter, option in assigned:
        if option.role == "skip":
            skipped.add(stage)
            continue
        by_name = parameter.by_name or stage in skipped or not parameter.required
        plain = option.cost < 1.0 or option.role in TARGETS
        yield Given(stage, parameter.name, option.role, by_name, plain, option.constant)


def _contradicted(assigned: Sequence[Assigned], evidence: SourceEvidence) -> tuple[str, str] | None:
    """Return the parameter that gets what its name, or a forward that computes softmax, does not mean."""
    last = max((stage for stage, *_ in assigned), default=0)
    for stage, parameter, (role, cost, _) in assigned:
        handed_p = stage < last and role == "p" and cost >= 1.0 and evidence.exponential_before
        if cost >= CONTRADICTS or handed_p:
            return parameter.name, role
    return None


def _layouts(roles: set[str], reading: Binding, evidence: SourceEvidence) -> Iterator[tuple[Layout, float]]:
    """Yield the layouts, each with what it costs."""
    if reading.answer not in ("whole", "pullback"):
        yield "vector", 0.0
        return
    batch = evidence.batch or bool(roles & _BATCH_ONLY)
    yield "batch", 0.0 if batch else 1.0
    if "labels" in roles and evidence.columns:
        yield "columns", 0.1
    if roles & _BATCH_ONLY:
        return
    yield "vector", 0.5 if batch else 0.0
    yield "column", 0.2 if evidence.column else 2.0
    # Softmax of matrices and the sum of its derivative may both run down the columns on purpose.
    down = bool(roles & (TARGETS | {"g"})) and evidence.matrices and evidence.down_columns
    yield "columns", 0.1 if evidence.columns or down else CONTRADICTS
