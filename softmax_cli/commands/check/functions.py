"""``softmax check --against FILE.py``: a user's function, or all of a class or a file."""

from functools import partial
from typing import TYPE_CHECKING

from softmax_cli.commands.check.question import CheckQuestion

if TYPE_CHECKING:
    from softmax_cli.checking.calling.search import SearchResult
    from softmax_cli.checking.calling.several import Outcome
    from softmax_cli.checking.check import Conditions
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.render.layout.progress import Progress


def outcomes(
    question: CheckQuestion, path: str, name: str | None, progress: "Progress | None"
) -> "list[Outcome]":
    """Check what the user named in a .py file, or else everything softmax-like in it."""
    from softmax_cli.checking.calling.code.loading import load
    from softmax_cli.checking.calling.code.running import LIMITS
    from softmax_cli.checking.calling.hints.explicit import explicit
    from softmax_cli.checking.calling.hints.readings import Wanted
    from softmax_cli.checking.calling.several import check_all
    from softmax_cli.checking.check import Conditions

    LIMITS.seconds = question.options.timeout
    function, kind = question.said
    call = None if question.options.call is None else explicit(question.options.call)
    subjects = load(path, name, constructor=None if call is None else call.constructor)
    batch = question.batch(progress) if question.words else None
    inputs = None if batch is None else question.inputs(batch, of_function=True)
    on_row = None if progress is None else partial(_count, progress)
    differentiated = question.options.method is not None
    conditions = Conditions(question.asked, question.temperature, inputs, on_row, differentiated)
    checked = check_all(subjects, Wanted(function, kind, call), conditions)
    for outcome in checked:
        if outcome.found is not None:
            _tell(outcome.found, question, conditions, batch)
    return checked


def _tell(
    found: "SearchResult", question: CheckQuestion, conditions: "Conditions", batch: "Batch | None"
) -> None:
    """Add to a verdict what was checked, and what the user's logits hide."""
    from softmax_cli.checking import test_points
    from softmax_cli.io.table.class_lookup import numbered

    verdict = found.verdict
    verdict.against = f"{found.call.path}:{found.call.name}"
    k = test_points.CLASSES if verdict.inputs is None else verdict.inputs.k
    verdict.classes = numbered(k) if batch is None else batch.classes
    inputs = conditions.inputs
    if inputs is not None:
        takes = found.call.temperature is not None or question.temperature != 1.0
        verdict.warnings = (*verdict.warnings, *test_points.hiding(inputs, against=takes))


def _count(progress: "Progress") -> None:
    progress.rows += 1
