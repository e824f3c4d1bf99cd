"""One run of ``softmax check``: a verdict on softmax's own derivative, on a file, or on a function."""

from contextlib import nullcontext
from typing import TYPE_CHECKING

from softmax_cli.commands.check.question import CheckQuestion
from softmax_cli.commands.running.pipeline import progress_bar
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.several import Outcome
    from softmax_cli.checking.verdict import Verdict
    from softmax_cli.render.layout.progress import Progress

_BLOCK = 2**20
_KEYS = ("jacobian", "gradient", "vjp", "jvp", "probabilities", "log_probabilities")


def verdict_on(question: CheckQuestion) -> "Verdict | list[Outcome]":
    """Check what was asked for, with a progress bar while a file is read."""
    progress = _progress(question)
    with progress or nullcontext():
        against = question.options.against
        if against is None:
            return _own(question, progress)
        from softmax_cli.checking.calling.code.loading import split_name

        named = split_name(against)
        if named is not None:
            from softmax_cli.commands.check.functions import outcomes

            return outcomes(question, *named, progress)
        return _matrix(question, against, progress)


def _own(question: CheckQuestion, progress: "Progress | None") -> "Verdict":
    from softmax_cli.checking.check import check_own
    from softmax_cli.checking.test_points import telling
    from softmax_cli.io.table.class_lookup import numbered

    if question.words:
        return _streamed(question, progress)
    inputs = telling(question.kind, temperature=question.temperature, varied=False)
    verdict = check_own(question.asked, inputs)
    verdict.classes = numbered(inputs.k)
    return verdict


def _streamed(question: CheckQuestion, progress: "Progress | None") -> "Verdict":
    """Check batch by batch, keeping only the totals and the worst entries."""
    from softmax_cli.checking.check import LARGE, check_own
    from softmax_cli.checking.test_points import hiding

    total: Verdict | None = None
    hidden: set[str] | None = None
    for batch in question.batches(progress):
        most = _BLOCK // batch.k**2 if batch.k <= LARGE else _BLOCK // batch.k
        for part in batch.split(max(1, most)):
            inputs = question.inputs(part)
            verdict = check_own(question.asked, inputs)
            verdict.classes = part.classes
            verdict.keep_worst_row(part.first_row - 1)
            total = verdict if total is None else total.joined(verdict)
            said = set(hiding(inputs, against=False))
            hidden = said if hidden is None else hidden & said
            if progress is not None:
                progress.rows = total.tally.rows
    if total is None:
        raise InputError("no rows of logits")
    total.warnings = (*total.warnings, *sorted(hidden or ()))
    return total


def _matrix(question: CheckQuestion, against: str, progress: "Progress | None") -> "Verdict":
    from softmax_cli.checking.answers import shaped
    from softmax_cli.checking.test_points import hiding
    from softmax_cli.checking.verdict import judge
    from softmax_cli.io.options import Answers, ReadOptions
    from softmax_cli.io.read import read_whole

    if not question.words:
        raise InputError(
            "a file needs the logits that it was computed at",
            where="--against",
            hint=f"softmax check 1.43 -0.4 0.23 --against {against}",
        )
    if against == "-" and "-" in question.words:
        raise InputError("standard input cannot be both the logits and the matrix", where="--against")
    batch = question.batch(progress)
    inputs = question.inputs(batch)
    keys = (question.kind.replace("-", "_"), *_KEYS)
    answers = read_whole(against, ReadOptions(answers=Answers(keys, batch.classes)))
    answers.refuse_infinite()
    got = shaped(answers.values, question.kind, inputs, "<stdin>" if against == "-" else against)
    verdict = judge(question.asked.truth(inputs), got)
    verdict.against, verdict.classes = against, batch.classes
    verdict.warnings = (*verdict.warnings, *hiding(inputs, against=True))
    return verdict


def _progress(question: CheckQuestion) -> "Progress | None":
    """Return a progress bar if stderr is a terminal and there is a file to wait for."""
    if not question.words:
        return None
    from softmax_cli.io.arguments import file_names

    return None if file_names(question.words) is None else progress_bar(quiet=question.options.quiet)
