"""`softmax check` as users run it: the verdict, the exit code, JSON, and every kind of bad input."""

import contextlib
import io
import json
import shlex
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from softmax_cli.commands.app import run
from softmax_cli.errors import SoftmaxError
from tests.program import DATA, shell

LAYER = """
import math
import numpy as np

def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()

def right(z):
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)

def delta_forgotten(z):
    p = softmax(z)
    return -np.outer(p, p)

def no_shift(z):
    e = [math.exp(x) for x in z]
    p = [x / sum(e) for x in e]
    return [[p[i] * ((i == j) - p[j]) for j in range(len(p))] for i in range(len(p))]

def plain(z):
    return np.exp(z) / np.exp(z).sum()

def in_place(z):
    z -= z.max()
    return right(z)

def temperature_half_done(z, temperature=1.0):
    p = softmax(z / temperature)
    return np.diag(p) - np.outer(p, p)

def rows_mixed(z, g):
    p = np.exp(z - z.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return p * (g - (g * p).sum())

def one_axis(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0, keepdims=True)

async def waits(z):
    return right(z)

class Layer:
    def forward(self, x):
        self.p = softmax(x)
        return self.p
    def backward(self, grad):
        return grad * self.p * (1 - self.p)

class Empty:
    pass

class Dense:
    def __init__(self, weights):
        self.weights = weights
    def forward(self, x):
        return x @ self.weights

def takes_logits(z):
    return np.diag(z) - np.outer(z, z)

def several(z):
    return "p", z[0]

def hangs(z):
    while True:
        pass

def mean_removed(z):
    return right(z) - right(z).mean()

def single(z):
    return right(z.astype(np.float32))

def whole_numbers(z):
    return right(z).astype(int)

def gradient(z, target):
    p = softmax(z)
    p[target] -= 1
    return p

def one_hot_gradient(z, y):
    return softmax(z) - y

def off_by_one(z, target):
    return gradient(z, target - 1)

def backward(z, g):
    p = softmax(z)
    return p * g

def batch_backward(z, g):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p * (g - (g * p).sum())

def prints(z):
    print("hello from your layer")
    return right(z)

def diagonal_vector(z):
    p = softmax(z)
    return p * (1 - p)

def nothing(z):
    right(z)

def raises(z):
    return z[99]

def pair(z):
    return right(z), z

def ragged(z):
    return [[1.0], [1.0, 2.0]]

def words(z):
    return np.array([["a"] * len(z)] * len(z))

def imaginary(z):
    return right(z) * (1 + 1j)

def unknown_parameter(z, weights):
    return right(z) if weights["layer"] else None

def real_only(z):
    return np.array([math.exp(x) for x in z]) / sum(math.exp(x) for x in z)

_total = None

def keeps_state(z):
    global _total
    _total = right(z) if _total is None else _total + right(z)
    return _total

not_a_function = 3
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with a layer of mistakes and a copy of the iris logits."""
    (tmp_path / "layer.py").write_text(LAYER)
    (tmp_path / "iris.csv").write_bytes((DATA / "iris_logits.csv").read_bytes())
    return tmp_path


def check(words: str, folder: Path, stdin: str = "") -> tuple[int, str, str]:
    """Run `softmax check` in this process, and return its exit code and what it wrote."""
    stdout, stderr = io.TextIOWrapper(io.BytesIO(), write_through=True), io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
        mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()))),
    ):
        try:
            code = run(["check", *shlex.split(words)])
        except SoftmaxError as error:
            code = error.exit_code
            print(
                f"softmax: {error}", *([f"hint: {error.hint}"] if error.hint else []), sep="\n", file=stderr
            )
        written = stdout.buffer
        assert isinstance(written, io.BytesIO)
        return code, written.getvalue().decode(), stderr.getvalue()


def document(words: str, folder: Path, *, code: int | None = None) -> dict:  # type: ignore[type-arg]
    """Return the JSON document of a check, which ends with this code, where one is given."""
    ended, stdout, stderr = check(f"{words} -f json", folder)
    assert stdout, stderr
    assert code in (None, ended)
    found: dict = json.loads(stdout)  # type: ignore[type-arg]
    return found


