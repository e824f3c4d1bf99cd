"""The lines of a function, each with what it holds, up to the first that leaves the path."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from softmax_cli.checking.inputs import Array, Inputs, Sought
from softmax_cli.checking.trace.blame import Culprit, culprit
from softmax_cli.checking.trace.judge import Judge
from softmax_cli.checking.trace.recorder import Record, Recorder, TooLongError


class SourceLine(NamedTuple):
    """One line of the user's file.

    Parameters
    ----------
    number
        Counted from 1.
    source
        Its text.
    holds
        What its value is, in the names of the formulas: ``p``, ``exp(z - max z)``.
    expected
        What it should hold, or None where it is right.
    """

    number: int
    source: str
    holds: str
    expected: str | None = None


def trace(
    run: Callable[[], Any],
    path: str,
    sought: Sought,
    inputs: Inputs,
    answer: Array | None = None,
    theirs: str = "",
) -> list[SourceLine] | None:
    """Run a function once and return its lines, each with what it holds, up to the first that is wrong.

    Parameters
    ----------
    run
        Calls the function at `inputs`, with all that it takes.
    path
        The file it stands in; helper functions of its folder are followed too.
    sought
        What it is to be, and what it is to return: softmax's Jacobian.
    inputs
        One row, or the rows of a batch.
    answer
        What it returned, shape (n, k) or (n, k, k); None where it is right, and every line is shown.
    theirs
        The wrong formula, where a cause was found: what the line that makes the answer holds.

    Returns
    -------
    list of SourceLine or None
        None where nothing can be seen: compiled code, code without a source, too many lines.
    """
    recorder = Recorder(path)
    try:
        with np.errstate(all="ignore"):
            recorder.run(run)
    except TooLongError:
        return None
    except Exception:
        return None  # the run without a trace has told the error already
    if recorder.last is None:
        return None
    judge = Judge(sought, inputs)
    last = recorder.last if answer is None else judge.first_wrong(recorder.answers, answer) or recorder.last
    found = None if answer is None else culprit(judge, recorder.records, last, answer)
    return _told(judge, recorder.records, found, theirs) or None


def _told(judge: Judge, records: list[Record], wrong: Culprit | None, theirs: str) -> list[SourceLine]:
    lines: dict[int, SourceLine] = {}
    for record in records:
        statement = record.statement or record.caller
        reading = judge.read(record)
        if statement is None:
            continue
        if wrong is not None and record is wrong.record:
            lines.pop(statement.number, None)
            holds = _held(judge, wrong, theirs)
            lines[statement.number] = SourceLine(statement.number, statement.source, holds, wrong.expected)
            break
        if record.statement is not None and reading is not None and reading.known:
            lines.setdefault(statement.number, SourceLine(statement.number, statement.source, reading.holds))
    return list(lines.values())


def _held(judge: Judge, wrong: Culprit, theirs: str) -> str:
    """Return in words what the wrong line holds."""
    record, reading = wrong.record, judge.read(wrong.record)
    holds = reading.holds if reading is not None else "numbers that no logit changes"
    if record.statement is None:
        return f"{holds}, given as logits"
    if reading is None or any(found.quantity is None for found in reading.found) or not reading.known:
        final = theirs if wrong.expected == judge.formula else ""
        return final or judge.made_from(record, wrong.expected) or holds
    where = next(iter(record.written.values()), None)
    if where is not None and not where.all() and any(judge.is_answer(found) for found in reading.found):
        return f"{holds}, but only in {int(where.sum())} of {where.size} entries"
    return holds
