"""Objects: how one is made, which of its methods run first, and which can be checked."""

from __future__ import annotations

import dis
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from softmax_cli.checking.calling.code.subject import CallStage, Parameter, Subject, parameters_of
from softmax_cli.checking.calling.hints.roles import plain_name
from softmax_cli.errors import InputError

_FORWARDS = (
    *("forward", "__call__", "call", "fprop", "fwd", "forward_pass", "feedforward", "activate", "softmax"),
    *("apply", "compute", "calculate", "predict", "function", "value", "evaluate", "activation", "loss"),
    *("fn", "f", "updateOutput", "run"),
)
"""The names of methods that run before a derivative is asked for, the likeliest first."""
_DERIVATIVE = re.compile(
    r"grad|deriv|prime|(?:^|_)der(?:_|$)|backward|backprop|bwd|bprop|^back|jac|vjp|jvp|delta|^d_|differen|^d(?:softmax|z|x|f)$"
)
_SIZES = frozenset(
    {"k", "n", "c", "size", "dim", "units", "n_classes", "num_classes", "classes", "n_class", "n_out"}
)
_SIZE = re.compile(r"size|classes|units|neurons|inputs?$|outputs?$|_in$|_out$|features|shape|dims?$")
_ARGUMENTS: dict[str, Any] = {
    "axis": -1,
    "dim": -1,
    "name": "softmax",
    "eps": 0.0,
    "epsilon": 0.0,
    "reduction": "mean",
    "lr": 0.1,
    "learning_rate": 0.1,
    "trainable": True,
    "dtype": float,
}
"""What a constructor is given for parameters that have no default."""
_WEIGHTS = frozenset(("w", "weights", "weight", "kernel", "theta"))
_BIASES = frozenset(("b", "bias", "biases"))
_TEMPERATURES = frozenset(("temperature", "temp", "tau", "t"))


def methods_of(owner: type) -> list[str]:
    """Return the methods of a class that may be checked: its forward, and all named as derivatives."""
    names = [name for name in _members(owner) if not name.startswith("_") or name == "__call__"]
    derivatives = [name for name in names if _DERIVATIVE.search(plain_name(name))]
    forward = _forward(names, derivatives)
    others = [name for name in names if "softmax" in name.lower() and name not in (*derivatives, forward)]
    return [*([] if forward is None else [forward]), *others, *derivatives]


def _forward(names: list[str], derivatives: list[str]) -> str | None:
    """Return the method that runs before a derivative: by its name, or else the first that is none."""
    others = [name for name in names if name not in derivatives]
    usual = (*_FORWARDS, *(name for name in others if "forward" in name))
    return next((name for name in usual if name in others), None)


def owner_of(it: Any) -> type:
    """Return a class itself, or the class of an object."""
    return it if isinstance(it, type) else type(it)


def subject_of_method(
    it: Any, method: str, path: str, name: str, *, constructor: tuple[Any, ...] | None = None
) -> Subject:
    """Return a method of a class or an object as something to check, after the forward that it stands on.

    Raises
    ------
    InputError
        Where the constructor wants what is not known.
    """
    owner = owner_of(it)
    function = inspect.getattr_static(owner, method)
    if isinstance(function, (staticmethod, classmethod)):
        bound = getattr(owner, method)
        stage = CallStage.of(bound, method)
        if stage.context and _DERIVATIVE.search(plain_name(method)) and hasattr(owner, "forward"):
            before = CallStage.of(owner.forward, "forward")
            return Subject(name, path, (before, stage), None, bound)
        return Subject.of(bound, path, name)._replace(stages=(stage,))
    stage = CallStage.of(function, method, method=True)
    earlier = _before(owner, method)
    sources = tuple(inspect.getattr_static(owner, one.name) for one in earlier)
    make, tempered = (lambda k, t: it), None
    weights: dict[str, None] = {}
    if owner is it:
        make, tempered = _maker(owner, path, constructor, weights)
    batched = any(base.__module__.startswith("torch.nn") for base in owner.__mro__)
    return Subject(name, path, (*earlier, stage), make, function, tempered, sources, batched, weights)


