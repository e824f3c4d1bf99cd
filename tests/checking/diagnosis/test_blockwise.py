"""An answer in two parts, each of which may have its own mistake."""

import numpy as np
import pytest

from softmax_cli.checking.catalogue.table import mistakes
from softmax_cli.checking.diagnosis.blockwise import one_part, parts
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.matching import Candidates
from softmax_cli.checking.inputs import Array, Inputs, Quantities, Sought

JACOBIAN = Sought("softmax", "jacobian")
Q = Quantities(Inputs.of([[1.43, -0.4, 0.23, 0.96], [0.3, 1.1, -0.5, 0.2]], 1.7))
CANDIDATES = Candidates.of(JACOBIAN, mistakes(JACOBIAN), Q)
P = Q.p
RIGHT_ON, RIGHT_OFF = P * (1.0 - P) / 1.7, -P[:, :, None] * P[:, None, :] / 1.7


def told(on: Array, off: Array) -> list[tuple[str, str]]:
    """Return the ids and titles for a Jacobian with this diagonal and these other entries."""
    got = np.where(np.eye(4) == 1.0, on[:, :, None] * np.ones(4), off)
    found = parts(CANDIDATES, Evidence.of(JACOBIAN, Q, got, None))
    assert all(np.allclose(one.answer(Q), got) for one in found)
    return [(one.cause.id, one.cause.title) for one in found]


@pytest.mark.parametrize(
    ("on", "off", "cause"),
    [
        (RIGHT_ON, 0.0 * RIGHT_OFF, ("zero-off-the-diagonal", "off the diagonal, every entry is 0")),
        (
            RIGHT_ON,
            2.0 * RIGHT_OFF,
            (
                "right-off-the-diagonal",
                "off the diagonal, the entries are 2 times the right ones: everything is doubled",
            ),
        ),
        (
            -RIGHT_ON,
            1.23 * RIGHT_OFF,
            (
                "right-on-the-diagonal-and-right-off-the-diagonal",
                "on the diagonal, the entries are -1 times the right ones: every sign is turned; "
                "off the diagonal, the entries are 1.23 times the right ones",
            ),
        ),
        (
            P + 0.0,
            0.0 * RIGHT_OFF,
            (
                "sum-held-constant-on-the-diagonal-and-zero-off-the-diagonal",
                "on the diagonal: p on the diagonal and nothing else: the sum is treated as a constant, "
                "times T; off the diagonal, every entry is 0",
            ),
        ),
    ],
)
def test_each_part_has_its_own_cause(on: Array, off: Array, cause: tuple[str, str]) -> None:
    """One alone where the other part is right, both in one where neither is."""
    assert cause in told(on, off)


def test_two_parts_are_mended_by_what_mends_each() -> None:
    """A fix that holds for both parts is said once, and two are both said."""
    got = np.where(np.eye(4) == 1.0, P[:, :, None] * np.ones(4), -3.0 * RIGHT_OFF)
    found = parts(CANDIDATES, Evidence.of(JACOBIAN, Q, got, None))
    fixes = [one.cause.fix.split("; ") for one in found]
    assert {len(fix) for fix in fixes} == {1, 2}
    assert all(len(set(fix)) == len(fix) for fix in fixes)


def test_an_answer_without_parts_has_none() -> None:
    """Probabilities are all of one formula."""
    evidence = Evidence.of(Sought("softmax", "probabilities"), Q, P, None)
    assert parts(CANDIDATES, evidence) == []
    assert one_part(CANDIDATES, evidence) == []


def test_a_part_is_told_alone_where_nothing_known_makes_the_other() -> None:
    """It is held to its own entries."""
    got = np.where(np.eye(4) == 1.0, 0.0, np.sin(np.arange(16.0).reshape(4, 4) ** 2 + P[:, :1, None]))
    (found,) = one_part(CANDIDATES, Evidence.of(JACOBIAN, Q, got, None))
    assert found.cause.title == "on the diagonal, every entry is 0; off the diagonal, no known mistake"
    assert found.explains(Evidence.of(JACOBIAN, Q, got + np.eye(4)[::-1], None))
    assert not found.explains(Evidence.of(JACOBIAN, Q, got + np.eye(4), None))