def first_cause(words: str, folder: Path) -> str:
    """Return the id of the first cause."""
    found = document(words, folder, code=1)
    assert not found["passed"]
    return str(found["diagnosis"][0]["id"])


@pytest.mark.parametrize(
    "words",
    [
        "1.43 -0.4 0.23",
        "1.43 -0.4 0.23 -T 3 --function log-softmax",
        "1.43 -0.4 0.23 --function sigmoid",
        "1.43 -0.4 0.23 --function cross-entropy --target 1",
        "1.43 -0.4 0.23 --as vjp",
        "1.43 -0.4 0.23 --method richardson",
        "1.43 -0.4 0.23 --digits 30",
        "1.43 -inf 0.23",
        "iris.csv -c 3-5",
        "iris.csv -c 3-5 --function cross-entropy --target-column label",
        "",
    ],
)
def test_softmax_s_own_derivatives_are_right(words: str, folder: Path) -> None:
    """A right function has exit code 0 and a verdict in a sentence."""
    code, stdout, stderr = check(words, folder)
    assert (code, stderr) == (0, "")
    assert " is right: " in " ".join(stdout.split())


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("--against layer.py:delta_forgotten", "delta-forgotten"),
        ("1.43 -0.4 0.23 --against layer.py:delta_forgotten", "delta-forgotten"),
        ("--against layer.py:temperature_half_done", "temperature-factor-missing"),
        ("--against layer.py:whole_numbers", "integer-buffer"),
        ("--against layer.py:off_by_one --as gradient", "target-off-by-one-down"),
        ("--against layer.py:backward --as vjp", "dot-forgotten"),
        ("--against layer.py:batch_backward --as vjp", "dot-over-batch"),
        ("--against layer.py:diagonal_vector", "vector-diagonal"),
        ("--against layer.py:rows_mixed --as vjp", "dot-over-batch"),
        ("--against layer.py:takes_logits", "logits-for-probabilities"),
        ("--against layer.py:Layer.backward", "diagonal-only"),
        ("--against layer.py:Layer", "diagonal-only"),
        ("--against layer.py:keeps_state", "state-between-calls"),
        ("1000 0 1 --against layer.py:plain --as probabilities", "no-shift"),
    ],
)
def test_a_wrong_function_is_explained(words: str, cause: str, folder: Path) -> None:
    """A wrong function has exit code 1 and its true cause first."""
    assert first_cause(words, folder) == cause


@pytest.mark.parametrize(
    ("words", "remark"),
    [
        ("--against layer.py:right", ""),
        ("--against layer.py:in_place", "in place"),
        ("--against layer.py:single", "single precision"),
        ("--against layer.py:gradient --as gradient", ""),
        ("--against layer.py:one_hot_gradient --as gradient", ""),
        ("--against layer.py:pair", ""),
        ("--against layer.py:softmax", ""),
        ("--against layer.py:takes_logits --call 'takes_logits(p)'", ""),
        ("--against layer.py:softmax --as probabilities", ""),
        ("1 2 3 --against layer.py:temperature_half_done", "not at others"),
        ("--against layer.py:no_shift", "the maximum is not subtracted"),
        ("--against layer.py:real_only --as probabilities", "the maximum is not subtracted"),
        ("--against layer.py:mean_removed", ""),
    ],
)
def test_a_right_function_passes_with_what_was_odd(words: str, remark: str, folder: Path) -> None:
    """A right function with an oddity has exit code 0 and a warning."""
    found = document(words, folder, code=0)
    assert found["passed"]
    assert remark in " ".join(found["warnings"])


def test_a_function_of_one_vector_may_name_its_axis(folder: Path) -> None:
    """axis=0 is the only axis of a vector, so there is no warning about rows."""
    assert document("--against layer.py:one_axis --as probabilities", folder)["warnings"] == []


def test_the_program_ends_with_the_verdict_s_code(folder: Path) -> None:
    """The exit code is 0 if they agree, 1 if they differ, 2 for bad input."""
    assert shell("softmax check 1 2 3", cwd=folder).code == 0
    assert shell("softmax check --against layer.py:delta_forgotten", cwd=folder).code == 1
    assert shell("softmax check --against layer.py:nothing", cwd=folder).code == 2


