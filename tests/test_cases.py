"""Every transcript in tests/cases: the command prints what the file says, and ends as it says."""

from pathlib import Path

import pytest

from tests.cases import Case, paths, prepared
from tests.program import Ended, shell
from tests.transcript import alike


@pytest.mark.parametrize("path", paths(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path: Path, tmp_path: Path) -> None:
    """The command leaves exactly what its transcript says."""
    case = Case.parse(path.read_text(encoding="utf-8"))
    folder = prepared(tmp_path / "case")
    ended = shell(case.command, cwd=folder)
    if not alike(ended.stdout, case.ended.stdout):
        assert ended.stdout == case.ended.stdout
    assert (ended.stderr, ended.code) == (case.ended.stderr, case.ended.code)


def test_case_text_round_trip() -> None:
    """A case reads back from its own text, with and without lines in stdout and stderr."""
    for ended in (Ended("", "", 0), Ended("1\n2\n", "softmax: no\nhint: yes\n", 2), Ended("", "x\n", 70)):
        case = Case("# About.", "softmax", ended)
        assert Case.parse(case.text()) == case