def _before(owner: type, method: str) -> tuple[CallStage, ...]:
    """Return the forward stage that a derivative stands on; none for a forward."""
    if not _DERIVATIVE.search(plain_name(method)):
        return ()
    own = re.sub("backward", "forward", re.sub("backprop", "forwardprop", method))
    forward = own if own != method and own in _members(owner) else _forward(_members(owner), [method])
    if forward is None:
        return ()
    function = inspect.getattr_static(owner, forward)
    if isinstance(function, (staticmethod, classmethod)):
        return ()
    return (CallStage.of(function, forward, method=True),)


def _is_stub(function: Any) -> bool:
    """Return whether a method only says that its subclasses have to be written: no way through it returns."""
    code = getattr(function, "__code__", None)
    if code is None or "NotImplementedError" not in code.co_names:
        return False
    return not any(step.opname.startswith("RETURN") for step in dis.get_instructions(code))


def _members(owner: type) -> list[str]:
    """Return the functions of a class and of its bases, but for the language's and a framework's own."""
    found: dict[str, None] = {}
    for base in owner.__mro__:
        if base.__module__.partition(".")[0] in ("builtins", "torch", "abc", "typing"):
            continue
        for name, value in vars(base).items():
            is_method = inspect.isfunction(value) or isinstance(value, (staticmethod, classmethod))
            if is_method and not _is_stub(inspect.getattr_static(owner, name)):
                found[name] = None
    if any(base.__module__.partition(".")[0] == "torch" for base in owner.__mro__):
        found.pop("__call__", None)
    return list(found)


def _maker(
    owner: type, path: str, constructor: tuple[Any, ...] | None, weights: dict[str, None]
) -> tuple[Callable[[int, float], Any], str | None]:
    """Return what makes an object of a class, and the name of the parameter that takes the temperature."""
    if constructor is not None:
        positional, named = constructor
        return lambda k, t: owner(*positional, **named), None
    parameters = _constructor_parameters(owner)
    tempered = next((p.name for p in parameters if plain_name(p.name) in _TEMPERATURES), None)
    required = [p for p in parameters if p.required]
    unknown = [p.name for p in required if not _is_known(p)]
    if unknown:
        names = " and ".join(repr(name) for name in unknown)
        raise InputError(
            f"class {owner.__name__} is made with {names}, which check does not know",
            where=path,
            hint=f"--call '{owner.__name__}(...).backward(g)' says how",
        )

    def make(k: int, t: float) -> Any:
        values = [(p, _ARGUMENTS.get(plain_name(p.name), k)) for p in required if p.name != tempered]
        positional = [] if tempered is not None else [value for p, value in values if not p.by_name]
        named = {p.name: value for p, value in values if p.by_name or tempered is not None}
        it = owner(*positional, **named, **({} if tempered is None else {tempered: t}))
        if values:  # it is made for k classes
            weights.update(dict.fromkeys(_made_plain(it, k)))
        return it

    return make, tempered


def _made_plain(it: Any, k: int) -> Iterator[str]:
    """Let an object's weights hand on what it is given, biases be 0, and yield the names of the weights."""
    for name, value in vars(it).items() if hasattr(it, "__dict__") else ():
        shape = value.shape if isinstance(value, np.ndarray) else ()
        if plain_name(name) in _WEIGHTS and shape == (k, k):
            setattr(it, name, np.eye(k))
            yield name
        elif plain_name(name) in _BIASES and shape and set(shape) <= {1, k}:
            setattr(it, name, np.zeros(shape))


def _constructor_parameters(owner: type) -> tuple[Parameter, ...]:
    constructor = inspect.getattr_static(owner, "__init__")
    return () if constructor is object.__init__ else parameters_of(constructor, method=True)


def _is_known(parameter: Parameter) -> bool:
    name = plain_name(parameter.name)
    return name in _ARGUMENTS or name in _TEMPERATURES or name in _SIZES or bool(_SIZE.search(name))
