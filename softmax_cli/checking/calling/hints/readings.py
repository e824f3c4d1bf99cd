"""What an answer may be, given what the parameters take: values, a derivative, a product with one, a loss."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from softmax_cli.checking.calling.binding import Answer, Given, Loss
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.checking.calling.hints.explicit import Explicit
from softmax_cli.checking.calling.hints.roles import CONTRADICTS, plain_name
from softmax_cli.checking.inputs import Kind
from softmax_cli.core.functions import FUNCTIONS

INPUTS = frozenset({"z", "p", "log p", "forward's"})
TARGETS = frozenset({"index", "one-hot", "labels"})
_TANGENTS = frozenset({"tangent", "v", "dz", "dx", "direction", "z_dot", "zdot"})


class Wanted(NamedTuple):
    """What the user says of the function: which it is, what its answers are, how it is called."""

    function: str | None = None
    kind: Kind | None = None
    call: Explicit | None = None


class AnswerReading(NamedTuple):
    """What an answer may be, how far that is from what the names say, and which name it contradicts."""

    function: str
    kind: Kind
    cost: float = 0.0
    answer: Answer = "whole"
    loss: Loss = "sum"
    of_p: bool = False
    against: tuple[str, str] | None = None


def readings(
    given: Sequence[Given], roles: set[str], evidence: SourceEvidence, wanted: Wanted, mode: bool | None
) -> Iterator[AnswerReading]:
    """Yield what the answers may be, given what the parameters take."""
    if not any(role in INPUTS or role.startswith("cache") for role in roles):
        return
    found: Iterator[AnswerReading]
    if roles & TARGETS and "g" in roles:
        return
    if roles & TARGETS:
        found = _of_losses(roles, evidence, wanted)
    elif "g" in roles:
        found = _products_with(given, evidence, wanted)
    elif roles & {"i", "j"}:
        found = _parts(roles, evidence, wanted)
    elif evidence.pullback:
        found = itertools.chain(_pulled_back(evidence, wanted), _alone(roles, evidence, wanted, mode))
    else:
        found = _alone(roles, evidence, wanted, mode)
    for reading in found:
        if wanted.kind in (None, reading.kind) and wanted.function in (None, reading.function):
            yield reading


def _of_losses(roles: set[str], evidence: SourceEvidence, wanted: Wanted) -> Iterator[AnswerReading]:
    """Yield the gradient of a loss, and the loss itself."""
    yield AnswerReading("cross-entropy", "gradient")
    yield AnswerReading("cross-entropy", "gradient", 0.1, loss="mean")
    if "p" in roles or "forward's" in roles:
        plain = 0.2 if evidence.loss and "softmax" not in evidence.name.lower() else 1.0
        yield AnswerReading("cross-entropy", "gradient", plain, of_p=True)
        yield AnswerReading("cross-entropy", "gradient", plain + 0.1, of_p=True, loss="mean")
    derivative = evidence.derivative and wanted.kind != "loss"
    against = ("derivative", "the loss itself") if derivative else None
    cost = CONTRADICTS if derivative else 0.2 if evidence.loss else 0.6
    reductions: tuple[Loss, ...] = ("sum", "mean", "each")
    for further, loss in enumerate(reductions):
        yield AnswerReading("cross-entropy", "loss", cost + 0.1 * further, loss=loss, against=against)


def _products_with(
    given: Sequence[Given], evidence: SourceEvidence, wanted: Wanted
) -> Iterator[AnswerReading]:
    tangent = any(g.role == "g" and plain_name(g.parameter) in _TANGENTS for g in given)
    first: Kind = "jvp" if tangent or "jvp" in evidence.name else "vjp"
    second: Kind = "vjp" if first == "jvp" else "jvp"
    for function, cost, against in _functions(evidence, wanted):
        yield AnswerReading(function, first, cost, against=against)
        if function == "log-softmax" or wanted.kind == second:
            yield AnswerReading(function, second, cost + 1.0, against=against)


def _pulled_back(evidence: SourceEvidence, wanted: Wanted) -> Iterator[AnswerReading]:
    for function, cost, against in _functions(evidence, wanted):
        yield AnswerReading(function, "vjp", cost, "pullback", against=against)


def _parts(roles: set[str], evidence: SourceEvidence, wanted: Wanted) -> Iterator[AnswerReading]:
    answer: Answer = "entry" if {"i", "j"} <= roles else "row"
    if "j" in roles and answer == "row":
        return
    for function, cost, against in _functions(evidence, wanted):
        yield AnswerReading(function, "jacobian", cost, answer, against=against)


def _alone(
    roles: set[str], evidence: SourceEvidence, wanted: Wanted, mode: bool | None
) -> Iterator[AnswerReading]:
    """Yield what a function of the logits, or of the probabilities, alone may be."""
    derivative = evidence.derivative or bool(mode) or evidence.pullback
    values_cost = CONTRADICTS if derivative or mode is False else (0.0 if evidence.forward else 0.3)
    if wanted.kind in ("probabilities", "log-probabilities"):
        values_cost = 0.0
    said = ("derivative", "the function's own values") if values_cost >= CONTRADICTS else None
    for function, cost, against in _functions(evidence, wanted):
        values: Any = FUNCTIONS[function].values
        if "z" in roles and values is not None:
            yield AnswerReading(function, values, cost + values_cost, against=against or said)
        if mode is not False:
            jacobian = cost + (1.0 if evidence.forward and not mode else 0.0)
            yield AnswerReading(function, "jacobian", jacobian, against=against)
            if FUNCTIONS[function].elementwise:
                yield AnswerReading(function, "jacobian", jacobian, "diagonal", against=against)


def _functions(
    evidence: SourceEvidence, wanted: Wanted
) -> Iterator[tuple[str, float, tuple[str, str] | None]]:
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
