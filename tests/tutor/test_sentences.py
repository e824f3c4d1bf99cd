"""The reasons say what their own lines show."""

from collections.abc import Iterator

import pytest

from softmax_cli.tutor.derivation import Derivation, Step
from softmax_cli.tutor.derive import follow_ups
from softmax_cli.tutor.narratives.general import general
from tests.tutor.cases import derivations

SPOKEN = ("Prediction minus truth", "prediction minus truth", "what was derived:", "p (1 - p)", "Jacobian of")
"""Words that say a derivative in full, and so have to say 1/T where it is there."""


def told(*, temperature: bool) -> Iterator[Derivation]:
    """Yield derivations of every kind."""
    yield from derivations(3, temperature=temperature, pairs=[(0, 0), (0, 1)])
    yield from follow_ups(3, 0, 1, temperature=temperature)
    yield from (
        general(name, temperature=temperature) for name in ("softmax", "log-softmax", "cross-entropy")
    )


def words(step: Step) -> str:
    """Return a step's reason without its expressions."""
    return "".join(part if isinstance(part, str) else "_" for part in step.why)


@pytest.mark.parametrize("temperature", [False, True])
def test_the_temperature_is_in_the_sentence_where_it_is_in_the_line(temperature: bool) -> None:
    """A reason that says a derivative in words says "over T" or "1/T" exactly where T is written."""
    seen = 0
    for derivation in told(temperature=temperature):
        for step in derivation.walk():
            why = words(step)
            if any(spoken in why for spoken in SPOKEN):
                seen += 1
                assert ("over T" in why or "1/T" in why) == temperature, (derivation.id, step.id, why)
    assert seen >= 10
