"""What a line holds is said by name, else by its few numbers; loops are read as what they fill."""

import numpy as np
import pytest

from softmax_cli.checking.inputs import Array, Inputs, Sought
from softmax_cli.checking.trace.judge import Judge, ValueReading
from softmax_cli.checking.trace.recorder import Record
from softmax_cli.core.formula.functions import softmax

Z = np.array([[1.43, -0.4, 0.23]])
P = softmax(Z, 1)[0]
J = np.diag(P) - np.outer(P, P)


def judge_at(temperature: float) -> Judge:
    """Return a judge of Jacobians."""
    return Judge(Sought("softmax", "jacobian"), Inputs.of(Z, temperature))


def read(*runs: Array, sources: tuple[Record, ...] = (), temperature: float = 1.0) -> ValueReading | None:
    """Return what a name holds that was given these values, one run after another."""
    record = Record(None)
    record.values["x"] = [np.asarray(run, np.float64) for run in runs]
    record.sources.extend(sources)
    return judge_at(temperature).read(record)


@pytest.mark.parametrize(
    ("runs", "holds", "right", "known"),
    [
        ([P], "p", True, True),
        ([J], "J = (diag(p) - p p^T)", True, True),
        ([softmax(P[None], 1)[0]], "softmax(p): softmax is applied twice", False, True),
        ([P[0], P[1], P[2]], "p, one after another", True, True),
        (list(J.ravel()), "J = (diag(p) - p p^T), one after another", True, True),
        ([[0.125, 3.25, 7.5]], "(0.125, 3.25, 7.5)", False, False),
        ([0.12345678], "0.1235", False, False),
        ([np.arange(6.0) ** 2], "(0, 1, 4, 9, 16, 25)", False, False),
        ([np.arange(7.0) ** 2], "no known quantity", False, False),
        ([np.arange(4.0).reshape(2, 2)], "no known quantity", False, False),
    ],
)
def test_a_value_is_named_or_its_numbers_are_told(
    runs: list[Array], holds: str, right: bool, known: bool
) -> None:
    """Right where it is a step on the way, known where people compute it by mistake."""
    found = read(*runs)
    assert found is not None
    assert (found.holds, found.right, found.known) == (holds, right, known)


@pytest.mark.parametrize("value", [np.zeros(3), np.eye(3), np.full(3, 0.25), -np.ones((3, 3)), np.array(1.0)])
def test_a_buffer_holds_nothing_yet(value: Array) -> None:
    """Zeros, ones and a single number throughout are no quantity of the logits."""
    assert read(value) is None


def test_what_has_no_name_is_made_of_what_its_line_reads() -> None:
    """Of named quantities alone."""
    source = Record(None)
    source.values["p"] = [P]
    found = read(P * 1.25, sources=(source,))
    assert found is not None
    assert (found.holds, found.right, found.known) == ("1.25 times p", False, True)


def test_the_temperature_is_named_where_there_is_one() -> None:
    """At T = 1 nobody reads of a T."""
    found = read(Z[0] / 2.0, temperature=2.0)
    assert found is not None
    assert found.holds == "z / T"
    assert judge_at(2.0).formula.endswith(" / T")
    assert "T" not in judge_at(1.0).formula
