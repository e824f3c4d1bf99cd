"""Derivatives of several files."""

from pathlib import Path

import pytest

from tests.in_process import in_process


@pytest.mark.parametrize(("names", "code"), [("x.csv y.csv", 0), ("x.csv z.csv", 2), ("z.csv x.csv", 2)])
def test_rows_left_out_are_those_of_each_file(tmp_path: Path, names: str, code: int) -> None:
    """With a result for each file, rows left out are counted in each, and none may be empty."""
    for name, label in (("x", "a"), ("y", "b"), ("z", "none")):
        (tmp_path / f"{name}.csv").write_text(f"label,a,b\nnone,1,2\n{label},1,2\n")
    how = "--function cross-entropy --target-column label --ignore none -o out/"
    ended = in_process(f"softmax jacobian {names} {how}", tmp_path)
    assert ended.code == code
    said = ended.stderr.splitlines()
    assert said.count("softmax: note: left out: 1 row with the label none") == len(said) - (code != 0)
    assert said[-1].startswith("softmax: note" if code == 0 else "softmax: --ignore: every row")
