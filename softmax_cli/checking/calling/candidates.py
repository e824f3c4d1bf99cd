"""Every way in which something may want to be called, in the order that names and sources suggest."""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from softmax_cli.checking.calling.binding import Answer, Binding, Given, Layout, Loss
from softmax_cli.checking.calling.code.subject import Parameter, Subject
from softmax_cli.checking.calling.hints.evidence import Evidence
from softmax_cli.checking.calling.hints.explicit import Explicit, forced
from softmax_cli.checking.calling.hints.roles import CONTRADICTS, Option, is_mode, options, plain_name
from softmax_cli.checking.inputs import Kind
from softmax_cli.core.functions import FUNCTIONS

_PRODUCTS = 600
_MOST = 240
_INPUTS = frozenset({"z", "p", "log p", "forward's"})
_TARGETS = frozenset({"index", "one-hot", "labels"})
_BATCH_ONLY = frozenset({"labels", "identity", "count n"})
_FIRST = _INPUTS | _TARGETS | {"T", "constant", "skip", "count n", "count k", "identity", "no bias"}
_TANGENTS = frozenset({"tangent", "v", "dz", "dx", "direction", "z_dot", "zdot"})
_VALUES: dict[str, Kind] = {
    "softmax": "probabilities",
    "sigmoid": "probabilities",
    "log-softmax": "log-probabilities",
}


class Wanted(NamedTuple):
    """What the user says of the function: which it is, what its answers are, how it is called."""

    function: str | None = None
    kind: Kind | None = None
    call: Explicit | None = None


class Reading(NamedTuple):
    """What an answer may be, how far that is from what the names say, and which name it contradicts."""

    function: str
    kind: Kind
    cost: float = 0.0
    answer: Answer = "whole"
    loss: Loss = "sum"
    of_p: bool = False
    against: tuple[str, str] | None = None


def candidates(subject: Subject, evidence: Evidence, wanted: Wanted) -> list[Binding]:
    """Return the bindings to try, the likeliest first.

    Raises
    ------
    InputError
        Where a parameter must be given that nothing is known for.
    """
    parameters = [(i, p) for i, stage in enumerate(subject.stages) for p in stage.parameters]
    alone = len(subject.stages) == 1 and sum(p.required for _, p in parameters) == 1
    choices = [_as_used(options(p, evidence.text), p, evidence, alone=alone) for _, p in parameters]
    if wanted.call is not None:
        choices = forced(parameters, choices, len(subject.stages) - 1, wanted.call)
    found: list[Binding] = []
    for assigned in _products(choices):
        if _consistent(parameters, assigned):
            found += _bindings(parameters, assigned, evidence, wanted)
    return sorted(found, key=lambda binding: binding.cost)[:_MOST]


def _as_used(
    found: tuple[Option, ...], parameter: Parameter, evidence: Evidence, *, alone: bool
) -> tuple[Option, ...]:
    """Return the options of a parameter, the target as the code does not use it put off.

    The only parameter is no target: y is what softmax gave.
    """
    if alone and parameter.required and found[0].role in _TARGETS:
        return (Option("p"), Option("z", 0.5))
    used = evidence.uses(parameter.name) if any(option.role in _TARGETS for option in found) else None
    if used is None:
        return found
    put_off = (
        option._replace(cost=option.cost + 1.0) if option.role in _TARGETS - {used} else option
        for option in found
    )
    return tuple(sorted(put_off, key=lambda option: option.cost))


def _products(choices: Sequence[tuple[Option, ...]]) -> Iterator[tuple[Option, ...]]:
    """Yield one option for each parameter in every way, the unlikeliest options left out where too many."""
    kept = [list(options) for options in choices]
    while math.prod(map(len, kept)) > _PRODUCTS:
        longest = max(kept, key=len)
        del longest[-1]
    return itertools.product(*kept)


