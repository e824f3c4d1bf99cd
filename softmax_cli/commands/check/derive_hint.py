"""The ``derive`` and ``practice`` commands that ``check`` recommends for the worst entry."""

import math
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.tutor.functions import NARRATIVES

if TYPE_CHECKING:
    from softmax_cli.checking.compare import Entry
    from softmax_cli.checking.inputs import Inputs
    from softmax_cli.checking.verdict import Verdict
    from softmax_cli.commands.check.question import CheckQuestion

_MOST = 1000
"""Beyond this many classes, the derivation for three is recommended."""


def derive_command(question: "CheckQuestion", verdict: "Verdict") -> str | None:
    """Return ``softmax derive ...`` for the worst entry that can be derived, or None."""
    inputs, worst = verdict.inputs, verdict.tally.worst
    values = FUNCTIONS[question.function].values
    if question.kind == values or inputs is None or question.function not in NARRATIVES:
        return None
    if inputs.k > _MOST:
        return shlex.join(["softmax", "derive", *_function(question), *_case(worst[0])])
    for entry in worst:
        if inputs.n > 1:
            row = inputs.rows([entry.row])
        elif entry.row == worst[0].row:
            row = inputs  # the one row, or the worst of a stream
        else:
            continue
        if _is_derivable(row, entry):
            return shlex.join(["softmax", "derive", *_about(question, verdict, row, entry)])
    return None


def practice_command(question: "CheckQuestion", verdict: "Verdict") -> str | None:
    """Return ``softmax practice ...`` for the mistake that was found; None if there is no exercise on it."""
    from softmax_cli.checking.catalogue.tables import is_formula

    causes = verdict.diagnosis.causes
    if verdict.passed or not causes or not verdict.diagnosis.certain:
        return None
    if not is_formula(causes[0].id):
        return None
    return shlex.join(["softmax", "practice", causes[0].id, *_function(question)])


def _is_derivable(row: "Inputs", entry: "Entry") -> bool:
    """Return whether the entry's classes are not masked, no logit is +inf, and two classes are left."""
    z: list[float] = row.z[0].tolist()
    target = None if row.target is None else int(row.target[0])
    named = [i for i in (entry.of, entry.wrt, target) if i is not None]
    return max(z) < math.inf and sum(map(math.isfinite, z)) > 1 and all(math.isfinite(z[i]) for i in named)


def _about(question: "CheckQuestion", verdict: "Verdict", row: "Inputs", entry: "Entry") -> Iterator[str]:
    """Yield the logits of the entry's row, and the options that lead to the entry."""
    from softmax_cli.io.table.class_lookup import numbered

    given = bool(question.words) and "-" not in question.words
    classes = verdict.classes
    if given:
        yield from question.words
        yield from _reading(question)
        if verdict.tally.rows > 1:
            yield from ("--row", str(entry.row + 1))
    else:  # standard input has been read, and our own choice is in no file
        yield from (_shortest(x) for x in row.z[0].tolist())
        if any("," in name for name in classes):
            classes = numbered(row.k)
        if classes != numbered(row.k):
            yield from _option("--classes", ",".join(classes))
    if row.temperature[0] != 1.0:
        yield from ("-T", _shortest(float(row.temperature[0])))
    yield from _function(question)
    if row.target is not None and not (given and question.labels.target_column is not None):
        yield from _option("--target", classes[int(row.target[0])])
    if question.kind in ("jacobian", "gradient"):
        for name, index in (("--of", entry.of), ("--wrt", entry.wrt)):
            if index is not None:
                yield from _option(name, classes[index])


def _reading(question: "CheckQuestion") -> Iterator[str]:
    """Yield the options by which a file was read."""
    read = question.read
    columns = [read.columns] if isinstance(read.columns, str) else read.columns or ()
    for name, value in (
        *(("--columns" if text.startswith("-") else "-c", text) for text in columns),
        ("--classes", read.classes),
        ("--delimiter", read.delimiter),
        ("--input-format", read.input_format),
        ("--target-column", question.labels.target_column),
    ):
        if value is not None:
            yield from _option(name, value)
    if read.header is not None:
        yield "--header" if read.header else "--no-header"


def _option(name: str, value: str) -> Iterator[str]:
    """Yield an option with its value, which may look like an option."""
    if value.startswith("-"):
        yield f"{name}={value}"
    else:
        yield from (name, value)


def _function(question: "CheckQuestion") -> Iterator[str]:
    if question.function != next(iter(FUNCTIONS)):  # the default
        yield from ("--function", question.function)


def _case(entry: "Entry") -> Iterator[str]:
    """Yield the entry's case: i = j, or i != j."""
    if entry.of is not None and entry.wrt is not None:
        yield from ("--of", "1", "--wrt", "1" if entry.of == entry.wrt else "2")


def _shortest(x: float) -> str:
    return repr(x).removesuffix(".0")
