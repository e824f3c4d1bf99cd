"""Every transcript in tests/cases: the command prints what the file says, and ends as it says."""

import shutil
from pathlib import Path

import pytest

from tests.cases import FILES, Case, paths
from tests.program import DATA, Ended, alike, shell


def run(case: Case, folder: Path) -> Ended:
    """Run the command of a case in a folder with copies of the data."""
    shutil.copytree(DATA, folder)
    shutil.copytree(FILES, folder, dirs_exist_ok=True)
    return shell(case.command, cwd=folder)


@pytest.mark.parametrize("path", paths(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path: Path, tmp_path: Path) -> None:
    """The command leaves exactly what its transcript says."""
    case = Case.parse(path.read_text(encoding="utf-8"))
    ended = run(case, tmp_path / "case")
    if not alike(ended.stdout, case.ended.stdout):
        assert ended.stdout == case.ended.stdout
    assert (ended.stderr, ended.code) == (case.ended.stderr, case.ended.code)


def test_alike() -> None:
    """Only the last digits of a number with all its digits may differ."""
    assert alike("p 0.8807970779778824,1", "p 0.8807970779778823,1")
    assert alike("1.5203297995912855e-14", "1.5203297995912857e-14")
    right = "softmax is right: to\n{}.\n\nThe largest errors:\n  of\n  {}\n\nderive 1 --of {} --wrt 3\n"
    assert alike(right.format("3.9e-16", "1", "a"), right.format("2.2e-16", "2", "b"))
    assert alike("0.1: a difference of -1.4e-17.", "0.1: a difference of 2.8e-17.")
    for shown, expected in (
        (right.format("3.9e-16", "1", "a"), right.format("3.9e-12", "1", "a")),
        (
            right.format("3.9e-16", "1", "a"),
            right.format("3.9e-16", "1", "a").replace("derive 1", "derive 2"),
        ),
        ("0.1: a difference of 2.8e-17.", "0.2: a difference of 2.8e-17."),
        ("2.8e-17", "2.9e-17"),
        ("0.8807970779778824", "0.8807970779798824"),
        ("0.8807970779778824,1", "0.8807970779778824,2"),
        ("1.5203297995912855e-14", "1.5203297995912855e-15"),
        ("0.6842", "0.6843"),
        ("-0.8807970779778824", "0.8807970779778824"),
        ("a", "b"),
    ):
        assert not alike(shown, expected)


def test_case_text_round_trip() -> None:
    """A case reads back from its own text, with and without lines in stdout and stderr."""
    for ended in (Ended("", "", 0), Ended("1\n2\n", "softmax: no\nhint: yes\n", 2), Ended("", "x\n", 70)):
        case = Case("# About.", "softmax", ended)
        assert Case.parse(case.text()) == case
