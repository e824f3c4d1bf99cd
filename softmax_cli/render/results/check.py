"""`check`: the verdict first, then the worst entries, the cause, both formulas, and the fix."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from softmax_cli.checking.compare import Entry
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.inputs import Array
from softmax_cli.checking.report import cause_paragraphs, sentences, traced_lines
from softmax_cli.checking.verdict import ShownRow, Verdict
from softmax_cli.render.layout.console import Line, Screen, Span
from softmax_cli.render.layout.glyphs import cells, left, right, wrap
from softmax_cli.render.layout.numbers import number
from softmax_cli.render.layout.table import Column, table

_LONGEST_NAME = 16
_EVERY = 16
"""Up to this many entries of one row, every one is listed."""
_NUMBERS = 48
"""The cells that the numbers of the worst entries take of a line."""
_MARK = "*"


class Commands(NamedTuple):
    """Command lines that the report suggests.

    Parameters
    ----------
    derive
        ``softmax derive ...`` for the worst entry, or None if nothing is derived.
    check
        The options after the logits and the temperature in a check at another input.
    practise
        ``softmax practice ...`` for the mistake, or None if there is no exercise on it.
    """

    derive: str | None = None
    check: str = ""
    practise: str | None = None


def report(verdict: Verdict, screen: Screen, commands: Commands, *, verbose: bool = True) -> Iterator[Line]:
    """Yield the report's lines, none wider than the screen unless it is a command to copy.

    If `verbose`, the entries and the derivation are shown too, besides the verdict, its cause and lines.
    """
    yield from _first(verdict, screen)
    if verbose:
        yield from _numbers(verdict, screen)
    if not verdict.passed:
        yield from _causes(verdict.diagnosis, screen, commands)
        yield from _lines(verdict, screen)
    yield from _notes(verdict, screen)
    if commands.practise is not None:
        yield ""
        yield f"Practise it: {screen.clean(commands.practise)}"
    if verbose and commands.derive is not None:
        yield ""
        what = "The right entry, derived" if not verdict.passed else "The formula, derived"
        yield f"{what}:"
        yield f"  {screen.clean(commands.derive)}"


def several(verdicts: Sequence[Verdict], refused: Sequence[str], screen: Screen) -> Iterator[Line]:
    """Yield a line for each verdict on a file or a class, and for what could not be checked; then causes."""
    for verdict in verdicts:
        yield from _first(verdict, screen, most=1)
    for line in refused:
        yield from wrap(screen.clean(line), screen.width, first="Not checked: ", rest="  ")
    for verdict in verdicts:
        if not verdict.passed:
            yield ""
            yield ((screen.clean(f"{verdict.against}:"), "title"),)
            for said in sentences(verdict)[1:]:
                yield from wrap(screen.clean(said), screen.width)
            yield from _causes(verdict.diagnosis, screen, Commands())
            yield from _lines(verdict, screen)
        yield from _notes(verdict, screen)


def _notes(verdict: Verdict, screen: Screen) -> Iterator[Line]:
    for warning in verdict.warnings:
        yield ""
        yield from wrap(screen.clean(warning), screen.width, first="Note: ", rest="      ")


def _first(verdict: Verdict, screen: Screen, most: int = 2) -> Iterator[Line]:
    first, *others = sentences(verdict)[:most]
    for i, line in enumerate(wrap(screen.clean(first), screen.width)):
        yield ((line, "title" if i == 0 or not verdict.passed else ""),)
    for other in others:
        yield from wrap(screen.clean(other), screen.width)


def _numbers(verdict: Verdict, screen: Screen) -> Iterator[Line]:
    """Yield the matrix and the worst entries."""
    shown = verdict.shown
    if shown is not None and verdict.kind == "jacobian":
        yield ""
        yield from _matrix(verdict, shown, screen)
    if verdict.tally.worst:
        yield ""
        yield from _entries(verdict, screen)


def _lines(verdict: Verdict, screen: Screen) -> Iterator[Line]:
    lines = list(traced_lines(verdict, screen.width))
    if lines:
        yield ""
        yield "Line by line:"
    for line in lines:
        yield screen.clean(line)


def _matrix(verdict: Verdict, shown: ShownRow, screen: Screen) -> Iterator[Line]:
    room = min(_LONGEST_NAME, (screen.width - 2) // (len(verdict.classes) + 1) - 2)
    names = [screen.shorten(name, max(9, room)) for name in verdict.classes]
    row = f"Row {shown.row + 1}" if verdict.tally.rows > 1 else "The matrix"
    yield f"{row}:" if verdict.passed else f"{row}, wrong entries marked {_MARK}:"
    cellwide = [[number(float(x)) for x in line] for line in shown.got]
    wide = max(9, *(cells(name) for name in names), *(len(text) for line in cellwide for text in line)) + 1
    first = max(cells(name) for name in names)
    if first + 2 + (wide + 1) * len(names) > screen.width:
        yield from _narrow(names, shown, screen.width)
        return
    yield left("", first) + "".join(right(name, wide) + " " for name in names)
    for i, line in enumerate(cellwide):
        spans: list[Span] = [(left(names[i], first), "head")]
        for j, text in enumerate(line):
            wrong = bool(shown.wrong[i, j])
            spans.append((right(text, wide) + (_MARK if wrong else " "), "strong minus" if wrong else ""))
        yield tuple(spans)


def _narrow(names: Sequence[str], shown: ShownRow, width: int) -> Iterator[Line]:
    """Yield which entries are wrong, if there is no room for the numbers."""
    first = max(cells(name) for name in names)
    for i, name in enumerate(names):
        marks = " ".join(_MARK if wrong else "." for wrong in shown.wrong[i])
        yield f"{left(name, first)}  {marks}"[:width]


def _entries(verdict: Verdict, screen: Screen) -> Iterator[Line]:
    shown, entries = verdict.shown, verdict.tally.worst
    whole = verdict.passed and shown is not None and verdict.tally.entries == shown.got.size <= _EVERY
    if shown is not None and whole:
        entries = tuple(shown.entries(verdict.kind))
    if not entries:
        return
    yield "Every entry:" if whole else ("The largest errors:" if verdict.passed else "The worst entries:")
    ours = "analytic" if verdict.against is None else "got"
    truth = "numerical" if verdict.against is None else "expected"
    names = ["row"] if verdict.tally.rows > 1 else []
    names += [name for name in ("of", "wrt") if any(getattr(entry, name) is not None for entry in entries)]
    columns = [
        *(
            Column(name, [_place(verdict, entry, name, screen) for entry in entries], "left")
            for name in names
        ),
        Column(truth, [number(entry.expected, digits=6) for entry in entries], "right"),
        Column(ours, [number(entry.got, digits=6) for entry in entries], "right"),
    ]
    if verdict.passed:
        errors = [number(entry.rel_error, digits=2) for entry in entries]
        columns.append(Column("relative error", errors, "right"))
    else:
        columns.append(Column("got/expected", [_ratio(entry) for entry in entries], "right"))
    yield from table(columns, screen)
    if verdict.chosen and not verdict.passed:
        yield from wrap(_input(verdict, entries[0].row), screen.width, first="  ", rest="    ")


def _input(verdict: Verdict, row: int) -> str:
    """Say what an input that the program chose was."""
    inputs = verdict.inputs
    if inputs is None:
        return ""
    said = [f"Row {row + 1} is z = {_vector(inputs.z[row])}"]
    if inputs.temperature[row] != 1.0:
        said.append(f"T = {inputs.temperature[row]:g}")
    if inputs.target is not None:
        said.append(f"the true class {verdict.classes[inputs.target[row]]}")
    if inputs.vector is not None:
        name = "v" if verdict.kind == "jvp" else "g"
        said.append(f"{name} = {_vector(inputs.vector[row])}")
    return ", ".join(said) + "."


def _vector(values: Array) -> str:
    return f"[{', '.join(f'{x:g}' for x in values.tolist())}]"


def _place(verdict: Verdict, entry: Entry, name: str, screen: Screen) -> str:
    """Return where an entry is: its row, or one of its classes."""
    if name == "row":
        return str(entry.row + 1)
    i = getattr(entry, name)
    # A product J v is not with respect to one class, nor is g^T J of one.
    most = max(6, min(_LONGEST_NAME, (screen.width - _NUMBERS) // 2))
    return "-" if i is None else screen.shorten(verdict.classes[i], most)


def _ratio(entry: Entry) -> str:
    if entry.expected == 0.0 or math.isnan(entry.got):
        return "-"
    return number(float(f"{entry.got / entry.expected:.5g}"), digits=5)


def _causes(diagnosis: Diagnosis, screen: Screen, commands: Commands) -> Iterator[Line]:
    if not diagnosis.causes:
        yield ""
        yield from wrap("No known mistake fits, and no law of a right answer is broken.", screen.width)
        return
    if not diagnosis.certain:
        yield ""
        yield f"{len(diagnosis.causes)} causes fit equally:"
    for i, cause in enumerate(diagnosis.causes):
        yield ""
        told = diagnosis.certain and i == 0  # the verdict names it
        yield from _cause(cause, screen.width, "Why: " if told else f"{i + 1}. ", titled=not told)
    if diagnosis.apart is not None:
        z = " ".join(repr(x) for x in diagnosis.apart.z)
        yield ""
        yield "An input that tells them apart:"
        yield f"  softmax check {z} -T {diagnosis.apart.temperature:g}{commands.check}"


def _cause(cause: Cause, width: int, first: str, *, titled: bool) -> Iterator[Line]:
    for text, begins, rest, title in cause_paragraphs(cause, first, titled=titled):
        for i, line in enumerate(wrap(text, width, first=begins, rest=rest)):
            yield ((line, "title" if i == 0 and title else ""),)
