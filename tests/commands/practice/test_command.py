"""Practice: runs in a pipe and at a terminal, and what must not be imported for them."""

import json
import signal
from pathlib import Path

import pytest

from softmax_cli.tutor.exercises.skills import SKILLS
from tests.program import environment, shell
from tests.terminal import spawn


def test_every_exercise_is_verified() -> None:
    """--verify derives every line, solves every exercise and breaks every one."""
    ended = shell("softmax practice --verify -f json")
    found = json.loads(ended.stdout)
    assert ended.code == 0
    assert found["exercises"] > 100
    assert found["unsolved"] == found["unbroken"] == []


def test_neither_sympy_nor_numpy_is_loaded_to_mark_a_line() -> None:
    """Reading, marking and naming mistakes import neither SymPy nor numpy."""
    script = (
        "import sys; from softmax_cli.commands.app import run; "
        "code = run(['practice', '--mark', 'p1 p2', '--of', '1', '--wrt', '2', '-f', 'json']); "
        "print(code, 'sympy' in sys.modules, 'numpy' in sys.modules)"
    )
    assert shell(f'python -c "{script}"').stdout.endswith("1 False False\n")


def test_what_comes_next_is_told(tmp_path: Path) -> None:
    """After each exercise the next one is named, and after the last what is due when."""
    kept = tmp_path / "softmax" / "practice.json"
    kept.parent.mkdir()
    due = {"level": 1, "due": "2020-01-01"}
    later = {name: {"level": 1, "due": "2999-01-01"} for name in SKILLS}
    skills = {**later, "softmax-other": due, "softmax-same": {**due, "due": "2020-01-02"}}
    kept.write_text(json.dumps({"version": 1, "skills": skills}), "utf-8")
    answers = "-p_i p_j\\np_i (1 - p_i)\\n"
    ended = shell(f"printf -- '{answers}' | XDG_DATA_HOME={tmp_path} softmax practice")
    said = " ".join(ended.stdout.split())
    assert ended.code == 0
    assert "Next: the same with i = j, the last two lines blank." in said
    assert "Next, in 3 days: the same, which rule it is." in said
    assert json.loads(kept.read_text("utf-8"))["skills"]["softmax-same"]["level"] == 2


@pytest.mark.parametrize(
    ("answers", "code"),
    [("", 1), ("skip\n", 1), ("quit\n", 1), ("\\0\\n\\xff\\xfe\n", 1), ("1\n2\n", 0)],
)
def test_the_exit_code_says_whether_all_was_done(answers: str, code: int) -> None:
    """The exit code is 0 if every exercise was done, else 1; bytes that are not text are marked unread."""
    ended = shell(f"printf '{answers}' | softmax practice calibration --seed 0")
    assert ended.code == code
    assert "Traceback" not in ended.stderr


def test_a_conversation_at_a_terminal(tmp_path: Path) -> None:
    """A right line is followed by its rule; Ctrl-D and Ctrl-C end the run; fg shows again what was typed."""
    env = environment(XDG_DATA_HOME=str(tmp_path), TERM="dumb")
    talk = spawn("softmax", "practice", "softmax-other", "--seed", "3", env=env)
    talk.expect(" 2> ")
    talk.sendline("(0 S - e^z_fox e^z_cat)/S^2")
    talk.expect("Which rule gave it?")
    talk.expect("  > ")
    talk.sendline("substitution")
    talk.expect("Equals may be put for equals")
    talk.expect(" 3> ")
    talk.sendline("p_fox (1 - p_cat)")
    talk.expect("delta_ij is 0")
    talk.expect(" 4> ")
    talk.sendeof()
    talk.read()
    talk.close()
    assert talk.exitstatus == 1
    talk = spawn("softmax", "practice", "vjp", "--seed", "3", env=env)
    talk.expect(" 1> ")
    talk.send("0.1")
    talk.expect("0.1")
    talk.kill(signal.SIGCONT)
    talk.expect(" 1> 0.1")
    talk.sendintr()
    talk.read()
    talk.close()
    assert talk.exitstatus == 130
