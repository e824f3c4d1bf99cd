"""Derivations as JSON: lhs and rhs are strings that SymPy reads, and `symbols` says what their names are."""

import json
import math
from collections.abc import Iterator
from typing import Any

from softmax_cli.core.formula.tree import Symbol, names
from softmax_cli.render.derivation.formats import Telling
from softmax_cli.tutor.derivation import Sentence, Step
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.printers.latex import BoardLatexPrinter
from softmax_cli.tutor.printers.line import LinePrinter
from softmax_cli.tutor.printers.names import Names
from softmax_cli.tutor.printers.plain import DefinitionPrinter, plain

DIGITS = 17


def write(telling: Telling) -> Iterator[str]:
    """Yield one JSON object, or a list of them, as text."""
    lessons = telling.lessons
    found = [document(lesson) for lesson in lessons]
    whole = found[0] if len(found) == 1 else found
    if all(lesson.logits is None and lesson.temperature == 1 for lesson in lessons):
        yield json.dumps(whole, ensure_ascii=False) + "\n"  # no number but 1.0: spares numpy
        return
    from softmax_cli.io.cells.json_text import json_text

    yield json_text(whole) + "\n"


def document(lesson: Lesson) -> dict[str, Any]:
    """Return a derivation as a JSON object.

    Parameters
    ----------
    lesson
        The derivation, its classes and its numbers.

    Examples
    --------
    >>> from softmax_cli.tutor.derive import derive
    >>> found = document(Lesson(derive("softmax", 2, 0, 1), ("1", "2")))
    >>> found["steps"][-2]["lhs"], found["steps"][-2]["rhs"]
    ('Derivative(p_1, z_2)', '-p_1*p_2')
    >>> found["symbols"]["p_1"]
    'exp(z_1)/(exp(z_1) + exp(z_2))'
    """
    derivation, check = lesson.derivation, lesson.check
    writer = _LessonWriter(lesson)
    classes = lesson.classes
    return {
        "id": derivation.id,
        "title": writer.words(derivation.title),
        "function": derivation.function,
        "classes": list(classes),
        "of": None if derivation.of is None else classes[derivation.of],
        "wrt": None if derivation.wrt is None else classes[derivation.wrt],
        "target": None if derivation.target is None else classes[derivation.target],
        "temperature": lesson.temperature,
        "symbols": _symbols(lesson),
        "steps": [writer.step(step) for step in derivation.steps],
        "result": plain(derivation.result),
        "value": lesson.result,
        "check": None
        if check is None
        else {"complex_step": check.complex_step, "difference": check.difference},
    }


class _LessonWriter:
    """Writes the steps of one lesson."""

    def __init__(self, lesson: Lesson) -> None:
        names = Names(lesson.classes, lesson.named, lesson.derivation.definitions)
        self.lesson = lesson
        self.line = LinePrinter(names, unicode=False)
        self.latex = BoardLatexPrinter(names)

    def words(self, words: Sentence) -> str:
        """Return a sentence as one text."""
        return "".join(part if isinstance(part, str) else self.line.said(part) for part in words)

    def step(self, step: Step) -> dict[str, Any]:
        """Return a step, and its substeps in it."""
        found: dict[str, Any] = {
            "id": step.id,
            "rule": step.rule.name,
            "why": self.words(step.why),
            "lhs": plain(step.lhs),
            "rhs": plain(step.rhs),
            "changed": [plain(part) for part in step.changed],
            "latex": f"{self.latex.of(step.lhs)} = {self.latex.of(step.rhs)}",
            "value": self.value(step),
        }
        if step.id in (self.lesson.verdicts or {}):
            found["sympy"] = (self.lesson.verdicts or {})[step.id]
        return found | {"substeps": [self.step(substep) for substep in step.substeps]}

    def value(self, step: Step) -> float | str | None:
        """Return the value of a line, as digits if it is beyond the range of a double."""
        value = self.lesson.value(step.rhs)
        if value is None:
            return None
        double = float(value)
        if math.isfinite(double) and (double or not value):
            return double + 0.0  # never -0.0
        return str(value.context.nstr(value, DIGITS, strip_zeros=True)).replace("e+", "e")


def _symbols(lesson: Lesson) -> dict[str, str]:
    """Return what each name that occurs stands for, in terms of the logits and T alone."""
    definitions = lesson.derivation.definitions
    printer = DefinitionPrinter(definitions)
    used: dict[Symbol, None] = {}
    for step in lesson.derivation.walk():
        for side in (step.lhs, step.rhs):
            for name in sorted(names(side), key=_order):
                used.setdefault(name)
    return {plain(name): printer.of(name) for name in used if name in definitions}


def _order(name: Symbol) -> tuple[str, int, str]:
    letter, _, index = plain(name).partition("_")
    return letter, int(index) if index.isdecimal() else 0, index
