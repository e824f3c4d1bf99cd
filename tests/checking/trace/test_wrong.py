"""The line that is wrong, as somebody reads it."""

from pathlib import Path
from runpy import run_path

import numpy as np
import pytest

from softmax_cli.checking.diagnosis.experiments.theory import BlackBox
from softmax_cli.checking.inputs import Sought
from softmax_cli.checking.trace.lines import SourceLine
from softmax_cli.checking.trace.wrong import trace_right, trace_wrong
from tests.checking.asked import WRONG, Wrong, subject_of, wrong_functions

BY_NAME = {wrong.function.__name__: wrong for wrong in wrong_functions()}
SOURCE = WRONG.read_text().splitlines()


def last(name: str) -> SourceLine:
    """Return the line that is told to be wrong."""
    lines = trace_wrong(BY_NAME[name].box, str(WRONG), "their formula")
    assert lines is not None
    return lines[-1]


@pytest.mark.parametrize("wrong", BY_NAME.values(), ids=list(BY_NAME))
def test_every_wrong_function_has_one_wrong_line_and_it_is_the_last(wrong: Wrong) -> None:
    """All before it hold what they should; each is a line of the file."""
    lines = trace_wrong(wrong.box, str(WRONG))
    assert lines
    assert [line.expected is not None for line in lines] == [False] * (len(lines) - 1) + [True]
    assert all(SOURCE[line.number - 1].strip() in line.source for line in lines)


@pytest.mark.parametrize(
    ("name", "source", "holds", "expected"),
    [
        ("p_twice", "return sm(sm(z))", "p, given as logits", "z"),
        ("p_rootk", "return sm(z / math.sqrt(len(z)))", "0.447214 times z, given as logits", "z"),
        ("j_eps", "p = sm(z) + 1e-8", "p + 1e-08", "p"),
        ("c_smooth", "t[y] += 0.9", "(0.02, 0.92, 0.02, 0.02, 0.02)", "y: 1 at the target, 0 elsewhere"),
        ("j_loop", "J[i, j] = p[i]", "diag(p)", "J_ij = p_i (d_ij - p_j)"),
        ("c_twice", "return (p - t) * p * (1 - p)", "(p - y) p (1 - p)", "dL/dz_j = (p_j - y_j)"),
        ("v_plusp", "return g * p + p", "their formula", "p_j (g_j - sum_i g_i p_i)"),
        ("pb_all", "return e / np.sum(e)", "p, normalised over the whole batch", "p"),
        ("s_nested", "return v / v.sum() ** 2", "their formula", "p"),
        ("s_loops", "out[i] = p[i] * 2", "their formula", "p"),
        ("s_inplace", "z /= z.sum() * 2", "their formula", "p"),
        ("p_tmul", "return sm(z * temperature)", "2 times z, given as logits", "z / T"),
    ],
)
def test_the_line_is_named_with_what_it_holds_and_should(
    name: str, source: str, holds: str, expected: str
) -> None:
    """In loops, through helper functions and in batches."""
    line = last(name)
    assert (line.source, line.holds) == (source, holds)
    assert line.expected is not None
    assert line.expected.startswith(expected)


def test_a_loop_that_stops_early_holds_the_answer_only_in_part() -> None:
    """What is filled is right; 9 of 25 entries are not."""
    assert last("j_offone").holds.endswith("but only in 16 of 25 entries")


def written(source: str, path: Path, *, batch: bool = False) -> BlackBox:
    """Return a function f of z, written to a file, as one that is to return probabilities."""
    path.write_text(f"import numpy as np\n{source}")
    function = run_path(str(path))["f"]
    return subject_of(Sought("softmax", "probabilities"), function, ["z"], batch=batch)


def test_a_right_function_shows_its_lines(tmp_path: Path) -> None:
    """Each with what it holds, at the first row that is asked; None where nothing can be seen."""
    path = tmp_path / "theirs.py"
    box = written("def f(z):\n    e = np.exp(z - z.max())\n    return e / e.sum()\n", path)
    lines = trace_right(box, str(path))
    assert lines is not None
    assert [(line.number, line.holds) for line in lines] == [(3, "exp(z - max z)"), (4, "p")]
    assert trace_right(box, str(WRONG)) is None


def test_in_a_batch_the_line_is_found_that_the_rest_is_right_of(tmp_path: Path) -> None:
    """Exponentials that are wrong, normalised row by row."""
    path = tmp_path / "theirs.py"
    source = "def f(z):\n    e = np.exp(z) + 1\n    return e / e.sum(axis=1, keepdims=True)\n"
    lines = trace_wrong(written(source, path, batch=True), str(path))
    assert lines is not None
    assert [(line.number, line.holds, line.expected) for line in lines] == [(3, "exp(z) + 1", "exp(z)")]


def test_compiled_code_cannot_be_seen(tmp_path: Path) -> None:
    """No line of any file runs: None, and the plain report is shown."""
    wrong = BY_NAME["v_nodot"]
    assert trace_wrong(wrong.box, str(tmp_path / "elsewhere.py")) is None


def test_a_right_function_is_wrong_nowhere() -> None:
    """Nothing to show."""
    formula = BY_NAME["v_nodot"].box

    def answers(inputs):  # type: ignore[no-untyped-def]
        p = np.exp(inputs.z) / np.exp(inputs.z).sum(axis=1, keepdims=True)
        return p * (inputs.vector - (p * inputs.vector).sum(axis=1, keepdims=True))

    right = BlackBox(formula.sought, answers)
    assert trace_wrong(right, str(WRONG)) is None
