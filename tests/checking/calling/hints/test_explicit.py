"""``--call``: read as a call, and never run."""

import pytest

from softmax_cli.checking.calling.code.subject import Parameter
from softmax_cli.checking.calling.hints.explicit import Argument, explicit, forced
from softmax_cli.checking.calling.hints.roles import Option
from softmax_cli.errors import InputError


def test_arguments_are_roles_and_plain_values() -> None:
    """By position and by name; .T for samples in columns."""
    said = explicit("f(p.T, g, axis=-1)")
    assert said.arguments == (
        Argument("p", turned=True),
        Argument("g"),
        Argument("constant", "axis", -1),
    )
    assert said.constructor is None


def test_a_constructor_is_given_plain_values() -> None:
    """Before the method."""
    said = explicit("Softmax(3, name='a').backward(g)")
    assert said.constructor == ([3], {"name": "a"})
    assert said.method == "backward"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("f", "is no call"),
        ("f(", "is no call"),
        ("f(w)", "'w' is no name"),
        ("f(__import__('os').system('true'))", "is no plain value"),
        ("f(z + 1)", "is no plain value"),
    ],
)
def test_anything_else_is_refused(text: str, said: str) -> None:
    """With the names that there are."""
    with pytest.raises(InputError, match=said):
        explicit(text)


PARAMETERS = [
    (0, Parameter("z")),
    (1, Parameter("g")),
    (1, Parameter("axis", None)),
]
OPEN: list[tuple[Option, ...]] = [(Option("z"), Option("p")), (Option("g"),), (Option("skip"),)]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("f(p)", ["p", "skip"]),
        ("f(p, -1)", ["p", "constant"]),
        ("f(axis=-1, g=g)", ["g", "constant"]),
        ("f(g, axis=1)", ["g", "constant"]),
    ],
)
def test_what_is_said_is_given_to_the_last_stage(text: str, roles: list[str]) -> None:
    """By name or in order; what comes before is left open, and what may be left out is."""
    first, *last = forced(PARAMETERS, OPEN, 1, explicit(text))
    assert first == OPEN[0]
    assert [[option.role for option in one] for one in last] == [[role] for role in roles]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("f(axis=1)", "'g' is given nothing"),
        ("f(g, 1, 2)", "more arguments"),
        ("f(g, dim=1)", "more arguments"),
    ],
)
def test_too_many_arguments_and_too_few_are_refused(text: str, said: str) -> None:
    """A parameter that nothing is said of, and an argument that has no parameter."""
    with pytest.raises(InputError, match=said):
        forced(PARAMETERS, OPEN, 1, explicit(text))
