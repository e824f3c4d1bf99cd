"""The source of a function, as text: its code, what is said in it, its file, its numbers."""

import inspect
import io
import textwrap
import tokenize
from collections.abc import Iterator
from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

from softmax_cli.checking.calling.code.subject import Subject

_LARGEST = 1000
"""A function written for more classes than this is not asked."""


def helpers_of(function: Any) -> list[Any]:
    """Return the functions of its own file that a function calls by name."""
    code = getattr(function, "__code__", None)
    names = () if code is None else code.co_names
    around = getattr(function, "__globals__", {})
    found = [around.get(name) for name in names]
    return [one for one in found if getattr(one, "__module__", "") == getattr(function, "__module__", None)]


def source_of(function: Any) -> tuple[str, str]:
    """Return a function's code without comments and strings, and its comments and docstrings.

    A function is read once, however many methods stand on it or call it.
    """
    if not inspect.isfunction(function):
        return _read(function)
    if function not in _SOURCES:
        _SOURCES[function] = _read(function)
    return _SOURCES[function]


_SOURCES: WeakKeyDictionary[FunctionType, tuple[str, str]] = WeakKeyDictionary()
"""What was read of functions, while they are there."""


def _read(function: Any) -> tuple[str, str]:
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError, IndentationError):
        return "", inspect.getdoc(function) or ""
    code: list[str] = []
    text = [inspect.getcomments(function) or ""]
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            quoted = token.string.startswith(('"""', "'''", 'r"""'))
            if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and quoted):
                text.append(token.string)
            else:
                code.append(token.string)
    except (tokenize.TokenError, IndentationError):
        return source, ""
    return _joined(code), "\n".join(text)


def file_of(function: Any) -> str:
    """Return the text of the file that a function is in, where it can be read."""
    try:
        return "".join(inspect.findsource(function)[0])
    except (OSError, TypeError, IndexError):
        return ""


def _joined(tokens: list[str]) -> str:
    """Return tokens as code again, with a space where two words meet."""
    joined = ""
    for token in tokens:
        joined += " " + token if joined[-1:].isalnum() and token[:1].isalnum() else token
    return joined


def sizes_in(subject: Subject) -> list[int]:
    """Return the whole numbers that a subject is written with: one may be its number of classes."""
    functions = [subject.function, *subject.before_it]
    functions += [helper for function in functions for helper in helpers_of(function)]
    found: set[int] = set()
    for function in functions:
        around = getattr(function, "__globals__", {})
        owner = around.get(getattr(function, "__qualname__", "").partition(".")[0])
        made = getattr(owner, "__init__", None) if isinstance(owner, type) else None
        for one in (function, made):
            code = getattr(one, "__code__", None)
            if code is not None:
                found.update(_flat((code.co_consts, tuple(map(around.get, code.co_names)))))
    return sorted(number for number in found if 2 <= number <= _LARGEST)


def _flat(constants: tuple[Any, ...]) -> Iterator[int]:
    """Yield the whole numbers among constants, and in tuples of them."""
    for constant in constants:
        if isinstance(constant, tuple):
            yield from _flat(constant)
        elif type(constant) is int:
            yield constant
