"""Functions of tests/cases/files/wrong.py, as diagnosis asks them: without the search for a way to call."""

from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from typing import Any, NamedTuple, get_args

import numpy as np

from softmax_cli.checking.diagnosis.experiments.theory import BlackBox
from softmax_cli.checking.inputs import Array, Inputs, Kind, Sought
from softmax_cli.errors import InputError

WRONG = Path(__file__).parent.parent / "cases" / "files" / "wrong.py"


class Wrong(NamedTuple):
    """One of the functions, and what its docstring says: softmax vjp z g batch: WORDS OF THE CAUSE."""

    function: Callable[..., Any]
    box: BlackBox
    words: str


def wrong_functions() -> list[Wrong]:
    """Return every function of the file that has a docstring."""
    found = [value for value in run_path(str(WRONG)).values() if callable(value) and value.__doc__]
    return [_read(function) for function in found]


def _read(function: Callable[..., Any]) -> Wrong:
    how, _, words = str(function.__doc__).partition(": ")
    name, kind, *given = how.split()
    assert kind in get_args(Kind)
    batch = "batch" in given
    takes_t = "temperature" in function.__code__.co_varnames
    sought = Sought(name, kind)  # type: ignore[arg-type]
    taken = [one for one in given if one != "batch"]
    return Wrong(function, subject_of(sought, function, taken, batch=batch, temperature=takes_t), words)


def subject_of(
    sought: Sought,
    function: Callable[..., Any],
    given: list[str],
    *,
    batch: bool = False,
    temperature: bool = False,
) -> BlackBox:
    """Return a function that takes z, g, y, or a one-hot y, in this order, as a subject."""

    def called(inputs: Inputs, rows: Any) -> Array:
        target = None if inputs.target is None else inputs.target[rows]
        values: dict[str, Any] = {
            "z": inputs.z[rows].copy(),
            "g": None if inputs.vector is None else inputs.vector[rows].copy(),
            "y": target,
            "onehot": None if target is None else np.eye(inputs.k)[target],
        }
        named = {"temperature": float(np.ravel(inputs.temperature[rows])[0])} if temperature else {}
        with np.errstate(all="ignore"):
            return np.asarray(function(*(values[name] for name in given), **named), np.float64)

    def answers(inputs: Inputs) -> Array:
        try:
            if batch:
                return called(inputs, slice(None))
            return np.stack([called(inputs, i) for i in range(inputs.n)])
        except (ValueError, IndexError) as error:
            raise InputError(str(error)) from error

    return BlackBox(sought, answers, temperature=temperature, batch=batch)
