"""``softmax check --function nce`` and ``sampled``: a gradient for one label and its noise."""

from typing import TYPE_CHECKING, Any

from softmax_cli.commands.check.document import cause_document
from softmax_cli.commands.check.question import CheckOptions
from softmax_cli.commands.running.pipeline import show
from softmax_cli.errors import ExitCode, InputError
from softmax_cli.io.write import write_document

if TYPE_CHECKING:
    from softmax_cli.checking.sampled import SamplingVerdict


def check_sampled(function: str, options: CheckOptions) -> ExitCode:
    """Check the function that the user named, and return the exit code."""
    from softmax_cli.checking import sampled
    from softmax_cli.checking.calling.code.loading import load
    from softmax_cli.checking.calling.code.running import LIMITS

    path, _, name = (options.against or "").rpartition(":")
    if not path.endswith(".py"):
        raise InputError(
            f"{function} is checked of somebody's function", where="--function", hint="--against FILE.py:NAME"
        )
    LIMITS.seconds = options.timeout
    [subject] = load(path, name)
    verdict = sampled.check_sampled(subject, function)
    if options.json:
        write_document(_document(verdict), options.output)
    else:
        from softmax_cli.render.results.sampling.verdict import report

        show(lambda screen: report(verdict, f"{path}:{subject.name}", screen), options.output)
    return ExitCode.OK if verdict.passed else ExitCode.DIFFERENT


def _document(verdict: "SamplingVerdict") -> dict[str, Any]:
    return {
        "passed": verdict.passed,
        "function": verdict.function,
        "method": "one draw",
        "rows": None,
        "entries": verdict.entries,
        "max_abs_error": verdict.max_abs_error,
        "diagnosis": [] if verdict.cause is None else [cause_document(verdict.cause)],
        "warnings": [],
        "called": verdict.called,
        "reading": "gradient",
    }
