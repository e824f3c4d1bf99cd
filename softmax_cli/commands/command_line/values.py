"""Reading the values of options: numbers, counts, one of a list; and which options go together.

An option arrives as text, so that its error quotes what was written. No typer here: a command that has
nothing to parse starts without it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.core.functions import Function

Word = TypeVar("Word", str, "str | None")


def positive(text: str, option: str) -> float:
    """Return the number that an option like ``--temperature`` holds.

    Raises
    ------
    InputError
        Unless it is a finite number above 0.
    """
    number = _number(text)
    if not 0.0 < number < float("inf"):
        raise InputError(f"{text!r} is not a finite number above 0", where=option)
    return number


def whole(text: str | None, option: str) -> int | None:
    """Return the count that an option like ``--top`` holds, or None where it is not given.

    Raises
    ------
    InputError
        Unless it is a whole number from 1 to 999,999,999.
    """
    return None if text is None else _whole(text, option, " above 0", least=1)


def count(text: str, option: str) -> int:
    """Return the whole number, 0 among them, that an option like ``--seed`` holds.

    Raises
    ------
    InputError
        Unless it is a whole number from 0 to 999,999,999.
    """
    return _whole(text, option, "", least=0)


def not_negative(text: str, option: str) -> float:
    """Return the finite number, 0 among them, that an option like ``--l2`` holds.

    Raises
    ------
    InputError
        Unless it is one.
    """
    number = _number(text)
    if not 0.0 <= number < float("inf"):
        raise InputError(f"{text!r} is not a finite number of at least 0", where=option)
    return number


def _number(text: str) -> float:
    """Return the number, or nan where it is none."""
    from softmax_cli.io.cells.numbers import NotANumberError, read_number

    try:
        return read_number(text)
    except NotANumberError:
        return float("nan")


def _whole(text: str, option: str, which: str, *, least: int) -> int:
    if not re.fullmatch(r"0*[0-9]{1,9}", text) or int(text) < least:
        raise InputError(f"{text!r} is not a whole number{which}", where=option)
    return int(text)


def one_of(word: Word, known: Sequence[str], option: str, noun: str | None = None) -> Word:
    """Return a word that is among those known, or None where the option is not given.

    The error calls what is chosen by the `noun`, or by the option's name where that is one.

    Raises
    ------
    InputError
        Where it is not.
    """
    if word is not None and word not in known:
        from softmax_cli.io.cells.wording import unknown

        raise unknown(word, known, noun or option.lstrip("-"), where=option)
    return word


def function(name: str, target: str | None) -> Function:
    """Return the line of the function table that ``--function`` names.

    Parameters
    ----------
    name
        What the option says.
    target
        The option that gives the true class, or None.

    Raises
    ------
    InputError
        For an unknown name; and unless a target is given exactly where the function needs one.
    """
    from softmax_cli.core.functions import FUNCTIONS, losses

    found = FUNCTIONS.get(name)
    if found is None:
        raise InputError(f"no function {name!r}", where="--function", hint=f"one of {', '.join(FUNCTIONS)}")
    if found.scalar and target is None:
        raise InputError(f"{name} needs the true class", hint="--target CLASS or --target-column COLUMN")
    if target is not None and not found.scalar:
        raise InputError(f"{name} takes no target", where=target, hint=f"--function {losses()[0]}")
    return found


def at_most_one(**given: bool) -> None:
    """Refuse options that exclude each other, named by their keywords."""
    chosen = [f"--{name.replace('_', '-')}" for name, value in given.items() if value]
    if len(chosen) > 1:
        raise InputError(f"{' and '.join(chosen)} do not go together")


def need_logits(logits: list[str] | None, example: str) -> list[str]:
    """Return the words of the command line, or refuse to wait for a person to type a CSV file."""
    if not logits and (sys.stdin is None or sys.stdin.isatty()):
        raise InputError("no logits: give numbers, name a file, or pipe one in", hint=example)
    return logits or []