def _consistent(parameters: list[tuple[int, Parameter]], assigned: Sequence[Option]) -> bool:
    """Tell whether no value is given twice in a stage, and a first stage gets what a forward takes."""
    last = parameters[-1][0] if parameters else 0
    seen: set[tuple[int, str]] = set()
    for (stage, _), option in zip(parameters, assigned, strict=True):
        role = "target" if option.role in _TARGETS else option.role
        if role in ("skip", "constant", "count n", "count k"):
            continue
        if (stage, role) in seen or (stage < last and option.role not in _FIRST):
            return False
        seen.add((stage, role))
    return True


def _bindings(
    parameters: list[tuple[int, Parameter]], assigned: Sequence[Option], evidence: Evidence, wanted: Wanted
) -> Iterator[Binding]:
    given = tuple(_given(parameters, assigned))
    roles = {g.role for g in given}
    cost = sum(option.cost for option in assigned)
    flags = [o.role == "constant" for (_, p), o in zip(parameters, assigned, strict=True) if is_mode(p)]
    mode = any(flags) if flags else None
    against = _contradicted(parameters, assigned)
    turned = wanted.call is not None and any(argument.turned for argument in wanted.call.arguments)
    for reading in _readings(given, roles, evidence, wanted, mode):
        for layout, further in _layouts(roles, reading, evidence):
            if (reading.loss == "mean" and layout not in ("batch", "columns")) or (
                turned and layout not in ("columns", "column")
            ):
                continue
            contradiction = against or reading.against or _cast(given, layout, evidence)
            if layout == "columns" and further >= CONTRADICTS and not turned:
                contradiction = contradiction or ("rows", "samples in columns")
            yield Binding(
                reading.function,
                reading.kind,
                given,
                layout,
                answer=reading.answer,
                loss=reading.loss,
                of_p=reading.of_p,
                cost=cost + reading.cost + (0.0 if turned else further),
                against=contradiction,
            )


def _cast(given: Sequence[Given], layout: Layout, evidence: Evidence) -> tuple[str, str] | None:
    """Return the target that would be a bare index, but is cast as an array is: a one-hot one is meant."""
    if layout not in ("vector", "column"):
        return None
    return next(
        ((g.parameter, g.role) for g in given if g.role == "index" and evidence.casts(g.parameter)), None
    )


def _given(parameters: list[tuple[int, Parameter]], assigned: Sequence[Option]) -> Iterator[Given]:
    skipped: set[int] = set()
    for (stage, parameter), option in zip(parameters, assigned, strict=True):
        if option.role == "skip":
            skipped.add(stage)
            continue
        by_name = parameter.by_name or stage in skipped or not parameter.required
        plain = option.cost < 1.0 or option.role in _TARGETS
        yield Given(stage, parameter.name, option.role, by_name, plain, option.constant)


def _contradicted(
    parameters: list[tuple[int, Parameter]], assigned: Sequence[Option]
) -> tuple[str, str] | None:
    return next(
        (
            (parameter.name, option.role)
            for (_, parameter), option in zip(parameters, assigned, strict=True)
            if option.cost >= CONTRADICTS
        ),
        None,
    )


def _layouts(roles: set[str], reading: Reading, evidence: Evidence) -> Iterator[tuple[Layout, float]]:
    """Yield the layouts, each with what it costs."""
    if reading.answer != "whole":
        yield "vector", 0.0
        return
    batch = evidence.batch or bool(roles & _BATCH_ONLY)
    yield "batch", 0.0 if batch else 1.0
    if roles & _BATCH_ONLY:
        return
    yield "vector", 0.5 if batch else 0.0
    yield "column", 0.2 if evidence.column else 2.0
    yield "columns", 0.1 if evidence.columns else CONTRADICTS


