"""``softmax derive`` as a user runs it."""

import json
import re
from pathlib import Path

import pytest
import sympy

from tests.program import environment, shell
from tests.terminal import on_terminal, spawn
from tests.tutor.reader import Reader, lines

IRIS = "1.43 -0.4 0.23 --classes setosa,versicolor,virginica"


def documents(arguments: str) -> list[dict[str, object]]:
    """Return what ``softmax derive ARGUMENTS -f json`` writes, as a list."""
    ended = shell(f"softmax derive {arguments} -f json")
    assert ended.code == 0, ended.stderr
    found = json.loads(ended.stdout)
    return found if isinstance(found, list) else [found]


def test_without_anything_both_cases_for_three_classes() -> None:
    """`softmax derive` alone derives i = j and i != j for three classes, without numbers."""
    same, other = documents("")
    assert (same["of"], same["wrt"], other["of"], other["wrt"]) == ("1", "1", "1", "2")
    assert same["classes"] == ["1", "2", "3"]
    assert same["value"] is None
    assert same["check"] is None


def test_the_video_lesson() -> None:
    """The derivative of setosa's probability with respect to versicolor's logit, with numbers."""
    [document] = documents(f"{IRIS} --of setosa --wrt versicolor")
    ids = [step["id"] for step in document["steps"]]  # type: ignore[attr-defined]
    skeleton = (
        "definition naming quotient-rule f-prime g-prime substitute factor split recognise simplify join"
    )
    assert ids == skeleton.split()
    assert document["value"] == pytest.approx(-0.07508953348947563, rel=1e-15)
    by_id = {line["id"]: line["rhs"] for line in lines(document["steps"])}  # type: ignore[arg-type]
    assert by_id["substitute"] == "(0*s - e_1*e_2)/s**2"
    assert by_id["simplify"] == "-p_1*p_2"
    assert document["result"] == "p_1*(KroneckerDelta(1, 2) - p_2)"


@pytest.mark.parametrize(
    "options", ["", "--general --follow-ups -T 2.5", f"{IRIS} --follow-ups", "--prove sympy"]
)
def test_the_documented_keys(options: str) -> None:
    """Every object has the keys of CLI.md, and every step too."""
    keys = {"function", "classes", "of", "wrt", "symbols", "steps", "result", "value", "check"}
    for document in documents(options):
        assert keys <= document.keys()
        for line in lines(document["steps"]):  # type: ignore[arg-type]
            assert {"id", "rule", "why", "lhs", "rhs", "latex", "value"} <= line.keys()


def test_the_values_are_those_of_the_lines() -> None:
    """The value of every line is that of its right-hand side at the logits."""
    [document] = documents(f"{IRIS} --of 3 --wrt 3 -T 2.5")
    logits = {f"z_{m}": sympy.Rational(z) for m, z in enumerate(("1.43", "-0.4", "0.23"), 1)}
    reader = Reader(document["symbols"], **logits)  # type: ignore[arg-type]
    for line in lines(document["steps"]):  # type: ignore[arg-type]
        assert float(reader.value(line["rhs"])) == pytest.approx(line["value"], rel=1e-15)


def test_a_row_of_a_file() -> None:
    """A file of several rows needs --row, which counts data rows from 1."""
    [document] = documents(
        "iris_logits.csv -c setosa,versicolor,virginica --row 71 --of versicolor --wrt virginica"
    )
    assert document["classes"] == ["setosa", "versicolor", "virginica"]
    assert shell("softmax derive iris_logits.csv -c 3-5").code == 2


def test_masked_classes_are_left_out_with_a_note() -> None:
    """A class of -inf is left out of the derivation, but class numbers still count it."""
    ended = shell("softmax derive a=1 b=-inf c=3 --of 3 --wrt a -f json")
    document = json.loads(ended.stdout)
    assert document["classes"] == ["a", "c"]
    assert (document["of"], document["wrt"]) == ("c", "a")
    assert ended.stderr == "softmax: note: masked (-inf) and left out: b\n"
    assert shell("softmax derive a=1 b=-inf c=3 --of 3 --wrt a -q").stderr == ""


@pytest.mark.parametrize("ending", ["txt", "md", "tex", "html", "json"])
def test_files_by_their_ending(ending: str, tmp_path: Path) -> None:
    """-o writes the format of its ending, the same bytes as -f."""
    name = {"txt": "text", "md": "markdown", "tex": "latex"}.get(ending, ending)
    assert shell(f"softmax derive {IRIS} -o {tmp_path}/lesson.{ending}").code == 0
    direct = shell(f"softmax derive {IRIS} -f {name}")
    assert (tmp_path / f"lesson.{ending}").read_text(encoding="utf-8") == direct.stdout


def test_piped_text_is_plain() -> None:
    """Piped output is UTF-8 of at most 80 columns without escapes, whatever the environment says."""
    ended = shell(f"softmax derive {IRIS}", env=environment(FORCE_COLOR="1", COLUMNS="30", LC_ALL="C"))
    assert "\x1b" not in ended.stdout
    assert "∂p_setosa" in ended.stdout
    assert max(map(len, ended.stdout.splitlines())) <= 80
    assert ended.stdout == shell(f"softmax derive {IRIS}").stdout
    assert ended.stdout == shell(f"softmax derive {IRIS} --step").stdout


def test_a_closed_pipe_is_silent() -> None:
    """A reader that goes away, as `head` does, ends the run silently."""
    ended = shell("set +o pipefail; softmax derive --function log-softmax | head -1")
    assert ended.stderr == ""
    assert ended.stdout.startswith("The derivative of log-softmax")


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_on_a_terminal(columns: int) -> None:
    """At a terminal no line is wider than it, and what changed is in colour."""
    seen = on_terminal(f"softmax derive {IRIS} --of setosa --wrt versicolor", columns=columns, rows=250)
    assert seen.code == 0
    assert seen.styled
    assert any("─" in line for line in seen.lines)


