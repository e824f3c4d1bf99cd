"""Delivering the report of ``softmax check`` to a terminal, a pipe or a file, as text or JSON."""

import shlex
from typing import TYPE_CHECKING

from softmax_cli.commands.check.question import CheckQuestion
from softmax_cli.commands.running.pipeline import say, show
from softmax_cli.errors import ExitCode
from softmax_cli.io.write import write_document

if TYPE_CHECKING:
    from softmax_cli.checking.calling.several import Outcome
    from softmax_cli.checking.verdict import Verdict


def deliver(verdict: "Verdict", question: CheckQuestion) -> ExitCode:
    """Write the report on one verdict, and return the exit code."""
    _say_rounded(verdict)
    if question.options.json:
        from softmax_cli.commands.check.document import document

        write_document(document(verdict), question.options.output)
    else:
        from softmax_cli.commands.check.derive_hint import derive_command, practice_command
        from softmax_cli.render.results.check import Commands, report

        against = question.options.against
        verbose = question.options.verbose or against is None
        again = "" if against is None else f" --against {shlex.quote(against)}"
        again += "" if question.kind == "jacobian" else f" --as {question.kind}"
        derive = derive_command(question, verdict) if verbose else None
        commands = Commands(derive, again, practice_command(question, verdict))
        show(lambda screen: report(verdict, screen, commands, verbose=verbose), question.options.output)
    return _ended(question, passed=verdict.passed)


def deliver_all(checked: "list[Outcome]", question: CheckQuestion) -> ExitCode:
    """Write the report on one function, or a line for each of several, and return the exit code.

    Raises
    ------
    InputError
        If a derivative of the named class could not be checked, after the report on the others.
    """
    from softmax_cli.checking.calling.several import deciding, derivative_that_failed

    if len(checked) == 1:
        verdict = deciding(checked)
        return deliver(verdict, question._replace(function=verdict.function, kind=verdict.kind))
    verdicts = [outcome.found.verdict for outcome in checked if outcome.found is not None]
    for verdict in verdicts:
        _say_rounded(verdict)
    if question.options.json:
        from softmax_cli.commands.check.document import document

        whole = dict(document(deciding(checked)), checks=[document(verdict) for verdict in verdicts])
        write_document(whole, question.options.output)
    else:
        from softmax_cli.render.results.check import several

        refused = [f"{o.subject.name}: {o.error.what}" for o in checked if o.error is not None]
        show(lambda screen: several(verdicts, refused, screen), question.options.output)
    ended = _ended(question, passed=all(verdict.passed for verdict in verdicts))
    failed = None if (question.options.against or "").endswith(".py") else derivative_that_failed(checked)
    if failed is not None and ended == ExitCode.OK:
        raise failed
    return ended


def _say_rounded(verdict: "Verdict") -> None:
    if verdict.precision is not None and verdict.passed:
        said = f"agrees to {verdict.precision.name}: it looks rounded"
        verdict.warnings = (said, *verdict.warnings)


def _ended(question: CheckQuestion, *, passed: bool) -> ExitCode:
    output = question.options.output
    if output is not None and output != "-" and not question.options.quiet:
        say(f"softmax: {'right' if passed else 'wrong'}: see {output}")
    return ExitCode.OK if passed else ExitCode.DIFFERENT
