"""The hint of every error, followed, leads to the right result."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases import FOLDER, Case, prepared
from tests.program import shell

UNFOLLOWED = {
    "torch-file": "needs torch",
    "pickle-file": "needs a pickle that is trusted",
    "chain-unknown": "followed by test_filtering",
    "method-unknown": "followed by test_sampled",
    "noise-missing": "followed by test_sampled",
    "noise-zero": "followed by test_sampled",
    "top-p-above-one": "followed by test_filtering",
    "top-p-zero": "followed by test_filtering",
    "topic-of": "followed by test_derive",
}
"""Errors of other rooms, and those whose hint needs what is not there."""

BLOCKS = [
    block.splitlines()
    for block in (FOLDER / "followed.txt").read_text(encoding="utf-8").strip().split("\n\n")[1:]
]


def test_every_hint_is_followed() -> None:
    """Each hint of an error case has a line of its own, or a reason why it has none."""
    known = [(name, hint) for block in BLOCKS for name, _, hint in [block[0].partition(": ")]]
    for path in sorted((FOLDER / "errors").glob("*.case")):
        stderr = Case.parse(path.read_text(encoding="utf-8")).ended.stderr
        for line in stderr.splitlines():
            if line.startswith("hint: ") and path.stem not in UNFOLLOWED:
                followed = any(path.stem == name and line[6:].startswith(hint) for name, hint in known)
                assert followed, f"{path.stem}: {line}"


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block[0])
def test_hints_mend(block: list[str], tmp_path: Path) -> None:
    """The command that follows the hint gives what another one gives without it."""
    folder = prepared(tmp_path / "case")
    followed, other = (shell(line[2:], cwd=folder) for line in block[1:])
    assert (followed.stdout, followed.code) == (other.stdout, 0), followed.stderr
