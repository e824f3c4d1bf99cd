"""Practice: a run in a pipe, at a terminal, and what must not be loaded for it."""

import json

import pytest

from tests.program import shell


def test_every_exercise_is_verified() -> None:
    """--verify derives every line, solves every exercise and breaks every one."""
    ended = shell("softmax practice --verify -f json")
    found = json.loads(ended.stdout)
    assert ended.code == 0
    assert found["exercises"] > 100
    assert found["unsolved"] == found["unbroken"] == []


def test_neither_sympy_nor_numpy_is_loaded_to_mark_a_line() -> None:
    """Reading, marking and naming are exact arithmetic alone."""
    script = (
        "import sys; from softmax_cli.commands.app import run; "
        "code = run(['practice', '--mark', 'p1 p2', '--of', '1', '--wrt', '2', '-f', 'json']); "
        "print(code, 'sympy' in sys.modules, 'numpy' in sys.modules)"
    )
    assert shell(f'python -c "{script}"').stdout.endswith("1 False False\n")


@pytest.mark.parametrize(
    ("answers", "code"),
    [("", 1), ("skip\n", 1), ("quit\n", 1), ("\\0\\n\\xff\\xfe\n", 1), ("1\n2\n", 0)],
)
def test_the_exit_code_says_whether_all_was_done(answers: str, code: int) -> None:
    """0 when every exercise of the run was done, else 1; bytes that are no text are unread, no more."""
    ended = shell(f"printf '{answers}' | softmax practice calibration --seed 0")
    assert ended.code == code
    assert "Traceback" not in ended.stderr
