"""Code as people wrote it: right is right however it wants to be called, and wrong has its true cause."""

import json
from pathlib import Path

import pytest

from softmax_cli.checking.calling.code.loading import load
from softmax_cli.checking.calling.finding import find
from softmax_cli.checking.calling.hints.readings import Wanted
from softmax_cli.checking.check import Conditions

CODE = Path(__file__).parent / "user_code"
EXPECTED: dict[str, dict[str, str]] = json.loads(CODE.with_suffix(".json").read_text())
"""What must be said of each function of each file: right, and how it is called; or wrong, why and where."""


@pytest.mark.parametrize(
    ("file", "name", "said"),
    [(file, name, said) for file, names in EXPECTED.items() for name, said in names.items()],
)
def test_what_is_said_of_it(file: str, name: str, said: str) -> None:
    """The verdict, the way of calling of what is right, the cause of what is wrong, and its line if given."""
    (subject,) = load(str(CODE / file), name)
    found = find(subject, Wanted(), Conditions())
    verdict, words = found.verdict, said.partition(": ")[2]
    if said.startswith("right"):
        assert verdict.passed
        assert verdict.called == words
    else:
        assert not verdict.passed
        cause, _, line = words.partition(" in ")
        assert verdict.diagnosis.causes[0].id == cause
        assert not line or (verdict.lines and line == verdict.lines[-1].source)