def _readings(
    given: Sequence[Given], roles: set[str], evidence: Evidence, wanted: Wanted, mode: bool | None
) -> Iterator[Reading]:
    """Yield what the answers may be, given what the parameters take."""
    if not any(role in _INPUTS or role.startswith("cache") for role in roles):
        return
    found: Iterator[Reading]
    if roles & _TARGETS and "g" in roles:
        return
    if roles & _TARGETS:
        found = _gradients(roles, evidence)
    elif "g" in roles:
        found = _products_with(given, evidence, wanted)
    elif roles & {"i", "j"}:
        found = _parts(roles, evidence, wanted)
    else:
        found = _alone(roles, evidence, wanted, mode)
    for reading in found:
        if wanted.kind in (None, reading.kind) and wanted.function in (None, reading.function):
            yield reading


def _gradients(roles: set[str], evidence: Evidence) -> Iterator[Reading]:
    yield Reading("cross-entropy", "gradient")
    yield Reading("cross-entropy", "gradient", 0.1, loss="mean")
    if "p" in roles or "forward's" in roles:
        plain = 0.2 if evidence.loss and "softmax" not in evidence.name.lower() else 1.0
        yield Reading("cross-entropy", "gradient", plain, of_p=True)
        yield Reading("cross-entropy", "gradient", plain + 0.1, of_p=True, loss="mean")


def _products_with(given: Sequence[Given], evidence: Evidence, wanted: Wanted) -> Iterator[Reading]:
    tangent = any(g.role == "g" and plain_name(g.parameter) in _TANGENTS for g in given)
    first: Kind = "jvp" if tangent or "jvp" in evidence.name else "vjp"
    second: Kind = "vjp" if first == "jvp" else "jvp"
    for function, cost, against in _functions(evidence, wanted):
        yield Reading(function, first, cost, against=against)
        if function == "log-softmax" or wanted.kind == second:
            yield Reading(function, second, cost + 1.0, against=against)


def _parts(roles: set[str], evidence: Evidence, wanted: Wanted) -> Iterator[Reading]:
    answer: Answer = "entry" if {"i", "j"} <= roles else "row"
    if "j" in roles and answer == "row":
        return
    for function, cost, against in _functions(evidence, wanted):
        yield Reading(function, "jacobian", cost, answer, against=against)


def _alone(roles: set[str], evidence: Evidence, wanted: Wanted, mode: bool | None) -> Iterator[Reading]:
    """Yield what a function of the logits, or of the probabilities, alone may be."""
    derivative = evidence.derivative or bool(mode)
    values_cost = CONTRADICTS if derivative or mode is False else (0.0 if evidence.forward else 0.3)
    if wanted.kind in ("probabilities", "log-probabilities"):
        values_cost = 0.0
    said = ("derivative", "the function's own values") if values_cost >= CONTRADICTS else None
    for function, cost, against in _functions(evidence, wanted):
        values: Any = FUNCTIONS[function].values
        if "z" in roles and values is not None:
            yield Reading(function, values, cost + values_cost, against=against or said)
        if mode is not False:
            jacobian = cost + (1.0 if evidence.forward and not mode else 0.0)
            yield Reading(function, "jacobian", jacobian, against=against)
            if FUNCTIONS[function].elementwise:
                yield Reading(function, "jacobian", jacobian, "diagonal", against=against)


def _functions(evidence: Evidence, wanted: Wanted) -> Iterator[tuple[str, float, tuple[str, str] | None]]:
    """Yield the functions with one output a class, each with its cost and the name that it contradicts."""
    if wanted.function is not None:
        if not FUNCTIONS[wanted.function].scalar:
            yield wanted.function, 0.0, None
        return
    said = evidence.function
    if said == "sigmoid":
        yield "sigmoid", 0.0, None
    elif said == "log-softmax":
        yield "log-softmax", 0.0, None
        yield "softmax", CONTRADICTS, ("log-softmax", "softmax")
    elif evidence.logarithmic and said != "softmax":
        yield "log-softmax", 0.0, None
        yield "softmax", 0.2, None
    else:
        yield "softmax", 0.0, None
        yield "log-softmax", CONTRADICTS, ("softmax", "log-softmax")
