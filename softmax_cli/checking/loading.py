"""Somebody's function, found in the .py file that the user named, and its parameters read."""

import difflib
import importlib.util
import inspect
import os
import sys
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any

from softmax_cli.checking.inputs import Kind
from softmax_cli.checking.user_function import Theirs, quietly
from softmax_cli.errors import InputError

_TEMPERATURE = frozenset({"temperature", "temp", "tau", "t", "T"})
_TARGET = frozenset(
    {"target", "targets", "label", "labels", "y", "y_true", "true_class", "class_index", "index"}
)
_ONE_HOT = frozenset({"onehot", "one_hot", "y_onehot", "y_one_hot", "target_one_hot"})


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


def load(path: str, name: str | None, kind: Kind) -> Theirs:
    """Run a .py file and return its function NAME.

    Raises
    ------
    InputError
        Where the file is missing or does not import, has no such function, or the function wants arguments
        that check does not know.
    """
    if not os.path.isfile(path):
        raise InputError("is a directory, not a file" if os.path.isdir(path) else "no such file", where=path)
    module = _run(path)
    function = _find(module, path, name)
    theirs = Theirs(path, name or "", function, kind)
    _read_signature(theirs)
    return theirs


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
    with quietly():
        try:
            spec.loader.exec_module(module)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise _does_not_import(path, error) from error
        finally:
            sys.dont_write_bytecode = written
    return module


def _does_not_import(path: str, error: BaseException) -> InputError:
    if isinstance(error, SyntaxError):
        return InputError(
            f"{type(error).__name__}: {error.msg}", where=f"{_as_named(error.filename, path)}:{error.lineno}"
        )
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if os.path.abspath(frame.filename) == os.path.abspath(path)]
    where = f"{path}:{own[-1].lineno}" if own else path
    said = " ".join(str(error).split())
    return InputError(f"does not import: {type(error).__name__}" + (f": {said}" if said else ""), where=where)


def _as_named(filename: str | None, path: str) -> str:
    """Return the user's own name for a file of theirs."""
    if filename is None or os.path.abspath(filename) == os.path.abspath(path):
        return path
    return filename


def _find(module: ModuleType, path: str, name: str | None) -> Callable[..., Any]:
    functions = [
        key
        for key, value in vars(module).items()
        if callable(value)
        and not key.startswith("_")
        and getattr(value, "__module__", None) == module.__name__
    ]
    if not name:
        names = ", ".join(functions[:8]) or "no function"
        raise InputError("which function?", where=path, hint=f"{path}:NAME; the file has {names}")
    if not hasattr(module, name):
        near = difflib.get_close_matches(name, functions, 1)
        said = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(functions[:8]) or 'no function'}"
        raise InputError(f"has no {name!r}", where=path, hint=said)
    function = getattr(module, name)
    if not callable(function):
        raise InputError(f"{name!r} is {type(function).__name__}, not a function", where=path)
    if isinstance(function, type):
        raise InputError(
            f"{name!r} is a class, not a function",
            where=path,
            hint=f"add a function that calls it: def derivative(z): return {name}().jacobian(z)",
        )
    found: Callable[..., Any] = function
    return found


def _read_signature(theirs: Theirs) -> None:
    try:
        parameters = list(inspect.signature(theirs.function).parameters.values())
    except (TypeError, ValueError):
        return  # a builtin: it gets z, and the vector
    positional = 2 if theirs.kind in ("vjp", "jvp") else 1
    taken = 0
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if taken < positional and parameter.kind is not parameter.KEYWORD_ONLY:
            taken += 1
            continue
        _assign(theirs, parameter)


def _assign(theirs: Theirs, parameter: inspect.Parameter) -> None:
    name = parameter.name
    required = parameter.default is parameter.empty
    if theirs.target is None and (name in _TARGET or name in _ONE_HOT or (name == "t" and required)):
        theirs.target, theirs.one_hot = name, name in _ONE_HOT
    elif theirs.temperature is None and name in _TEMPERATURE:
        theirs.temperature = name
    elif required:
        raise InputError(
            f"{theirs.name} has a parameter {name!r} that check does not know",
            where=theirs.path,
            hint="check passes z (and g for a vjp or jvp), and by name: temperature, target",
        )
