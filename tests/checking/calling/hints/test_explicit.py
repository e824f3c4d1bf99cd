"""``--call``: read as a call, and never run."""

import pytest

from softmax_cli.checking.calling.hints.explicit import Argument, explicit
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
