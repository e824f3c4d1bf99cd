"""Reading the values of options, numbers, counts and choices; and which options exclude each other.

Options arrive as text, so that errors quote what was written. Values that do not fit are refused. No typer
here: a command with nothing to parse starts without it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.core.functions import Function


def positive(text: str, option: str) -> float:
    """Read a finite number above 0, as for ``--temperature``."""
    number = _number(text)
    if not 0.0 < number < float("inf"):
        raise InputError(f"{text!r} is not a finite number above 0", where=option)
    return number


def whole(text: str, option: str) -> int:
    """Read a whole number from 1 to 999,999,999, as for ``--top``."""
    return _whole(text, option, " above 0", least=1)


def count(text: str, option: str) -> int:
    """Read a whole number from 0 to 999,999,999, as for ``--seed``."""
    return _whole(text, option, "", least=0)


def not_negative(text: str, option: str) -> float:
    """Read a finite number of at least 0, as for ``--l2``."""
    number = _number(text)
    if not 0.0 <= number < float("inf"):
        raise InputError(f"{text!r} is not a finite number of at least 0", where=option)
    return number


def _number(text: str) -> float:
    """Return the number, or nan for any other text."""
    from softmax_cli.io.cells.numbers import NotANumberError, read_number

    try:
        return read_number(text)
    except NotANumberError:
        return float("nan")


def _whole(text: str, option: str, which: str, *, least: int) -> int:
    if re.fullmatch(r"0*[1-9][0-9]{9,}", text):
        raise InputError(f"{text[:20]!r} is more than 999,999,999", where=option)
    if not re.fullmatch(r"0*[0-9]{1,9}", text) or int(text) < least:
        raise InputError(f"{text!r} is not a whole number{which}", where=option)
    return int(text)


def one_of(word: str, option: str, known: Sequence[str], noun: str = "") -> str:
    """Return a word if it is a known one; the error calls it a `noun`, or else by the option's name."""
    if word not in known:
        from softmax_cli.io.cells.wording import unknown

        raise unknown(word, known, noun or option.lstrip("-"), where=option)
    return word


def function(name: str, target: str | None) -> Function:
    """Return the entry of the function that ``--function`` names.

    `target` is the option that gives the true class, or None; only a loss may have one, and it needs one.
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


def given(**values: object) -> list[str]:
    """Return the options that are given; each keyword names one, not given if it is None or False.

    >>> given(top_k="3", top_p=None, steps=False, log=True)
    ['--top-k', '--log']
    """
    names = [name for name, value in values.items() if value is not None and value is not False]
    return [f"--{name.replace('_', '-')}" for name in names]


def at_most_one(**values: object) -> None:
    """Refuse more than one of several options, named as for `given`."""
    chosen = given(**values)
    if len(chosen) > 1:
        raise InputError(f"{' and '.join(chosen)} do not go together")


def need_logits(logits: list[str] | None, example: str) -> list[str]:
    """Return the words of the command line; without any, refuse to wait for a person to type a CSV file."""
    if not logits and (sys.stdin is None or sys.stdin.isatty()):
        raise InputError("no logits: give numbers, name a file, or pipe one in", hint=example)
    return logits or []
