"""SymPy's own verdict."""

from dataclasses import replace

import pytest

from softmax_cli.tutor.derive import derive
from softmax_cli.tutor.narratives.general import general
from softmax_cli.tutor.notation import parsed
from softmax_cli.tutor.proof import UnprovedError
from softmax_cli.tutor.sympy_check import EQUAL, verdicts
from tests.tutor.cases import ROUTES


@pytest.mark.parametrize(("function", "route"), ROUTES)
def test_sympy_agrees_with_every_line(function: str, route: str) -> None:
    """SymPy's simplifier finds every line equal too, at K = 2."""
    derivation = derive(function, 2, 0, 1, temperature=True, route=route)
    assert set(verdicts(derivation).values()) == {EQUAL}


def test_sympy_agrees_with_the_general_lines() -> None:
    """It says so of the lines for K classes, put to it for three."""
    assert set(verdicts(general("softmax")).values()) == {EQUAL}


def test_sympy_refuses_a_wrong_line() -> None:
    """A line that SymPy finds wrong is never shown."""
    derivation = derive("softmax", 2, 0, 0)
    wrong = replace(derivation.steps[-1], rhs=parsed("-p_1"))
    with pytest.raises(UnprovedError):
        verdicts(replace(derivation, steps=(*derivation.steps[:-1], wrong)))