def test_what_a_user_s_function_prints_goes_to_stderr(folder: Path) -> None:
    """Only the result goes to stdout."""
    _, stdout, stderr = check("--against layer.py:prints -f json", folder)
    assert json.loads(stdout)["passed"]
    assert "hello from your layer" in stderr


def test_a_user_s_file_may_import_what_lies_beside_it(folder: Path) -> None:
    """A user's file can import modules beside it."""
    (folder / "beside.py").write_text("from layer import right\n")
    assert check("--against beside.py:right", folder)[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--against layer.py:nothing", "returned None"),
        ("--against layer.py:raises", "layer.py:112: raises raised IndexError"),
        ("--against layer.py:several", "a tuple of 2"),
        ("--against layer.py:hangs --timeout 0.05", "did not return within 0.05 s"),
        ("--against layer.py:right --call 'right(w)'", "'w' is no name"),
        ("--against layer.py:right --call 'right(z, g)'", "more arguments"),
        ("--against layer.py:ragged", "unequal lengths"),
        ("--against layer.py:words", "not numbers"),
        ("--against layer.py:waits", "def, not async def"),
        ("--against layer.py:Empty", "no method"),
        ("--against layer.py:Dense", "is made with 'weights'"),
        ("--against layer.py:imaginary", "complex numbers"),
        ("--against layer.py:unknown_parameter", "unknown_parameter"),
        ("--against layer.py:not_a_function", "not a function"),
        ("--against layer.py:rigth", "did you mean 'right'?"),
        ("--against nowhere.py:f", "no such file"),
        ("--against layer.py:right --as probabilities", "--as jacobian"),
        ("1 2 3 --step 0 --method central", "above 0"),
        ("1e6 2 --step 1e-12 --method central", "z + h = z"),
        ("1 2 3 --as nonsense", "jacobian, gradient"),
        ("1 2 3 --method nonsense", "complex-step"),
        ("1 2 3 --function cross-entropy", "--target"),
        ("1 2 3 --function cross-entropy --target 1 --as jacobian", "gradient"),
        ("1 2 3 --rtol -1", "--rtol"),
        ("1 2 3 --sweep --against layer.py:right", "do not go together"),
        ("--against matrix.csv", "needs the logits"),
    ],
)
def test_bad_input_is_one_clear_line(words: str, said: str, folder: Path) -> None:
    """A file that fails has exit code 2, the place and the reason, and no traceback."""
    code, stdout, stderr = check(words, folder)
    assert (code, stdout) == (2, "")
    assert said in stderr
    assert stderr.startswith("softmax: ")
    assert len(stderr.splitlines()) <= 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("1,2\n3,4\n", "2 x 2 matrix, for 3 classes"),
        ("1,2,3\n3,4,5\n", "not square"),
        ("of,1,2,3,4\n" + "".join(f"{i},1,2,3,4\n" for i in range(1, 5)), "4 x 4 matrix, for 3 classes"),
        ("0.1\n0.2\n0.7\n", "a vector of 3"),
        ("1,2,3\n3,4,nan\n1,2,3\n", "nan"),
        ("1,2,3\n3,4\n1,2,3\n", "matrix.csv:2"),
        ("a,b,c\n1,2,x\n", "'x' is not a number"),
        ("", "is empty"),
        ("0.09003057,0.24472847,0.66524096\n", "--as probabilities"),
        ("[1, 2", "JSON"),
        ('[[1, "x"]]', "'x' is not a number"),
        ("[[1, 2], [3]]", "1 value, where the first row has 2"),
        ("$ softmax\n", "no rows"),
    ],
)
def test_a_matrix_that_is_none_is_refused(content: str, said: str, folder: Path) -> None:
    """Wrong shapes, nan, text, and a vector for a matrix have exit code 2, and a hint at what fits."""
    name = "matrix.json" if content.startswith("[") else "matrix.csv"
    (folder / name).write_text(content)
    code, stdout, stderr = check(f"1 2 3 --against {name}", folder)
    assert (code, stdout) == (2, "")
    assert "--no-header" not in stderr  # which is about the logits
    assert said in stderr


