"""Delivering the report of ``softmax check`` to a terminal, a pipe or a file, as text or JSON."""

import shlex
import sys
from typing import TYPE_CHECKING

from softmax_cli.commands.check.question import CheckOptions
from softmax_cli.errors import ExitCode
from softmax_cli.io.streams.output import open_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from softmax_cli.checking.calling.several import Outcome
    from softmax_cli.checking.verdict import Verdict
    from softmax_cli.render.layout.console import Line, Screen


def deliver(
    verdict: "Verdict",
    question: CheckOptions,
    against: str | None,
    output: str | None,
    form: str,
    *,
    verbose: bool,
) -> ExitCode:
    """Write the report on one verdict, and return the exit code."""
    _say_rounded(verdict)
    if form == "json":
        from softmax_cli.commands.check.document import document

        write_json(document(verdict), output)
    else:
        from softmax_cli.commands.check.derive_hint import derive_command, practice_command
        from softmax_cli.render.results.check import Commands, report

        again = "" if against is None else f" --against {shlex.quote(against)}"
        again += "" if question.kind == "jacobian" else f" --as {question.kind}"
        derive = derive_command(question, verdict) if verbose else None
        commands = Commands(derive, again, practice_command(question, verdict))
        show(lambda screen: report(verdict, screen, commands, verbose=verbose), output)
    return _ended(output, question, passed=verdict.passed)


def deliver_all(
    checked: "list[Outcome]",
    question: CheckOptions,
    against: str,
    output: str | None,
    form: str,
    *,
    verbose: bool,
) -> ExitCode:
    """Write the report on one function, or a line for each of several, and return the exit code.

    Raises
    ------
    InputError
        If a derivative of the named class could not be checked, after the report on the others.
    """
    from softmax_cli.checking.calling.several import deciding, derivative_that_failed

    if len(checked) == 1:
        question = _as_found(question, deciding(checked))
        return deliver(deciding(checked), question, against, output, form, verbose=verbose)
    verdicts = [outcome.found.verdict for outcome in checked if outcome.found is not None]
    for verdict in verdicts:
        _say_rounded(verdict)
    if form == "json":
        from softmax_cli.commands.check.document import document

        whole = dict(document(deciding(checked)), checks=[document(verdict) for verdict in verdicts])
        write_json(whole, output)
    else:
        from softmax_cli.render.results.check import several

        refused = [f"{o.subject.name}: {o.error.what}" for o in checked if o.error is not None]
        show(lambda screen: several(verdicts, refused, screen), output)
    ended = _ended(output, question, passed=all(verdict.passed for verdict in verdicts))
    failed = None if against.endswith(".py") else derivative_that_failed(checked)
    if failed is not None and ended == ExitCode.OK:
        raise failed
    return ended


def _as_found(question: CheckOptions, verdict: "Verdict") -> CheckOptions:
    """Return the question with what was found out, for the commands that the report suggests."""
    return question._replace(function=verdict.function, kind=verdict.kind)


def _say_rounded(verdict: "Verdict") -> None:
    if verdict.precision is not None and verdict.passed:
        said = f"agrees to {verdict.precision.name}: it looks rounded"
        verdict.warnings = (said, *verdict.warnings)


def write_json(whole: object, output: str | None) -> None:
    """Write a document."""
    from softmax_cli.io.cells.json_text import json_text

    with open_output(output, binary_format=False) as sink:
        sink.write((json_text(whole) + "\n").encode())


def show(lines: "Callable[[Screen], Iterable[Line]]", output: str | None) -> None:
    """Show lines to a person."""
    from softmax_cli.render.layout.console import Screen

    with open_output(output, binary_format=False) as sink:
        screen = Screen.for_output(sink.stream)
        screen.show(lines(screen))


def _ended(output: str | None, question: CheckOptions, *, passed: bool) -> ExitCode:
    if output is not None and output != "-" and sys.stdout is not None and not question.quiet:
        print(f"softmax: {'right' if passed else 'wrong'}: see {output}", file=sys.stderr)  # noqa: T201
    return ExitCode.OK if passed else ExitCode.DIFFERENT
