"""What each statement of a file changes and reads, whatever its style."""

from pathlib import Path

import pytest

from softmax_cli.checking.trace.statements import SourceStatement, statements


def read(source: str, tmp_path: Path) -> dict[int, tuple[SourceStatement, ...]]:
    """Return the statements of a file by line."""
    path = tmp_path / "theirs.py"
    path.write_text(source)
    return statements(str(path))


@pytest.mark.parametrize(
    ("source", "targets", "stored", "reads"),
    [
        ("p = e / s", ["p"], [], ["e", "s"]),
        ("p: float = e", ["p"], [], ["e", "float"]),
        ("p /= s", ["p"], [], ["p", "s"]),
        ("a, (b, *c) = f(z)", ["a", "b", "c"], [], ["f", "z"]),
        ("J[i, j] = p[i]", ["J"], ["J"], ["J", "i", "j", "p"]),
        ("J[i][j] -= p", ["J"], ["J"], ["J", "i", "j", "p"]),
        ("self.out = p", ["self.out"], [], ["p", "self"]),
        ("return self.out * g", [], [], ["self.out", "self", "g"]),
        ("out.append(p)", ["out", "p"], ["out", "p"], ["out", "p", "out.append"]),
        ("np.fill_diagonal(J, v)", ["np", "J"], ["np", "J"], ["np", "J", "v", "np.fill_diagonal"]),
        ("np.exp(z, out=e)", ["np", "z", "e"], ["np", "z", "e"], ["np", "np.exp", "z", "e"]),
        ("print('x')", [], [], ["print"]),
    ],
)
def test_what_a_statement_changes_and_reads(
    source: str, targets: list[str], stored: list[str], reads: list[str], tmp_path: Path
) -> None:
    """Names, attributes of names, and what is changed in place by an index or a call."""
    ((one,),) = read(source, tmp_path).values()
    assert list(one.targets) == targets
    assert one.stored == frozenset(stored)
    assert one.reads == frozenset(reads)
    assert one.returns == source.startswith("return")


def test_each_line_knows_its_statements(tmp_path: Path) -> None:
    """Of several on one line the left one first; of one on several lines each of them, its text on one."""
    found = read("a = 1; b = 2\nif a:\n    c = (a +\n         b)\n", tmp_path)
    assert [one.targets for one in found[1]] == [("a",), ("b",)]
    assert 2 not in found
    assert found[3] == found[4]
    (whole,) = found[3]
    assert (whole.number, whole.last, whole.source) == (3, 4, "c = (a + b)")