def test_an_import_error_has_its_line(folder: Path) -> None:
    """A file that does not import is named with the line at fault."""
    (folder / "broken.py").write_text("x = 1\nimport nothing_of_the_kind\n")
    assert "broken.py:2: does not import" in check("--against broken.py:f", folder)[2]
    (folder / "syntax.py").write_text("def f(z:\n")
    assert "syntax.py:1: SyntaxError" in check("--against syntax.py:f", folder)[2]


@pytest.mark.parametrize(
    "form",
    ["csv", "tsv", "csv.gz", "csv.zst", "json", "json.gz", "jsonl", "jsonl.zst", "npy", "parquet", "arrow"],
)
def test_what_jacobian_writes_is_read(form: str, folder: Path) -> None:
    """A file in any format that `softmax jacobian` writes passes, one row or many."""
    for words in ("1.43 -0.4 0.23 -T 3", "iris.csv -c 3-5"):
        assert shell(f"softmax jacobian {words} -o j.{form}", cwd=folder).code == 0
        assert check(f"{words} --against j.{form}", folder)[:1] == (0,)


def test_a_bare_block_and_standard_input_are_read(folder: Path) -> None:
    """A k x k block of numbers can be piped in."""
    numbers = shell("softmax jacobian 1 2 3 -f csv", cwd=folder).stdout
    block = "\n".join(",".join(line.split(",")[1:]) for line in numbers.splitlines()[1:])
    assert check("1 2 3 --against -", folder, stdin=block)[0] == 0
    assert check("1 2 3 --against -", folder, stdin=block.replace(",", " "))[0] == 0


def test_rounded_output_passes_with_a_note(folder: Path) -> None:
    """A file that was written with --precision 4 is recognised as rounded."""
    shell("softmax jacobian 1.43 -0.4 0.23 --precision 4 -o j.csv", cwd=folder)
    assert "4 significant digits" in " ".join(document("1.43 -0.4 0.23 --against j.csv", folder)["warnings"])


def test_json_has_the_agreed_keys(folder: Path) -> None:
    """The document is as CLI.md says: classes by name, rows from 1."""
    found = document("a=1 b=2 c=3 --against layer.py:delta_forgotten", folder)
    assert set(found) == {
        "passed", "function", "method", "rows", "entries", "max_abs_error", "max_rel_error", "worst",
        "diagnosis", "warnings", "called", "reading", "batch", "lines",
    }  # fmt: skip
    assert (found["called"], found["reading"]) == ("called as delta_forgotten(z)", "jacobian")
    assert found["batch"] == {"tried": False, "passed": None}
    assert set(found["lines"][0]) == {"number", "source", "holds", "expected"}
    assert set(found["worst"][0]) == {"row", "of", "wrt", "expected", "got", "abs_error", "rel_error"}
    assert (found["worst"][0]["row"], found["worst"][0]["of"]) == (1, "c")
    assert set(found["diagnosis"][0]) == {"id", "title", "explanation", "fix", "factor"}


def test_a_whole_file_has_a_line_for_each_function(folder: Path) -> None:
    """Exit code 1 if one function differs; others are left out, or named if they cannot be called."""
    (folder / "train.py").write_text(
        "import numpy as np\n"
        "def load(path): raise OSError\n"
        "def softmax(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
        "    return e / e.sum(axis=-1, keepdims=True)\n"
        "def softmax_grad(s):\n    return np.diag(s) + np.outer(s, s)\n"
        "def softmax_loss(scores):\n    raise ValueError('too many')\n"
    )
    code, stdout, _ = check("--against train.py", folder)
    assert code == 1
    lines = stdout.splitlines()
    assert lines[0] == "train.py:softmax: right, called as softmax(x)"
    assert lines[1].startswith("train.py:softmax_grad: wrong: ")
    assert any(line.startswith("Not checked: softmax_loss") for line in lines)
    assert "load" not in stdout
    found = document("--against train.py", folder)
    assert [one["passed"] for one in found["checks"]] == [True, False]
    assert not found["passed"]


