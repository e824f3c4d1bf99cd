"""``softmax check``: prove a derivative right, or say what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from softmax_cli.commands.check.question import CheckOptions
from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.groups import Labels, Reading
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.errors import ExitCode, InputError
from softmax_cli.io.cells.wording import listed
from softmax_cli.io.formats import REPORTS

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
KINDS = ("jacobian", "gradient", "vjp", "jvp", "probabilities", "log-probabilities", "loss")
METHODS = ("complex-step", "forward", "central", "five-point", "richardson")


def check(
    logits: opt.Logits = None,
    temperature: opt.Temperature = "1",
    function: Annotated[
        str | None, opt.choice("--function", (*FUNCTIONS, *SAMPLED), "NAME", "One of {} (default: softmax).")
    ] = None,
    target: opt.Target = None,
    target_column: opt.TargetColumn = None,
    against: Annotated[
        str | None,
        opt.value(
            "--against",
            "FILE",
            "Somebody's own: FILE.py:NAME, a function, a class or CLASS.METHOD - how it is called is "
            "found out; FILE.py, all that is softmax-like in it; or a file that holds a matrix, as softmax "
            "jacobian writes it. - is standard input.",
        ),
    ] = None,
    as_: Annotated[
        str | None,
        opt.choice(
            "--as", KINDS, "KIND", "What it is: one of {} (default: jacobian; of a function, found out)."
        ),
    ] = None,
    call: Annotated[
        str | None,
        opt.value(
            "--call",
            "CALL",
            "How to call the function: 'f(p, g)', of z, p, logp, g, y, onehot, i, j, T (default: found out).",
        ),
    ] = None,
    timeout: Annotated[
        str, opt.value("--timeout", "S", "The seconds that one call of the function may take.")
    ] = "10",
    verbose: Annotated[
        bool, opt.flag("--verbose", "With --against: the worst entries and the derivation too.")
    ] = False,
    vector: Annotated[str | None, opt.value("--vector", "V", "The v of J v or g of g^T J: v1,v2,...")] = None,
    method: Annotated[
        str | None, opt.choice("--method", METHODS, "NAME", "One of {} (default: the first).")
    ] = None,
    step: Annotated[
        str | None, opt.value("--step", "H", "The step (default: from eps and the scale of z).")
    ] = None,
    digits: Annotated[
        int | None, opt.value("--digits", "N", "Compare with mpmath at N digits: the last word.")
    ] = None,
    sweep: Annotated[
        bool, opt.flag("--sweep", "Error against step size, drawn; -o FILE.png or .svg for a picture.")
    ] = False,
    rtol: Annotated[
        str | None, opt.value("--rtol", "R", "Relative error allowed in each entry (1e-9).")
    ] = None,
    atol: Annotated[str | None, opt.value("--atol", "A", "Absolute error allowed on top (0).")] = None,
    format: Annotated[  # noqa: A002  the option's own name
        str | None, opt.format_among(REPORTS)
    ] = None,
    output: opt.Output = None,
    quiet: opt.Quiet = False,
    *,
    reading: Reading = Reading(),
) -> int:
    """Prove a derivative right, or say what is wrong with it.

    Softmax's own analytic derivative, or somebody else's (--against), is held entry by entry against a
    numerical one. Where they differ, the mistake is named, with the right formula beside the wrong one.
    Without logits, check chooses inputs that tell mistakes apart.
    """
    labels = Labels(target=target, target_column=target_column).options()
    val.at_most_one(sweep=sweep, against=against)
    val.at_most_one(digits=digits, method=method)
    if function in SAMPLED:
        from softmax_cli.commands.check.sampled import check_sampled

        as_json, seconds = _is_json(format, output), val.positive(timeout, "--timeout")
        return check_sampled(function, against, seconds, output, json=as_json)
    said: Any = (
        val.one_of(function, (*FUNCTIONS, *SAMPLED), "--function"),
        val.one_of(as_, KINDS, "--as", "kind"),
    )
    name, kind = _function_and_kind(said[0], said[1], labels.given)
    question = CheckOptions(
        words=logits or [],
        read=reading.options(labels),
        temperature=val.positive(temperature, "--temperature"),
        function=name,
        kind=kind,
        labels=labels,
        vector=vector,
        method=val.one_of(method, METHODS, "--method"),
        step=None if step is None else val.positive(step, "--step"),
        digits=digits,
        rtol=None if rtol is None else val.not_negative(rtol, "--rtol"),
        atol=None if atol is None else val.not_negative(atol, "--atol"),
        quiet=quiet,
        said=(name if labels.given or said[1] == "gradient" else said[0], said[1]),
        call=call,
        timeout=val.positive(timeout, "--timeout"),
        against=against,
        output=output,
        json=_is_json(format, output),
        verbose=verbose,
    )
    if sweep:
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


def _is_json(form: str | None, output: str | None) -> bool:
    """Return whether the report is a JSON document, as asked or by the ending of the file."""
    if form in ("table", None):
        return form is None and output is not None and output.endswith(".json")
    return val.one_of(form, REPORTS, "--format") == "json"


def _function_and_kind(function: str | None, kind: str | None, target: str | None) -> tuple[str, Kind]:
    """Return the function and the kind of its answers; each may decide the other."""
    if function is None:
        wanted = kind or ("gradient" if target else "jacobian")
        function = next(name for name, entry in FUNCTIONS.items() if wanted in entry.answers)
    entry = FUNCTIONS[function]
    chosen: Any = kind or entry.answers[0]
    if chosen not in entry.answers:
        raise InputError(f"{function} has no {chosen}", where="--as", hint=f"it has {listed(entry.answers)}")
    val.function(function, target or ("--target" if entry.scalar else None))
    return function, chosen
