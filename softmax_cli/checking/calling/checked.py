"""``softmax_cli.check``: a function checked from Python, in one line of a test."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from softmax_cli.checking.calling.code.loading import of_object
from softmax_cli.checking.calling.code.running import LIMITS
from softmax_cli.checking.calling.hints.explicit import explicit
from softmax_cli.checking.calling.hints.readings import Wanted
from softmax_cli.checking.calling.several import Outcome, check_all, deciding, derivative_that_failed
from softmax_cli.checking.check import Conditions
from softmax_cli.checking.inputs import KINDS, Kind
from softmax_cli.checking.report import cause_paragraphs, sentences, traced_lines
from softmax_cli.checking.verdict import Verdict
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.errors import InputError

_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Check:
    """The result of checking a function.

    Parameters
    ----------
    passed
        Whether it is right, for one row and, where it takes a batch, for several.
    called
        How it was called, in words.
    reading
        What its answer was read as: ``jacobian``, ``gradient``, ``vjp``, ``jvp``, ``probabilities``,
        ``log-probabilities`` or ``loss``.
    cause, fix
        What is wrong, and what to write in its place; None where it is right or no cause is known.
    verdicts
        The verdicts behind it: of a class, one a method.
    """

    passed: bool
    called: str
    reading: Kind
    cause: str | None
    fix: str | None
    verdicts: tuple[Verdict, ...]

    def report(self) -> str:
        """Return the report as plain text: a verdict each, its cause with the fix, the line that is wrong."""
        return "\n".join(line for verdict in self.verdicts for line in _report(verdict))

    def require(self) -> None:
        """Return nothing where it is right.

        Raises
        ------
        AssertionError
            With the report, where it is wrong.
        """
        if not self.passed:
            raise AssertionError(self.report())


def check(
    code: Any,
    /,
    *,
    function: str | None = None,
    reading: Kind | None = None,
    call: str | None = None,
    temperature: float = 1.0,
    timeout: float = 10.0,
) -> Check:
    """Check a softmax, a derivative of it or a layer, and say what is wrong with it.

    How it is called is found out; what takes a batch is called with several rows too. The report is plain
    text.

    Parameters
    ----------
    code
        A function, a method, an object with forward and backward, or its class.
    function
        ``softmax``, ``log-softmax``, ``sigmoid`` or ``cross-entropy`` (default: as its names say).
    reading
        What its answer is (default: found out): ``jacobian``, ``gradient``, ``vjp``, ``jvp``,
        ``probabilities``, ``log-probabilities`` or ``loss``.
    call
        How to call it, as in ``"f(p, g)"``, with the names z, p, logp, g, y, onehot, i, j, T (default: found
        out).
    temperature
        T > 0, where it has no parameter for it.
    timeout
        The seconds that one call may take; 0 for no limit.

    Raises
    ------
    InputError
        Where it cannot be called, returns no numbers, or it cannot be told how it wants to be called. It is
        a ValueError.

    Examples
    --------
    >>> import numpy as np
    >>> from softmax_cli import check
    >>> def softmax_backward(dout, x):
    ...     p = np.exp(x - x.max(axis=-1, keepdims=True))
    ...     p /= p.sum(axis=-1, keepdims=True)
    ...     return p * (dout - (dout * p).sum(axis=-1, keepdims=True))
    >>> check(softmax_backward).called
    'called as softmax_backward(dout, x)'
    >>> check(softmax_backward).require()
    >>> check(lambda z, g: z * g, reading="vjp").passed
    False
    """
    _refuse_unknown(function, FUNCTIONS, "function")
    _refuse_unknown(reading, KINDS, "reading")
    forced = None if call is None else explicit(call)
    before, LIMITS.seconds = LIMITS.seconds, timeout
    try:
        subjects = of_object(code, constructor=None if forced is None else forced.constructor)
        checked = check_all(subjects, Wanted(function, reading, forced), Conditions(temperature=temperature))
    finally:
        LIMITS.seconds = before
    return _as_check(checked)


def _refuse_unknown(word: str | None, words: Collection[str], where: str) -> None:
    if word is not None and word not in words:
        raise InputError(f"{word!r} is unknown", where=where, hint=", ".join(words))


def _as_check(checked: Sequence[Outcome]) -> Check:
    """Return what all come to; that a derivative cannot be checked is an error, unless another fails."""
    failed = derivative_that_failed(checked)
    verdicts = []
    for outcome in checked:
        if outcome.found is not None:
            outcome.found.verdict.against = outcome.subject.name
            verdicts.append(outcome.found.verdict)
    passed = all(verdict.passed for verdict in verdicts)
    if failed is not None and passed:
        raise failed
    first = deciding(checked)
    causes = () if passed else first.diagnosis.causes
    cause, fix = (causes[0].title, causes[0].fix) if causes else (None, None)
    return Check(passed, str(first.called), first.kind, cause, fix, tuple(verdicts))


def _report(verdict: Verdict) -> Iterator[str]:
    for sentence in sentences(verdict):
        yield from textwrap.wrap(sentence, _WIDTH)
    if not verdict.passed:
        certain = verdict.diagnosis.certain
        for i, cause in enumerate(verdict.diagnosis.causes):
            told = certain and i == 0
            for text, first, rest, _ in cause_paragraphs(
                cause, "Why: " if told else f"{i + 1}. ", titled=not told
            ):
                yield from textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=rest)
        yield from traced_lines(verdict, _WIDTH)
    for warning in verdict.warnings:
        yield from textwrap.wrap(warning, _WIDTH, initial_indent="Note: ", subsequent_indent="      ")