def test_a_verbose_report_ends_with_the_derivation_of_the_wrong_entry(folder: Path) -> None:
    """The report ends with the command that derives the wrong entry."""
    lines = check("1 2 3 --against layer.py:delta_forgotten --verbose", folder)[1].splitlines()
    assert lines[-1].strip() == "softmax derive 1 2 3 --of 3 --wrt 3"


def test_plain_text_fits_80_columns(folder: Path) -> None:
    """Piped reports have no escape characters, and no line over 80 columns except commands to copy."""
    for words in ("1 2 3", "--against layer.py:delta_forgotten", "1 2 3 --sweep"):
        stdout = check(words, folder)[1]
        assert "\x1b" not in stdout
        assert all(len(line) <= 80 or line.startswith("  softmax") for line in stdout.splitlines())


def test_a_table_is_the_report_in_text(folder: Path) -> None:
    """The format table, which other commands have, gives the text, whatever the file's ending."""
    assert check("1 2 3 -f table", folder) == check("1 2 3 -f text", folder)
    check("1 2 3 -f table -o report.json", folder)
    assert (folder / "report.json").read_text() == check("1 2 3", folder)[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("0 0 0", "equal logits"),
        ("50 0 0", "saturated"),
        ("1 2", "two classes"),
        ("1 2 3 --against j.csv", "T = 1 hides"),
    ],
)
def test_inputs_that_hide_mistakes_are_pointed_out(words: str, said: str, folder: Path) -> None:
    """With an input that does not."""
    shell("softmax jacobian 1 2 3 -o j.csv", cwd=folder)
    warnings = " ".join(document(words, folder)["warnings"])
    assert said in warnings
    assert "-T 2" in warnings


def test_a_real_function_falls_back_to_central_differences(folder: Path) -> None:
    """--method complex-step on a function that takes real numbers only says so."""
    found = document("1 2 3 --against layer.py:real_only --as probabilities --method complex-step", folder)
    assert found["passed"]
    assert "only real numbers" in " ".join(found["warnings"])
    assert found["method"] == "central"


def test_fifty_thousand_classes_are_checked_without_a_matrix(folder: Path) -> None:
    """Beyond some thousand classes, random centred directions are compared."""
    np.save(folder / "wide.npy", np.random.default_rng(0).normal(size=(1, 50_000)))
    assert "random centred directions" in document("wide.npy", folder)["method"]


def test_the_sweep_marks_the_best_step(folder: Path) -> None:
    """A sweep is written as text, as JSON, or as a picture, or a hint says how to get one."""
    code, stdout, _ = check("1 2 3 --method central --sweep", folder)
    assert code == 0
    assert "o" in stdout
    assert "smallest at h =" in stdout
    best = json.loads(check("1 2 3 --sweep -f json", folder)[1])["best"]
    assert 1e-7 < best < 1e-3
    code, _, stderr = check("1 2 3 --sweep -o sweep.svg", folder)
    assert code == 0 or "softmax-tutor[plot]" in stderr


def test_a_function_that_takes_no_such_logits_is_still_explained(folder: Path) -> None:
    """A hard-coded number of classes does not get in the way of the user's own logits."""
    source = LAYER + "\ndef three(z):\n    p = softmax(z)\n    return -np.outer(p, p) + np.zeros((3, 3))\n"
    (folder / "layer.py").write_text(source)
    assert first_cause("1.43 -0.4 0.23 -T 1 --against layer.py:three", folder) == "delta-forgotten"


def test_an_entry_of_a_product_has_one_class(folder: Path) -> None:
    """For thousands of classes, entries of J v and g^T J are compared, each with the name of its class."""
    np.save(folder / "wide.npy", np.random.default_rng(0).normal(size=(1, 5_000)))
    lines = check("wide.npy", folder)[1].splitlines()
    head = next(i for i, line in enumerate(lines) if "relative error" in line)
    assert lines[head].split()[:2] == ["of", "wrt"]
    assert all(line.split()[:2].count("-") == 1 for line in lines[head + 1 : head + 6])
