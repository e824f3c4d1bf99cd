"""Derivations that are no function's: sampled softmax and noise contrastive estimation."""

from dataclasses import replace

import pytest

from softmax_cli.core.formula.tree import Binary, Number
from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.derive import topic
from softmax_cli.tutor.functions import TOPICS
from softmax_cli.tutor.proof import UnprovedError, prove

EVERY = [(name, derivation) for name in TOPICS for derivation in topic(name, 3)]


@pytest.mark.parametrize("name", TOPICS)
@pytest.mark.parametrize("k", [2, 5])
def test_told_for_any_number_of_classes(name: str, k: int) -> None:
    """Every line is proved, however many classes stand for many."""
    assert all(derivation.steps for derivation in topic(name, k))


@pytest.mark.parametrize(("name", "derivation"), EVERY, ids=[f"{t}-{d.id}" for t, d in EVERY])
def test_no_wrong_line_passes(name: str, derivation: Derivation) -> None:
    """One more on the right-hand side of any line is found out."""
    for place, step in enumerate(derivation.steps):
        wrong = list(derivation.steps)
        wrong[place] = replace(step, rhs=Binary("+", step.rhs, Number(1)))
        definitions = dict(derivation.definitions)
        with pytest.raises(UnprovedError):
            prove(replace(derivation, steps=tuple(wrong), definitions=definitions))