def test_on_an_ascii_terminal() -> None:
    """A terminal of the C locale gets plain ASCII."""
    seen = on_terminal("softmax derive", env=environment(LC_ALL="C", TERM="dumb"), rows=300)
    assert seen.text.isascii()
    assert "dp_1" in seen.text


def test_step_by_step() -> None:
    """Keys turn the slides, only q leaves the last one, and the terminal is restored."""
    command = "a=$(stty -g); softmax derive --of 1 --wrt 2 --step; echo code $?; [ $a = $(stty -g) ]"
    process = spawn("bash", "-c", command, env=environment(TERM="xterm"), columns=60, rows=16)
    for shown, key in (
        (" 1/13 ", "\r"),
        ("Definition", "\x1b[6~"),
        ("Name parts", "?"),
        ("The top.", "b"),
        (" 2/13 ", "10"),
        ("Simplify", "\x1b[B"),
        ("One formula", " "),
        ("\u256d", "\r"),
        (" 13/13 ", "q"),
        ("code 0", ""),
    ):
        process.expect(re.escape(shown.strip(" ")))
        process.send(key)
    process.read()
    process.close()
    assert process.exitstatus == 0


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("--of 9", "--of: there is no class 9 among 3"),
        ("--of 0", "--of: there is no class 0"),
        ("--of 1 --of 2", "--of: given 2 times"),
        ("--of rose", "--of: no class is called 'rose'"),
        ("5", "one class alone has probability 1"),
        ("--classes a", "one class alone has probability 1"),
        ("--classes a,a", "--classes: 'a' is there twice"),
        ("--function softmin", "--function: no function is called 'softmin'"),
        ("iris_logits.csv -c 3-5", "iris_logits.csv: there are several rows"),
        ("iris_logits.csv -c 3-5 --row 999", "--row: there is no row 999 among 150 rows"),
        ("--row 0", "--row: there is no row 0"),
        ("1 2 inf", "class 3 is +inf"),
        ("a=1 b=-inf c=2 --of b -q", "--of: class b is masked"),
        ("1 2 --function cross-entropy", "cross-entropy needs the true class"),
        ("--function cross-entropy --of 1", "--of: cross-entropy has one output"),
        ("--function sigmoid --general", "--general: sigmoid has no sum"),
        ("1 2 --general", "--general: a general derivation has no numbers"),
        ("-f pdf", "--format: derive writes no format 'pdf'"),
        ("-o x.pdf", "--output: no format is known"),
        ("--route x", "--route: softmax has no route 'x'"),
        ("--general --route log-sum-exp --function cross-entropy", "--route: a general derivation has one"),
        ("--general --of 1", "--of: a general derivation is about all classes"),
        ("--general --wrt 2", "--wrt: a general derivation is about all classes"),
        ("--general --function cross-entropy --target 2", "--target: a general derivation is about all"),
        ("--function sigmoid --general", "hint: leave it out"),
        ("--function log-softmax --follow-ups", "hint: leave it out, or --function softmax"),
        ("--step -f json", "--step: slides are text on a terminal"),
        ("--step -o x.txt", "--step: slides are text on a terminal"),
        ("iris.csv --row 1 --target-column t", "--target-column: softmax takes no target"),
        ("--prove coq", "--prove: no prover 'coq'"),
        ("-T 0", "--temperature: '0' is not a finite number above 0"),
        ('\'__import__("os").system("echo no")\'', "no such file"),
    ],
)
def test_bad_input(arguments: str, error: str) -> None:
    """A mistake is reported in one line, with exit code 2 and nothing on stdout."""
    ended = shell(f"softmax derive {arguments}")
    assert ended.code == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("softmax: ")
    assert error in ended.stderr


def test_one_logit_has_a_sigmoid() -> None:
    """The sigmoid depends on one logit alone, so one class is enough."""
    for arguments in ("5", "--classes a", "a=1 b=-inf -q"):
        [document] = documents(f"{arguments} --function sigmoid")
        assert document["of"] == document["wrt"]


def test_a_derivative_too_small_for_a_double() -> None:
    """A value beyond a double is reported, and minus zero is never shown."""
    shown = shell("softmax derive 1000 -1000 0 --of 1 --wrt 2 --all").stdout
    assert "This derivation gives -2.577e-869, which is too small for a double;" in " ".join(shown.split())
    assert "-0.0" not in shown
    assert "gives 0.0." in " ".join(shown.split())
    written = shell("softmax derive 1000 -1000 0 --of 1 --wrt 2 -f json").stdout
    assert "-0.0" not in written


def test_a_numbered_class_is_a_class_though_another_is_masked() -> None:
    """In a sentence, a class without a name is "class 1", not "1"."""
    shown = shell("softmax derive 1 -inf 2 -q --all").stdout
    assert "the probability of class 1 is" in shown
    assert "the probability of class 3 is" not in shown


def test_names_are_never_interpreted(tmp_path: Path) -> None:
    """A class may have a name that looks like code, in every format."""
    names = "__import__('os').system('touch owned'),$(touch owned),\\write18{touch owned},<script>"
    for name in ("text", "markdown", "latex", "html", "json"):
        ended = shell(
            f'softmax derive 1 2 3 4 --classes "$NAMES" -f {name}', cwd=tmp_path, env=environment(NAMES=names)
        )
        assert ended.code == 0, ended.stderr
        assert "<script>" not in ended.stdout or name in ("text", "json")
    assert not list(tmp_path.iterdir())
