"""The .py file that the user named: run, and what in it can be checked."""

from __future__ import annotations

import difflib
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

from softmax_cli.checking.calling.code.objects import methods_of, owner_of, subject_of_method
from softmax_cli.checking.calling.code.running import LIMITS, LateError, as_line, run
from softmax_cli.checking.calling.code.subject import Subject
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.errors import InputError


def split_name(word: str) -> tuple[str, str | None] | None:
    """Return (FILE.py, NAME) of ``FILE.py:NAME``, (FILE.py, None) of ``FILE.py``, None of anything else.

    Examples
    --------
    >>> split_name("my_layer.py:softmax"), split_name("my_jacobian.csv")
    (('my_layer.py', 'softmax'), None)
    """
    if word.endswith(".py"):
        return word, None
    path, colon, name = word.rpartition(":")
    return (path, name) if colon and path.endswith(".py") else None


def load(path: str, name: str | None, *, constructor: tuple[Any, ...] | None = None) -> list[Subject]:
    """Run a .py file and return what NAME is: a function, or the methods of a class that can be checked.

    Without a name, everything in the file whose name or source speaks of softmax, or of a derivative; no
    other function is called.

    Parameters
    ----------
    path, name
        As the user wrote them; NAME may be CLASS.METHOD.
    constructor
        The arguments that an object of the class is made with, where they are given.

    Raises
    ------
    InputError
        Where the file is missing or does not import, or has no such name.
    """
    if not os.path.isfile(path):
        raise InputError("is a directory, not a file" if os.path.isdir(path) else "no such file", where=path)
    module = _run(path)
    if name:
        return of_name(module, path, name, constructor)
    found = [subject for own in _own(module) for subject in _tried(module, path, own) if _is_ours(subject)]
    if not found:
        hint = f"{path}:NAME; {_instead(_own(module), 'function')}"
        raise InputError("has nothing that can be checked", where=path, hint=hint)
    return found


def of_object(it: Any, *, constructor: tuple[Any, ...] | None = None) -> list[Subject]:
    """Return what a Python object is as something to check: a function, a class, or an object of one.

    Raises
    ------
    InputError
        Where it is nothing that can be called.
    """
    function = getattr(it, "__func__", it)
    name = getattr(it, "__qualname__", None) or type(it).__name__
    name = name.rpartition("<locals>.")[2]
    try:
        path = inspect.getsourcefile(function if inspect.isroutine(function) else type(it)) or ""
    except TypeError:
        path = ""
    owner = getattr(it, "__self__", None)
    first, _, method = name.rpartition(".")
    home = getattr(inspect.getmodule(it), first, None) if inspect.isfunction(it) else None
    if isinstance(home, type) and getattr(home, method, None) is it:
        return [subject_of_method(home, method, path, name, constructor=constructor)]
    if inspect.ismethod(it) and not isinstance(owner, type):
        return [subject_of_method(owner, it.__name__, path, name)]
    return _subjects(it, path, name, constructor)


def of_name(module: ModuleType, path: str, name: str, constructor: tuple[Any, ...] | None) -> list[Subject]:
    """Return what a name of the module is.

    Raises
    ------
    InputError
        Where there is no such name, or it is nothing that can be called.
    """
    first, _, method = name.partition(".")
    if not hasattr(module, first):
        raise InputError(f"has no {first!r}", where=path, hint=_instead(_own(module), "function", first))
    it = getattr(module, first)
    if not method:
        return _subjects(it, path, name, constructor)
    if not hasattr(owner_of(it), method):
        hint = _instead(methods_of(owner_of(it)), "method", method)
        raise InputError(f"{first} has no {method!r}", where=path, hint=hint)
    return [subject_of_method(it, method, path, name, constructor=constructor)]


def _subjects(it: Any, path: str, name: str, constructor: tuple[Any, ...] | None) -> list[Subject]:
    methods, is_class = methods_of(owner_of(it)), isinstance(it, type)
    if isinstance(it, ModuleType) or not (callable(it) or methods):
        raise InputError(f"{name!r} is {type(it).__name__}, not a function", where=path)
    if is_class and not methods:
        what = f"class {name} has no method that can be checked"
        raise InputError(what, where=path, hint="forward and backward")
    if not is_class and (inspect.isroutine(it) or isinstance(it, partial) or not methods):
        return [Subject.of(it, path, name)]
    return [subject_of_method(it, one, path, f"{name}.{one}", constructor=constructor) for one in methods]


def _is_ours(subject: Subject) -> bool:
    """Return whether a subject is worth a call: user code without any softmax is left alone."""
    evidence = SourceEvidence.of(subject)
    return not evidence.foreign and (evidence.named or evidence.exponential)


def _tried(module: ModuleType, path: str, name: str) -> list[Subject]:
    try:
        return of_name(module, path, name, None)
    except InputError:
        return []


def _run(path: str) -> ModuleType:
    folder = os.path.dirname(os.path.abspath(path))
    stem = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(stem, path)
    if spec is None or spec.loader is None:
        raise InputError("is no Python file", where=path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[stem] = module
    sys.path.insert(0, folder)
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader = spec.loader
    try:
        run(lambda: loader.exec_module(module), "the file", path)
    except LateError:
        raise InputError(
            f"does not import within {LIMITS.seconds:g} s: it works when it is imported",
            where=path,
            hint='put what it does under if __name__ == "__main__":, or --timeout',
        ) from None
    except InputError as error:
        if error.__cause__ is None:
            raise
        raise _does_not_import(path, error.__cause__) from error.__cause__
    finally:
        sys.dont_write_bytecode = written
    return module


def _does_not_import(path: str, error: BaseException) -> InputError:
    if isinstance(error, SyntaxError):
        return InputError(
            f"{type(error).__name__}: {error.msg}", where=f"{_as_named(error.filename, path)}:{error.lineno}"
        )
    return as_line(error, "does not import:", path)


def _as_named(filename: str | None, path: str) -> str:
    """Return the user's own name for a file of theirs."""
    if filename is None or os.path.abspath(filename) == os.path.abspath(path):
        return path
    return filename


def _own(module: ModuleType) -> list[str]:
    """Return the names of the module's own functions, classes and callable objects, in their order."""
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        if callable(value) and getattr(value, "__module__", None) == module.__name__
        if isinstance(value, type) or _takes_something(value)
    ]


def _takes_something(value: Callable[..., Any]) -> bool:
    try:
        return bool(inspect.signature(value).parameters)
    except (TypeError, ValueError):
        return True


def _instead(known: list[str], what: str, word: str = "") -> str:
    """Return the name that was meant by a word, or the names that there are."""
    near = difflib.get_close_matches(word, known, 1)
    return f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known[:8]) or f'no {what}'}"
