"""What ``softmax practice --read`` and ``--mark`` say about one line."""

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from softmax_cli.core.formula.lines.indices import IndexNames
from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.core.formula.printing import latex, sympy_text, text
from softmax_cli.errors import ExitCode, FormulaError, InputError
from softmax_cli.tutor.functions import NARRATIVES

if TYPE_CHECKING:
    from softmax_cli.commands.practice.command import PracticeOptions
    from softmax_cli.tutor.exercises.goal import Goal
    from softmax_cli.tutor.exercises.marking import Mark
    from softmax_cli.tutor.exercises.naming.known import NamedMistake

_TABLES = {
    "softmax": "softmax_jacobian",
    "log-softmax": "log_softmax_jacobian",
    "sigmoid": "sigmoid_jacobian",
    "cross-entropy": "cross_entropy_gradient",
}
"""The tables of `check`'s catalogue that hold mistakes in a derivative."""


def read_back(line: str, asked: "PracticeOptions") -> int:
    """Say how a line is read, and return the exit code."""
    try:
        node = read_line(line, _setting(asked))
    except FormulaError as error:
        if asked.json:
            write({"ok": False, "message": _said(error), "column": error.column + 1})
            return ExitCode.BAD_INPUT
        raise _pointing(line, error, "--read") from error
    read_as = text(node, asked.names)
    if asked.json:
        k = len(asked.names) or None
        sympy, tex = sympy_text(node, k), latex(node, asked.names)
        write({"ok": True, "sympy": sympy, "text": read_as, "latex": tex})
    else:
        print(f"read as {read_as}")  # noqa: T201
    return ExitCode.OK


def marked(line: str, asked: "PracticeOptions") -> int:
    """Mark a line, and return the exit code."""
    from softmax_cli.tutor.exercises.marking import mark

    goal = _goal(asked)
    found = mark(line, goal, asked.after, known=lambda: known_mistakes(goal))
    if asked.json:
        keys = ("verdict", "cause", "message", "read_as")
        write({key: getattr(found, key) for key in keys})
    elif found.verdict == "unread":
        said = found.message.rstrip(".")
        said = said[:1].lower() + said[1:] if said[1:2].isalpha() else said
        error = FormulaError(said, column=found.column or 0, hint=found.hint)
        raise _pointing(line, error, "--mark")
    else:
        _tell(found)
    return {"wrong": ExitCode.DIFFERENT, "unread": ExitCode.BAD_INPUT}.get(found.verdict, ExitCode.OK)


def _setting(asked: "PracticeOptions") -> IndexNames:
    """Return the names to read a line with."""
    classes = asked.names
    if not classes:
        return IndexNames(())

    def number(word: str | None, option: str) -> int | None:
        if word is None:
            return None
        from softmax_cli.io.table.class_lookup import find_class

        return find_class(word, classes, where=option) + 1

    return IndexNames(classes, number(asked.of, "--of"), number(asked.wrt, "--wrt"))


def _goal(asked: "PracticeOptions") -> "Goal":
    """Return the derivative, or refuse options that do not name one."""
    from softmax_cli.tutor.exercises.goal import Goal

    function, heated = asked.function, asked.temperature != 1.0
    if function not in NARRATIVES:
        what, hint = f"no derivation of {function!r} to practise", f"one of {', '.join(NARRATIVES)}"
        raise InputError(what, where="--function", hint=hint)
    if not asked.general:
        setting = _setting(asked)
        if setting.of is None or setting.wrt is None:
            raise InputError("which derivative is it?", where="--mark", hint="--of CLASS --wrt CLASS")
        return Goal(function, setting.of, setting.wrt, asked.names, heated)
    goal = Goal(function, 0, 0, ())
    if heated or not goal.lines:
        what = f"no general derivation of {function}" + " with a temperature" * heated
        raise InputError(what, where="--general", hint="--of CLASS --wrt CLASS")
    if (asked.of or "i", asked.wrt or "j") != ("i", "j"):
        raise InputError("the classes are called i and j", where="--general", hint="without --of and --wrt")
    return goal


@lru_cache(maxsize=8)
def known_mistakes(goal: "Goal") -> "list[NamedMistake]":
    """Return the entries of `check`'s catalogue that are mistakes in this derivative."""
    from softmax_cli.checking.catalogue.tables import rows
    from softmax_cli.tutor.exercises.drawing import reason
    from softmax_cli.tutor.exercises.naming.known import known_mistake

    found = []
    for row in rows(_TABLES[goal.function]):
        one = known_mistake(goal, row["id"], row["formula"], reason(row))
        if one is not None:
            found.append(one)
    return found


def _tell(found: "Mark") -> None:
    sign = {"right": "v", "done": "v", "no-progress": "="}.get(found.verdict, "x")
    print(f"    read as {found.read_as}\n {sign}  {found.message}")  # noqa: T201


def _said(error: FormulaError) -> str:
    return error.what if error.hint is None else f"{error.what} ({error.hint})"


def _pointing(line: str, error: FormulaError, option: str) -> FormulaError:
    """Add the place in the line to an error."""
    rest = line[error.column : error.column + 12]
    where = f"{option}: column {error.column + 1}" + (f", at {rest!r}" if rest else "")
    return FormulaError(error.what, column=error.column, where=where, hint=error.hint)


def write(found: dict[str, Any]) -> None:
    """Write an object on a line of its own."""
    print(json.dumps(found, ensure_ascii=False), flush=True)  # noqa: T201  the result
