"""What is checked: a function, or the stages of an object - made, run forward, run backward."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.calling.code.running import run

Arguments: TypeAlias = list[tuple[list[Any], dict[str, Any]]]
"""The positional arguments and the named ones of each stage."""
FROM_FORWARD = object()
"""Stands for the last of what the first stage returned: the cache that it hands on."""
EMPTY: Any = inspect.Parameter.empty
_CONTEXT = ("ctx", "context")
_OUTPUTS = ("out", "prob", "pred", "soft", "y", "a", "p", "s")


class Parameter(NamedTuple):
    """One parameter: its name, its default (``EMPTY`` where it is required), and whether it goes by name."""

    name: str
    default: Any = EMPTY
    by_name: bool = False

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is EMPTY


class CallStage(NamedTuple):
    """One call: its name, its parameters, and what is called, given the object.

    ``context`` says that it takes an autograd context first, which the subject provides.
    """

    name: str
    parameters: tuple[Parameter, ...]
    call: Callable[..., Any]
    context: bool = False

    @classmethod
    def of(cls, function: Callable[..., Any], name: str, *, method: bool = False) -> CallStage:
        """Return a stage that calls a function, or a method of the object that is handed to it."""
        parameters = parameters_of(function, method=method)
        context = bool(parameters) and parameters[0].name in _CONTEXT

        def call(owner: Any, *positional: Any, **named: Any) -> Any:
            called = getattr(owner, name) if method else function
            return called(*positional, **named)

        return cls(name, parameters[context:], call, context)


class Owner(NamedTuple):
    """The object a method was called on, what it held before, and whether it overwrote what came earlier.

    That is an array which the stage before had returned.
    """

    it: Any
    before: dict[str, Any]
    overwrote: bool = False

    def changed(self, given: Sequence[Any], *, derivative: bool) -> list[Any]:
        """Return what it now holds that it did not before, the likeliest answer first.

        What it was `given` is no answer. Where all that it holds is older, it was filled in place.
        """
        now = _held(self.it)
        new = [name for name in now if now[name] is not self.before.get(name)]
        own = [name for name in new if not any(now[name] is one for one in given)]

        def is_likely(name: str) -> bool:
            word = name.lower().lstrip("_")
            gradient = word.startswith("d") or "grad" in word
            return gradient if derivative else word.startswith(_OUTPUTS) and not gradient

        return [now[name] for name in sorted(own or now, key=is_likely, reverse=True)]


class Subject(NamedTuple):
    """Something that can be called with logits: the stages to go through, the last of which answers.

    Parameters
    ----------
    name
        As the user names it: ``softmax_backward``, ``Softmax.backward``.
    path
        The file it is in.
    stages
        What is called, one after the other, on one object where there is one.
    make
        Makes that object, given the number of classes and T; None for a plain function.
    function
        The function whose answer is read: for its source and its documentation.
    tempered
        The name of the constructor's parameter for the temperature, or None.
    batched
        Whether it is a layer of a framework, which always takes batches.
    before_it
        The functions of the stages before, for their sources.
    weights
        The object's weights, each the identity matrix, as they are found when it is made.
    values
        The class of numbers of an autograd that its file defines, as micrograd's Value; or None.
    """

    name: str
    path: str
    stages: tuple[CallStage, ...]
    make: Callable[[int, float], Any] | None = None
    function: Any = None
    tempered: str | None = None
    before_it: tuple[Any, ...] = ()
    batched: bool = False
    weights: dict[str, None] | None = None
    values: type | None = None

    @classmethod
    def of(cls, function: Callable[..., Any], path: str = "", name: str = "") -> Subject:
        """Return a plain function as a subject."""
        name = name or getattr(function, "__name__", type(function).__name__)
        return cls(name, path, (CallStage.of(function, name),), None, function, values=_values_of(function))

    @property
    def said(self) -> str:
        """The name of the last stage, as it stands in "called as backward(grad)"."""
        return self.stages[-1].name if self.make is not None else self.name

    @property
    def before(self) -> tuple[str, ...]:
        """The names of the stages before the last."""
        return tuple(stage.name for stage in self.stages[:-1])

    def run(self, calls: Sequence[Arguments], k: int, t: float = 1.0) -> tuple[Any, Owner]:
        """Go through the stages, once for each of the calls of one object, which is new.

        Returns
        -------
        tuple
            What the last stage gave at last, and the object with what it held before.

        Raises
        ------
        InputError
            Where the user's code raises, exits or does not return.
        """

        def go() -> tuple[Any, Owner]:
            owner = self.make(k, t) if self.make is not None else None
            return [self._stages(owner, arguments) for arguments in calls][-1]

        return run(go, self.name, self.path)

    def _stages(self, owner: Any, arguments: Arguments) -> tuple[Any, Owner]:
        context = Context()
        result: Any = None
        returned: list[tuple[NDArray[Any], NDArray[Any]]] = []
        before: dict[str, Any] = {}
        for stage, (positional, named) in zip(self.stages, arguments, strict=False):
            handed = result[-1] if isinstance(result, tuple) and result else result
            given = [handed if value is FROM_FORWARD else value for value in positional]
            before = dict(_held(owner))
            parts = result if isinstance(result, tuple) else (result,)
            returned = [(part, part.copy()) for part in parts if isinstance(part, np.ndarray)]
            result = stage.call(owner, *([context] if stage.context else []), *given, **named)
        return result, Owner(owner, before, any(is_changed(*pair) for pair in returned))


def is_changed(now: NDArray[Any], before: NDArray[Any]) -> bool:
    """Return whether an array holds other numbers than its copy from before."""
    if now.dtype.kind not in "fciub" or now.tobytes() == before.tobytes():
        return False
    return not np.array_equal(now, before, equal_nan=True)


class Context:
    """What an autograd-like Function keeps between forward and backward."""

    needs_input_grad = (True,) * 8

    def __init__(self) -> None:
        self.saved_tensors: tuple[Any, ...] = ()

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep what backward needs."""
        self.saved_tensors = tensors


def parameters_of(function: Callable[..., Any], *, method: bool = False) -> tuple[Parameter, ...]:
    """Return a function's parameters, without those that take any number of arguments, and without self."""
    try:
        found = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # a builtin
        return (Parameter("z"),)
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    named = inspect.Parameter.KEYWORD_ONLY
    kept = [Parameter(p.name, p.default, p.kind == named) for p in found if p.kind not in variable]
    if not kept and any(p.kind == inspect.Parameter.VAR_POSITIONAL for p in found):
        return (Parameter("z"),)
    return tuple(kept[1:] if method else kept)


def _values_of(function: Any) -> type | None:
    """Return the class of numbers that keep their gradient, with `backward`, in the file of a function."""
    around = getattr(function, "__globals__", {})
    own = [one for one in around.values() if isinstance(one, type) and one.__module__ == function.__module__]
    for one in own:
        made = getattr(getattr(one, "__init__", None), "__code__", None)
        keeps = made is not None and {"data", "grad"} <= {*made.co_names}
        if keeps and hasattr(one, "backward") and hasattr(one, "__mul__"):
            return one
    return None


def _held(owner: Any) -> dict[str, Any]:
    """Return what an object holds that could be an answer: attributes that are arrays or lists."""
    held = getattr(owner, "__dict__", {})
    return {
        name: value
        for name, value in held.items()
        if hasattr(value, "__len__") and not isinstance(value, str)
    }
