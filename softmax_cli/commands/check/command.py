"""``softmax check``: prove a derivative right, or say what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from softmax_cli.commands.check.question import CheckOptions, CheckQuestion
from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.groups import Labels, Reading
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.errors import ExitCode, InputError
from softmax_cli.io.cells.wording import listed

if TYPE_CHECKING:
    from softmax_cli.checking.inputs import Kind
    from softmax_cli.commands.command_line import options as opt

EPILOG = """\b
Examples:
  softmax check 1.43 -0.4 0.23
  softmax check 1.43 -0.4 0.23 --function cross-entropy --target 1
  softmax check 1.43 -0.4 0.23 --method central --sweep
  softmax check 1.43 -0.4 0.23 -T 3 --against my_jacobian.csv
  softmax check --against my_layer.py:Softmax
  softmax check iris_logits.csv -c 3-5 -f json

\b
Exit codes: 0 they agree, 1 they differ, 2 bad input.
"""

SAMPLED = ("nce", "sampled")
"""Objectives whose gradient, by a user's function, is checked for one label and its noise."""


def check(
    logits: opt.Logits = None,
    temperature: opt.Temperature = 1.0,
    function: Annotated[
        str | None, opt.choice("--function", (*FUNCTIONS, *SAMPLED), "NAME", "One of {} (default: softmax).")
    ] = None,
    target: opt.Target = None,
    target_column: opt.TargetColumn = None,
    *,
    options: CheckOptions = CheckOptions(),
    reading: Reading = Reading(),
) -> int:
    """Prove a derivative right, or say what is wrong with it.

    Softmax's own analytic derivative, or somebody else's (--against), is held entry by entry against a
    numerical one. Where they differ, the mistake is named, with the right formula beside the wrong one.
    Without logits, check chooses inputs that tell mistakes apart.
    """
    labels = Labels(target=target, target_column=target_column).options()
    val.at_most_one(sweep=options.sweep, against=options.against)
    val.at_most_one(digits=options.digits, method=options.method)
    if function in SAMPLED:
        from softmax_cli.commands.check.sampled import check_sampled

        return check_sampled(function, options)
    as_: Any = options.as_
    name, kind = _function_and_kind(function, as_, labels.given)
    question = CheckQuestion(
        words=logits or [],
        read=reading.options(labels),
        labels=labels,
        temperature=temperature,
        options=options,
        function=name,
        kind=kind,
        said=(name if labels.given or as_ == "gradient" else function, as_),
    )
    if options.sweep:
        from softmax_cli.commands.check.sweep import show_sweep

        show_sweep(question)
        return ExitCode.OK
    from softmax_cli.commands.check.deliver import deliver, deliver_all
    from softmax_cli.commands.check.run import verdict_on

    verdict = verdict_on(question)
    if isinstance(verdict, list):
        return deliver_all(verdict, question)
    verdict.chosen = not question.words
    return deliver(verdict, question)


def _function_and_kind(function: str | None, kind: str | None, target: str | None) -> tuple[str, Kind]:
    """Return the function and the kind of its answers; each may decide the other."""
    if function is None:
        wanted = kind or ("gradient" if target else "jacobian")
        function = next(name for name, entry in FUNCTIONS.items() if wanted in entry.answers)
    entry = FUNCTIONS[val.one_of(function, "--function", (*FUNCTIONS, *SAMPLED))]
    chosen: Any = kind or entry.answers[0]
    if chosen not in entry.answers:
        raise InputError(f"{function} has no {chosen}", where="--as", hint=f"it has {listed(entry.answers)}")
    val.function(function, target or ("--target" if entry.scalar else None))
    return function, chosen
