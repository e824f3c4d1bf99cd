"""What is refused: an answer that is right only against a plain name, and what cannot be called at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from softmax_cli.checking.calling.agreement import is_made_at_random
from softmax_cli.checking.calling.binding import probabilities
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.checking.calling.results import ShapeError
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.call import Invocation
    from softmax_cli.checking.calling.hints.readings import Wanted
    from softmax_cli.checking.calling.search import Search, SearchResult, Tried

ROWS = "samples in rows"
"""What contradicts a docstring that says columns."""
MEANT = {
    "z": "the logits",
    "p": "p = softmax(z)",
    "log p": "log softmax(z)",
    "index": "the class's index",
    "one-hot": "a one-hot vector",
}
"""What a parameter was given, in words."""
_CONTRADICTED = {
    "p": "logits-for-probabilities",
    "z": "probabilities-for-logits",
    "index": "one-hot-as-index",
    ROWS: "rows-for-columns",
}
"""The cause where a parameter gets what its name does not mean."""


def contradiction(call: Invocation) -> Cause:
    """Return the cause of what is right only where a name is contradicted."""
    binding = call.binding
    assert binding.against is not None
    name, given = binding.against
    if given in ("softmax", "log-softmax"):
        return Cause(
            f"{given}-for-{name}",
            f"it is right as the derivative of {given}, not of {name}",
            f"It would be right for --function {given}.",
            f"--function {given}, if that is meant",
        )
    handed_on = given == "p" and call.subject.before
    right = probabilities(binding.function)
    return Cause.of(
        "logits-handed-on" if handed_on else _CONTRADICTED.get(given, "contradicts-its-name"),
        name=name,
        given=MEANT.get(given, given),
        named=_named("the logits" if given == "p" else "the probabilities", name),
        p=right[0],
        right=right,
        made=probabilities(binding.function, name),
        forced=f"--call '{call.name.rpartition('.')[2]}({', '.join(map(_letter, binding.roles))})'",
    )


def _named(what: str, name: str) -> str:
    """Return what a parameter is with its name, once where they are the same word."""
    return what if name == what.rpartition(" ")[2] else f"{what} {name}"


def _letter(role: str) -> str:
    return {"log p": "logp", "index": "y", "one-hot": "onehot"}.get(role, role)


def is_another_function(found: SearchResult, wanted: Wanted) -> InputError | None:
    """Return the error of what differs because it is something else by its name, or has random weights."""
    call, verdict = found.call, found.verdict
    evidence, name = SourceEvidence.of(call.subject), call.name
    cause = verdict.diagnosis.causes[0].id if verdict.diagnosis.causes else ""
    said = None
    if (
        cause == "state-between-calls"
        and verdict.inputs is not None
        and is_made_at_random(call, verdict.inputs)
    ):
        said = (
            f"{name} answers with random weights of its own: no softmax of what it is given alone",
            "make its weights the identity matrix, or check the softmax in it",
        )
    elif wanted.function is not None:
        return None
    elif _is_named_otherwise(evidence, found):
        said = (
            f"{name} is not softmax, nor a derivative of it, and by its name need not be",
            "check the softmax in it; or --function softmax, if it is to be one",
        )
    elif evidence.likelihood and cause == "sign-flipped" and call.binding.function == "cross-entropy":
        said = (
            f"{name} is of log p, as its name says: the cross-entropy, -log p, has the other sign",
            "--function cross-entropy, if it is to be a loss",
        )
    elif evidence.numerical and cause in ("approximate", "finite-differences", "rounding-noise"):
        said = (
            f"{name} is a numerical derivative, as its name says: right but for the error of differences",
            f"check the formula; or --function {call.binding.function}, if it is to be exact",
        )
    return None if said is None else InputError(said[0], where=call.path, hint=said[1])


def _is_named_otherwise(evidence: SourceEvidence, found: SearchResult) -> bool:
    """Return whether its name says that it is something else, and its numbers do not say more than a name."""
    if evidence.foreign:
        return found.is_of_vector or not (found.known and found.call.kind == "jacobian")
    return evidence.strange or (evidence.distils and not found.known)


def no_way(search: Search) -> InputError:
    """Return the error of what cannot be called: the author's own, in the form that was meant."""
    errors = [one for one in search.tried if one.error is not None and one.binding.against is None]
    best = min(errors, key=lambda one: one.binding.cost, default=None)
    said = None if best is None else best.error
    if said is not None and (not isinstance(said, ShapeError) or search.wanted.kind is not None):
        return said
    subject, size = search.subject, said.got.size if isinstance(said, ShapeError) else None
    name, where, short = subject.name, subject.path or None, subject.name.rpartition(".")[2]
    if said is not None and size == 0:
        return InputError(f"{name} returned nothing: shape {said.got.shape}", where=where)
    if size == 1:
        what = f"{name} returns one number, as a loss does, not a derivative"
        return InputError(what, where=where, hint="return the gradient too, or check what computes it")
    takes = [p for stage in subject.stages for p in stage.parameters]
    if search.tried:
        tried = list(dict.fromkeys(_short(one) for one in search.tried))
        what = f"I cannot tell how {name} wants to be called: tried {', '.join(tried[:6])}"
        hint = f"--call '{tried[0].partition(' with ')[0]}' says what each argument is"
    elif takes:
        unknown = ", ".join(p.name for p in takes if p.required) or takes[0].name
        what = f"{name} takes {unknown}: check cannot tell what that is"
        hint = f"--call '{short}(z, ...)' says what each is"
    else:
        what = f"{name} takes nothing: it cannot be given the logits"
        hint = f"def {short}(z), which returns the derivative at z"
    return InputError(what, where=where, hint=hint)


def _short(one: Tried) -> str:
    name = one.call.name.rpartition(".")[2]
    shape = {"vector": "", "batch": " with (n, k)", "column": " with (k, 1)", "columns": " with (k, n)"}
    letters = ", ".join(_letter(role) for role in one.binding.roles if role != "constant")
    return f"{name}({letters}){shape[one.binding.layout]}"
