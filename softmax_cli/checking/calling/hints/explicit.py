"""``--call 'f(p, g)'``: a way of calling that the user gives, read as a call and never run as code."""

import ast
from typing import Any, NamedTuple

from softmax_cli.checking.calling.code.subject import Parameter
from softmax_cli.checking.calling.hints.roles import Option
from softmax_cli.errors import InputError

_ROLES = {
    "z": "z",
    "logits": "z",
    "p": "p",
    "logp": "log p",
    "log_p": "log p",
    "g": "g",
    "v": "g",
    "y": "index",
    "onehot": "one-hot",
    "i": "i",
    "j": "j",
    "T": "T",
}
_WHERE = "--call"
_HINT = "names: z, p, logp, g, y, onehot, i, j, T; and plain values, as in f(p, g, axis=1)"


class Argument(NamedTuple):
    """One argument of a call: a role or a constant, by position or by name; ``.T`` for columns."""

    role: str
    name: str | None = None
    constant: Any = None
    turned: bool = False


class Explicit(NamedTuple):
    """A call as the user wrote it: the arguments of a constructor, if there is one, and of the function.

    Of a method that is called on an object, also its name.
    """

    arguments: tuple[Argument, ...]
    constructor: tuple[list[Any], dict[str, Any]] | None = None
    method: str | None = None


def explicit(text: str) -> Explicit:
    """Read a call.

    Raises
    ------
    InputError
        Where the text is no call, or an argument is neither a known name nor a plain value.

    Examples
    --------
    >>> [argument.role for argument in explicit("f(p, g)").arguments]
    ['p', 'g']
    >>> explicit("Softmax(3).backward(g)").constructor
    ([3], {})
    """
    try:
        call = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        raise InputError(f"{text!r} is no call", where=_WHERE, hint="--call 'f(p, g)'") from None
    if not isinstance(call, ast.Call):
        raise InputError(f"{text!r} is no call", where=_WHERE, hint="--call 'f(p, g)'")
    constructor = method = None
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(owner, ast.Call) and isinstance(call.func, ast.Attribute):
        method = call.func.attr
        constructor = (
            [_plain(a) for a in owner.args],
            {k.arg or "": _plain(k.value) for k in owner.keywords},
        )
    arguments = [_argument(node, None) for node in call.args]
    arguments += [_argument(keyword.value, keyword.arg) for keyword in call.keywords]
    return Explicit(tuple(arguments), constructor, method)


def forced(
    parameters: list[tuple[int, Parameter]], choices: list[tuple[Option, ...]], last: int, call: Explicit
) -> list[tuple[Option, ...]]:
    """Return the options of all parameters once the user has said what those of the last stage get.

    Raises
    ------
    InputError
        Where the call has too many arguments, or too few.
    """
    positional = [argument for argument in call.arguments if argument.name is None]
    named = {argument.name: argument for argument in call.arguments if argument.name is not None}
    found = []
    for (stage, parameter), open_ in zip(parameters, choices, strict=True):
        if stage != last:
            found.append(open_)
        elif parameter.name in named:
            found.append((_as_option(named.pop(parameter.name)),))
        elif positional and not parameter.by_name:
            found.append((_as_option(positional.pop(0)),))
        elif parameter.required:
            raise InputError(f"{parameter.name!r} is given nothing", where="--call")
        else:
            found.append((Option("skip"),))
    if positional or named:
        raise InputError("gives more arguments than the function takes", where="--call")
    return found


def _as_option(argument: Argument) -> Option:
    return Option(argument.role, 0.0, argument.constant)


def _argument(node: ast.expr, name: str | None) -> Argument:
    if isinstance(node, ast.Attribute) and node.attr == "T" and isinstance(node.value, ast.Name):
        return _argument(node.value, name)._replace(turned=True)
    if isinstance(node, ast.Name):
        if node.id in _ROLES:
            return Argument(_ROLES[node.id], name)
        raise InputError(f"{node.id!r} is no name that check knows", where=_WHERE, hint=_HINT)
    return Argument("constant", name, _plain(node))


def _plain(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        raise InputError(f"{ast.unparse(node)!r} is no plain value", where=_WHERE, hint=_HINT) from None
