"""The one row that a command is about."""

from pathlib import Path

import pytest

from softmax_cli.commands.running.pipeline import one_row
from softmax_cli.errors import InputError
from softmax_cli.io.options import ReadOptions


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    """Write five rows in two files: 0, 1 and 2, then 3 and 4."""
    (tmp_path / "a.csv").write_text("0,9\n1,9\n2,9\n")
    (tmp_path / "b.csv").write_text("3,9\n4,9\n")
    return [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]


@pytest.mark.parametrize("row", [1, 3, 4, 5])
def test_a_row_has_its_number_in_all_the_files(paths: list[str], row: int) -> None:
    """Rows are counted on from file to file."""
    found = one_row(paths, ReadOptions(), row, quiet=True)
    assert found.values.tolist() == [[row - 1, 9.0]]


def test_a_row_that_is_not_there_or_not_chosen_is_an_error(paths: list[str]) -> None:
    """It says how many there are, or that one has to be chosen."""
    with pytest.raises(InputError, match=r"^--row: there is no row 6 among 5 rows$"):
        one_row(paths, ReadOptions(), 6, quiet=True)
    with pytest.raises(InputError, match=r"a\.csv: there are several rows$"):
        one_row(paths, ReadOptions(), None, quiet=True)
