"""What an answer may be, given what the parameters take: values, a derivative, a product with one, a loss."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from softmax_cli.checking.calling.binding import Answer, Binding, Given, Loss
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.checking.calling.hints.explicit import Explicit
from softmax_cli.checking.calling.hints.roles import CONTRADICTS, plain_name
from softmax_cli.checking.inputs import PROBABILITIES, Kind
from softmax_cli.core.functions import FUNCTIONS

INPUTS = frozenset({"z", "p", "log p", "forward's"})
TARGETS = frozenset({"index", "one-hot", "labels"})
_TANGENTS = frozenset({"tangent", "v", "dz", "dx", "direction", "z_dot", "zdot"})


class Wanted(NamedTuple):
    """What the user says of the function: which it is, what its answers are, how it is called."""

    function: str | None = None
    kind: Kind | None = None
    call: Explicit | None = None


def readings(
    given: Sequence[Given], roles: set[str], evidence: SourceEvidence, wanted: Wanted, mode: bool | None
) -> Iterator[Binding]:
    """Yield what the answers may be, given what the parameters take; each costs what the names do not say."""
    if not any(role in INPUTS or role.startswith("cache") for role in roles):
        return
    found: Iterator[Binding]
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


def _of_losses(roles: set[str], evidence: SourceEvidence, wanted: Wanted) -> Iterator[Binding]:
    """Yield the gradient of a loss, and the loss itself."""
    gradient = Binding("cross-entropy", "gradient")
    yield gradient
    yield gradient._replace(loss="mean", cost=0.1)
    if "p" in roles or "forward's" in roles:
        plain = 0.2 if evidence.loss and "softmax" not in evidence.name.lower() else 1.0
        yield gradient._replace(of_p=True, cost=plain)
        yield gradient._replace(of_p=True, loss="mean", cost=plain + 0.1)
    derivative = evidence.derivative and wanted.kind != "loss"
    against = ("derivative", "the loss itself") if derivative else None
    cost = CONTRADICTS if derivative else 0.2 if evidence.loss else 0.6
    reductions: tuple[Loss, ...] = ("sum", "mean", "each")
    for further, loss in enumerate(reductions):
        yield Binding("cross-entropy", "loss", loss=loss, cost=cost + 0.1 * further, against=against)


def _products_with(given: Sequence[Given], evidence: SourceEvidence, wanted: Wanted) -> Iterator[Binding]:
    tangent = any(g.role == "g" and plain_name(g.parameter) in _TANGENTS for g in given)
    first: Kind = "jvp" if tangent or "jvp" in evidence.name else "vjp"
    second: Kind = "vjp" if first == "jvp" else "jvp"
    for of in _functions(evidence, wanted):
        yield of._replace(kind=first)
        if of.function == "log-softmax" or wanted.kind == second:
            yield of._replace(kind=second, cost=of.cost + 1.0)


def _pulled_back(evidence: SourceEvidence, wanted: Wanted) -> Iterator[Binding]:
    for of in _functions(evidence, wanted):
        yield of._replace(kind="vjp", answer="pullback")


def _parts(roles: set[str], evidence: SourceEvidence, wanted: Wanted) -> Iterator[Binding]:
    answer: Answer = "entry" if {"i", "j"} <= roles else "row"
    if "j" in roles and answer == "row":
        return
    for of in _functions(evidence, wanted):
        yield of._replace(answer=answer)


def _alone(roles: set[str], evidence: SourceEvidence, wanted: Wanted, mode: bool | None) -> Iterator[Binding]:
    """Yield what a function of the logits, or of the probabilities, alone may be."""
    derivative = evidence.derivative or bool(mode) or evidence.pullback
    values_cost = CONTRADICTS if derivative or mode is False else (0.0 if evidence.forward else 0.3)
    if wanted.kind in PROBABILITIES:
        values_cost = 0.0
    said = ("derivative", "the function's own values") if values_cost >= CONTRADICTS else None
    for of in _functions(evidence, wanted):
        values: Any = of.sought.entry.values
        if "z" in roles and values is not None:
            yield of._replace(kind=values, cost=of.cost + values_cost, against=of.against or said)
        if mode is not False:
            jacobian = of._replace(cost=of.cost + (1.0 if evidence.forward and not mode else 0.0))
            yield jacobian
            if of.sought.entry.elementwise:
                yield jacobian._replace(answer="diagonal")


def _functions(evidence: SourceEvidence, wanted: Wanted) -> Iterator[Binding]:
    """Yield the Jacobians of the functions with one output a class."""
    if wanted.function is not None:
        if not FUNCTIONS[wanted.function].scalar:
            yield Binding(wanted.function, "jacobian")
        return
    said = evidence.function
    if said == "sigmoid":
        yield Binding("sigmoid", "jacobian")
        return
    softmax, log_softmax = Binding("softmax", "jacobian"), Binding("log-softmax", "jacobian")
    if said == "log-softmax":
        yield log_softmax
        yield softmax._replace(cost=CONTRADICTS, against=("log-softmax", "softmax"))
    elif evidence.logarithmic and said != "softmax":
        yield log_softmax
        yield softmax._replace(cost=0.2)
    else:
        yield softmax
        yield log_softmax._replace(cost=CONTRADICTS, against=("softmax", "log-softmax"))
