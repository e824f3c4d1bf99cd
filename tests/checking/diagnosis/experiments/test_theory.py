"""What is asked of a function, and which of its answers count."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.experiments.theory import BlackBox, Theory
from softmax_cli.checking.inputs import Array, Inputs, Kind, Sought
from softmax_cli.core.formula.functions import softmax
from softmax_cli.errors import InputError

ROWS = Inputs.of([[0.3, -1.0, 2.0], [1.2, 0.1, -0.4], [0.0, 1.0, 2.0]])


def box_of(answers: Callable[[Inputs], Array], kind: Kind = "probabilities", **box: Any) -> BlackBox:
    """Return a function as diagnosis asks it."""
    return BlackBox(Sought("softmax", kind), answers, **box)


def some_nan(inputs: Inputs) -> Array:
    """Return softmax, nan where the first logit is positive."""
    return np.where(inputs.z[:, :1] > 0.0, np.nan, softmax(inputs.z))


def refused(inputs: Inputs) -> Array:
    """Take nothing."""
    raise InputError("no")


def test_answers_that_are_no_numbers_are_left_out() -> None:
    """One row of three is left; of a batch, whose rows may have got into one another, none."""
    alone = box_of(some_nan).ask(ROWS._replace(batch=False))
    assert alone is not None
    assert alone.got.shape == (1, 3)
    assert np.array_equal(alone.q.inputs.z, ROWS.z[2:])
    assert box_of(some_nan, batch=True).ask(ROWS) is None
    assert box_of(lambda inputs: np.full(inputs.z.shape, np.nan)).ask(ROWS.rows([0])) is None
    assert box_of(refused).ask(ROWS) is None


def test_a_loss_stands_in_every_class() -> None:
    """So that it is compared as any answer of one number a class."""
    found = BlackBox(Sought("cross-entropy", "loss"), lambda inputs: inputs.z[:, :1]).ask(
        ROWS._replace(target=np.array([0, 1, 2]))
    )
    assert found is not None
    assert np.array_equal(found.got, np.repeat(ROWS.z[:, :1], 3, axis=1))


@pytest.mark.parametrize(
    ("box", "shapes", "temperatures"),
    [
        ({}, [(4, 5), (4, 3)], {1.0}),
        ({"temperature": True}, [(4, 5), (4, 3)], {2.0, 0.6, 3.1, 1.0}),
        ({"temperature": True, "batch": True}, [(4, 5), (5, 5), (3, 3)], {2.0}),
        ({"classes": 6}, [(4, 6), (4, 6)], {1.0}),
    ],
)
def test_it_is_asked_as_it_can_be(
    box: dict[str, Any], shapes: list[tuple[int, int]], temperatures: set[float]
) -> None:
    """With several T where it takes one, as many rows as classes in a batch, its own number of classes."""
    asked = list(box_of(refused, "vjp", **box).first())
    assert [(one.n, one.k) for one in asked] == shapes
    assert set(asked[0].temperature.tolist()) == temperatures
    assert all(one.batch == box.get("batch", False) for one in asked)
    assert all(one.vector is not None and (one.vector == 0.0).any() for one in asked)


def test_a_target_that_is_written_in_is_asked_alone() -> None:
    """At first, and where causes are tested."""
    fixed = BlackBox(Sought("cross-entropy", "gradient"), refused, fixed=2)
    for one in (*fixed.first(), *fixed.held_out(), fixed.far()):
        assert one.target is not None
        assert set(one.target.tolist()) == {2}


def test_far_logits_are_others_where_causes_are_tested() -> None:
    """One lies far from the rest in each row, at another class and another distance."""
    seen, unseen = (box_of(refused).far(seen=one) for one in (True, False))
    assert {*np.abs(seen.z).argmax(axis=1).tolist()} == {3}
    assert {*np.abs(unseen.z).argmax(axis=1).tolist()} == {1}
    assert unseen.z[:, 1] == pytest.approx(0.83 * seen.z[:, 3])


def test_a_theory_is_held_to_the_rounding_that_it_is_allowed() -> None:
    """Relative to each entry, for all entries, or of some of them alone."""
    evidence = box_of(lambda inputs: softmax(inputs.z)).ask(ROWS)
    assert evidence is not None
    nothing = Cause("", "", "", "")

    def off(by: float) -> Callable[[Any], Array]:
        return lambda q: softmax(q.z) * (1.0 + by)

    assert Theory(nothing, off(0.0)).explains(evidence)
    assert not Theory(nothing, off(1e-6)).explains(evidence)
    assert Theory(nothing, off(1e-6), loose=2e-6).explains(evidence)
    assert Theory(nothing, off(1e-6), absolute=2e-6).explains(evidence)
    assert not Theory(nothing, off(1e-6), absolute=2e-8).explains(evidence)
    assert Theory(nothing, off(1e-6), of=lambda q: np.zeros(q.z.shape, bool)).explains(evidence)
    assert not Theory(nothing, lambda q: q.g).explains(evidence)
    assert not Theory(nothing, off(0.0), holds=lambda _: False).explains(evidence)
