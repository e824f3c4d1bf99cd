"""A verdict in words: a line that can be read aloud, one cause with its fix, the function's lines."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.inputs import VALUES
from softmax_cli.checking.verdict import Verdict

_NAMES = {
    "jacobian": "the Jacobian of {}",
    "gradient": "the gradient of the {}",
    "vjp": "the product g^T J of {}",
    "jvp": "the product J v of {}",
    "probabilities": "{}",
    "log-probabilities": "{}",
    "loss": "the {}",
}
_METHODS = {
    "complex-step": "the complex step",
    "forward": "forward differences",
    "central": "central differences",
    "five-point": "five-point differences",
    "richardson": "Richardson's extrapolation",
}


class WrappedText(NamedTuple):
    """Text to be wrapped: what its first line begins with, what the others do, and whether it is a title."""

    text: str
    first: str = ""
    rest: str = ""
    title: bool = False


def sentences(verdict: Verdict) -> tuple[str, ...]:
    """Return the verdict in a line that can be read aloud; of a function, with a second that says on what."""
    tally, diagnosis = verdict.tally, verdict.diagnosis
    what = _NAMES[verdict.kind].format(verdict.function)
    several = f" at {tally.rows} inputs that check chose" if verdict.chosen else f" in {tally.rows:,} rows"
    place = several if tally.rows > 1 else ""
    if verdict.passed:
        agree = "agrees" if tally.entries == 1 else "agree"
        found = f"{_count(tally.entries)} {agree}{_near(verdict)}{place}"
    else:
        differ = "differs" if tally.wrong == 1 else "differ"
        found = f"{tally.wrong:,} of {_count(tally.entries)} {differ}{place}"
    cause = "" if verdict.passed or not diagnosis.causes else _cause(verdict)
    if verdict.called is not None:
        return _of_function(verdict, what, found, cause)
    # A file's name keeps its own case.
    subject = what[0].upper() + what[1:] if verdict.against is None else f"{verdict.against}, as {what},"
    if verdict.passed:
        return (f"{subject} is right: {found}.",)
    said = f"{cause}. {found}" if cause else found
    return (f"{subject} is wrong: {said}.",)


def _of_function(verdict: Verdict, what: str, found: str, cause: str) -> tuple[str, ...]:
    """Return the verdict on a function: how it is called is part of it."""
    called = str(verdict.called)
    counted = f": {found}" if verdict.tally.worst else ""
    if verdict.passed:
        how = called if called.startswith("as the ") else f", {called}"
        joint = " " if how == called else ""
        return f"{verdict.against}: right{joint}{how}", f"Held against {what}{counted}."
    first = f"{verdict.against}: wrong: {cause}" if cause else f"{verdict.against}: wrong"
    return first, f"Held against {what}, {called}{counted}."


def _cause(verdict: Verdict) -> str:
    """Return the first cause, and how many others fit equally."""
    diagnosis = verdict.diagnosis
    title = diagnosis.causes[0].title
    if diagnosis.certain:
        return title
    return f"{title}, or one of {len(diagnosis.causes)} causes that fit equally"


def cause_paragraphs(cause: Cause, first: str, *, titled: bool = True) -> Iterator[WrappedText]:
    """Yield what is wrong, why, and what to write in its place; without the title where it has been told."""
    indent = " " * len(first)
    if titled:
        yield WrappedText(cause.title, first, indent, title=True)
    elif cause.explanation:
        yield WrappedText(cause.explanation, first, indent)
    if cause.theirs:
        yield WrappedText(cause.theirs, f"{indent}yours:  ", f"{indent}        ")
        yield WrappedText(cause.right, f"{indent}right:  ", f"{indent}        ")
    if titled and cause.explanation:
        yield WrappedText(cause.explanation, indent, indent)
    if cause.fix:
        yield WrappedText(cause.fix, f"{indent}fix:    ", f"{indent}        ")


def traced_lines(verdict: Verdict, width: int) -> Iterator[str]:
    """Yield the function's lines with what each holds, beside or below it; a wrong one is marked."""
    lines = verdict.lines or ()
    digits = max((len(str(line.number)) for line in lines), default=0)
    source = max((len(line.source.strip()) for line in lines), default=0)
    holds = max((max(len(line.holds), 10 + len(line.expected or "")) for line in lines), default=0)
    beside = digits + source + holds + 8 <= width
    indent = " " * (digits + 6 + (source + 2 if beside else 2))
    for line in lines:
        mark = ">" if line.expected is not None else " "
        start = f"  {mark} {line.number:>{digits}}  "
        if beside:
            yield f"{start}{line.source.strip():<{source}}  {line.holds}"
        else:
            yield f"{start}{line.source.strip()}"
            yield f"{indent}{line.holds}"
        if line.expected is not None:
            yield f"{indent}should be {line.expected}"


def _near(verdict: Verdict) -> str:
    if verdict.precision is not None:
        return f" to {verdict.precision.name}: it looks rounded"
    error = verdict.tally.max_rel_error
    how = " to the last digit" if error == 0.0 else f" to {_two_digits(error)}"
    if verdict.kind in VALUES:
        return how
    if not verdict.exact:
        how = f" to within {_two_digits(verdict.tally.max_abs_error)} (absolute)"
    method, comma, rest = verdict.method.partition(",")
    return f" with {_METHODS.get(method, method)}{comma}{rest}{how}"


def _two_digits(error: float) -> str:
    if not math.isfinite(error):
        return str(error)
    text = f"{error:.1e}" if error < 1e-4 or error >= 100.0 else f"{error:.2g}"
    digits, exponent, power = text.partition("e")
    return f"{digits}e{int(power)}" if exponent else digits


def _count(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries:,} entries"
