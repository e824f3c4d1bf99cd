"""How a run ends: exit codes and streams, seen from a shell as a user sees them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.one_process import in_one_process
from tests.program import DATA, environment, shell

_REASON = "Windows knows neither these signals nor these files"
fcntl = pytest.importorskip("fcntl", reason=_REASON)
termios = pytest.importorskip("termios", reason=_REASON)

real = partial(shell, real=True)

MANY_ROWS = "".join(f"{i % 7},{i % 5},{i % 3}\n" for i in range(200_000))


@pytest.fixture(autouse=True)
def signals_are_heard() -> Iterator[None]:
    """Let what is run hear SIGHUP, though whoever runs the tests may have been told to ignore it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def test_closed_pipe_is_silent() -> None:
    """When the reader of our output goes away, the run ends at once with 141 and says nothing."""
    ended = real("softmax probs | head -2", stdin=MANY_ROWS)
    assert (ended.code, ended.stderr) == (141, "")
    assert ended.stdout.count("\n") == 2
    for command in ("--help", "--version", "probs --help", "probs 1 2", "probs 1 2 -f table"):
        ended = real(f"{{ sleep 0.3; softmax {command}; }} | true")
        assert (ended.code, ended.stderr) == (141, ""), command


def test_full_disk() -> None:
    """A full disk is one line and exit 74, whether it shows at a write or at the last flush."""
    for command in ("softmax probs 1 2 3", "softmax probs 1 2 3 -f table", "softmax probs", "softmax --help"):
        ended = real(f"{command} > /dev/full", stdin=MANY_ROWS)
        assert ended.code == 74
        assert ended.stderr.startswith("softmax: ")
        assert "no space left" in ended.stderr.lower()
        assert ended.stderr.count("\n") == 1


def test_closed_stdout_and_stderr() -> None:
    """A stdout that is closed is an error once something is to be written there; a closed stderr is none."""
    for command in ("probs 1 2 3", "probs 1 2 -f table", "practice --list", "explore 1 2 --say", "--help"):
        ended = real(f"softmax {command} >&-")
        assert (ended.code, ended.stderr) == (74, "softmax: <stdout>: standard output is closed\n"), command
    assert real("softmax probs 1 x >&-").code == 2
    assert real("softmax probs 1 x 2>&-").code == 2


def test_notes_have_nowhere_to_go() -> None:
    """A note changes neither the results nor how the run ends, where stderr is closed or full."""
    for stderr in ("2>&-", "2>/dev/full"):
        ended = real(f"softmax probs -c a {stderr}", stdin="id,a\nx,1\n")
        assert (ended.stdout, ended.code) == ("id,a\nx,1.0\n", 0), stderr


def test_output_to_a_pipe_by_its_path() -> None:
    """The paths of open pipes are written to directly."""
    for path in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        assert real(f"softmax probs 1 1 -o {path} | cat").stdout == "0.5,0.5\n", path


def test_ctrl_c() -> None:
    """Ctrl-C ends a run with 130, silently, and leaves no file behind."""
    code, stderr = _interrupted(signal.SIGINT)
    assert code == 130
    assert stderr == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_termination(number: signal.Signals) -> None:
    """SIGTERM, and the SIGHUP of a closed terminal, end a run as a signal does."""
    code, _ = _interrupted(number)
    assert code == -number


def _started(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a run with pipes at both ends."""
    return subprocess.Popen(
        [sys.executable, "-m", "softmax_cli", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )


def _interrupted(number: signal.Signals) -> tuple[int, str]:
    """Start a run that waits for input, send it a signal, and return how it ended."""
    with _started("probs") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"3,2,5\n" * 3)
        process.stdin.flush()
        assert process.stdout.readline()  # it has started, and shows rows as they come
        process.send_signal(number)
        process.wait(timeout=30)
        return process.returncode, process.stderr.read().decode()


def test_a_library_that_still_reads(tmp_path: Path) -> None:
    """Where a thread of pyarrow's is in the middle of a file, the end of a run is no crash of that thread."""
    names = [f"c{j}" for j in range(100)]
    column = pa.array(np.linspace(-4, 4, 100_000))
    table = pa.table([column] * len(names), names=names)
    pq.write_table(table, tmp_path / "x.parquet", compression="none", use_dictionary=False)
    for _ in range(3):
        with _started("probs", str(tmp_path / "x.parquet")) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline()
            process.send_signal(signal.SIGINT)
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait(timeout=30) in (130, 141)


def test_a_full_disk_behind_compression(tmp_path: Path) -> None:
    """A library that ends its stream on the way out of a failure says nothing of its own."""
    (tmp_path / "full.csv.zst").symlink_to("/dev/full")
    ended = real("softmax probs - -o full.csv.zst", stdin=MANY_ROWS, cwd=tmp_path)
    assert (ended.code, ended.stderr) == (74, "softmax: full.csv.zst: no space left on the device\n")


def test_a_failure_far_into_a_large_output(tmp_path: Path) -> None:
    """Where a library writes by itself, a reader that leaves or a full file ends the run as elsewhere."""
    ended = real("softmax probs | head -c 5000000 | wc -c", stdin=MANY_ROWS)
    assert (ended.stdout.strip(), ended.code, ended.stderr) == ("5000000", 141, "")
    ended = real("ulimit -f 5000; softmax probs -o p.csv", stdin=MANY_ROWS, cwd=tmp_path)
    assert (ended.code, ended.stderr) == (74, "softmax: p.csv: file too large\n")
    assert os.listdir(tmp_path) == []


def _waiting(pipe: IO[bytes]) -> int:
    """Return how many bytes wait in a pipe, which holds 64 KB."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


@pytest.mark.parametrize("format", ["parquet", "csv"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_reader_that_has_stalled(tmp_path: Path, number: signal.Signals, format: str) -> None:
    """A signal ends a run whose library writes to a pipe which nobody reads."""
    columns = {name: np.linspace(-4, 4, 1_000_000) for name in "ab"}
    pq.write_table(pa.table(columns), tmp_path / "x.parquet", compression="none", use_dictionary=False)
    with _started("probs", str(tmp_path / "x.parquet"), "-f", format) as process:
        assert process.stdout is not None
        while _waiting(process.stdout) < 1 << 15:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        assert process.wait(timeout=20) == (130 if number == signal.SIGINT else -number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_killed_run_keeps_the_old_file(tmp_path: Path, number: signal.Signals) -> None:
    """With -o a run that is stopped leaves the old file as it was, and, unless killed -9, no other."""
    target = tmp_path / "p.csv"
    target.write_text("old\n")
    with _started("probs", "-", "-o", str(target)) as process:
        assert process.stdin is not None
        process.stdin.write(b"1,2,3\n" * 20_000)
        process.stdin.flush()
        for _ in range(200):
            if len(os.listdir(tmp_path)) > 1:
                break
            time.sleep(0.05)
        assert len(os.listdir(tmp_path)) == 2
        process.send_signal(number)
        process.wait(timeout=30)
    assert target.read_text() == "old\n"
    if number != signal.SIGKILL:
        assert os.listdir(tmp_path) == ["p.csv"]


def _refused(line: int, cell: str) -> str:
    """Return what is said of a cell of standard input."""
    return (
        f"softmax: <stdin>:{line}: column 2: {cell!r} is not a number\n"
        f"hint: leave the line out: sed {line}d | softmax probs\n"
    )


def test_bad_row_in_a_stream(tmp_path: Path) -> None:
    """A bad row stops the run at its line; the rows before it are out, or with -o no file at all."""
    lines = "3,2,5\n" * 99_999 + "1,x,3\n" + "1,2,3\n"
    ended = real("softmax probs", stdin=lines)
    assert ended.code == 2
    assert ended.stderr == _refused(100_000, "x")
    assert ended.stdout.count("\n") == 99_999
    ended = real("softmax probs -o p.csv", stdin=lines, cwd=tmp_path)
    assert ended.code == 2
    assert os.listdir(tmp_path) == []


def test_a_bad_cell_in_row_ten_million() -> None:
    """The place of an error is exact far into a large file, after every row before it."""
    rows = 10_000_000
    file = f"yes 0,0 | head -{rows - 1}; echo 0,a; yes 0,0 | head -{rows // 10}"
    ended = real(f"{{ {file}; }} | softmax probs | wc -l")
    assert ended.stderr == _refused(rows, "a")
    assert (ended.stdout.strip(), ended.code) == (str(rows - 1), 2)


_IN_SMALL_BLOCKS = """
from softmax_cli.io.binary import npy_reader
from softmax_cli.io.json import lines_reader
from softmax_cli.io.text import reader
from softmax_cli.__main__ import main

npy_reader.VALUES_AT_A_TIME = 1 << 12
lines_reader.BLOCK = reader.BLOCK = 1 << 14
main()
"""
"""A run that has not read far ahead of what has been taken from it, though the file is small."""


@pytest.mark.parametrize("ending", ["csv", "jsonl", "npy"])
def test_a_file_that_shrinks(ending: str, tmp_path: Path) -> None:
    """A file that is cut while it is read loses no row in silence."""
    file = tmp_path / f"z.{ending}"
    if ending == "npy":
        np.save(file, np.zeros((100_000, 3)))
    else:
        file.write_bytes((b"0.25,1.5,-2\n" if ending == "csv" else b"[0.25, 1.5, -2]\n") * 100_000)
    command = [sys.executable, "-c", _IN_SMALL_BLOCKS, "probs", str(file), "-f", "csv"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment()) as process:
        assert process.stdout is not None
        process.stdout.read(1)  # it has begun, and waits for us
        os.truncate(file, file.stat().st_size * 2 // 3 + 1)
        _, stderr = process.communicate()
    assert process.returncode in (2, 74)
    said = [line for line in stderr.splitlines() if not line.startswith((b"softmax: note: ", b"hint: "))]
    assert len(said) == 1
    assert b"became shorter" in stderr or b"ends after row" in stderr


def test_unreadable_file(tmp_path: Path) -> None:
    """A file that may not be read is exit 74."""
    secret = tmp_path / "secret.csv"
    secret.write_text("1,2\n")
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        pytest.skip("root reads everything")
    ended = real("softmax probs secret.csv", cwd=tmp_path)
    assert (ended.code, ended.stdout) == (74, "")
    assert ended.stderr == "softmax: secret.csv: permission denied\n"


def test_a_bug_is_one_line() -> None:
    """What nobody foresaw is exit 70 and one line; SOFTMAX_DEBUG=1 shows the traceback."""
    program = (
        "import sys; import softmax_cli.commands.app as app; app.run = lambda arguments: 1 / 0;"
        "from softmax_cli.__main__ import main; main()"
    )
    for debug in ("", "1"):
        ended = subprocess.run(
            [sys.executable, "-c", program],
            env=environment(SOFTMAX_DEBUG=debug),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 70
        assert "softmax: a bug in softmax: ZeroDivisionError: division by zero" in ended.stderr
        assert ("Traceback" in ended.stderr) == bool(debug)


_ENDS = """
import atexit, sys
import numpy as np
atexit.register(print, "atexit ran")

def jacobian(z):
    sys.stderr.close()
    p = np.exp(z) / np.exp(z).sum()
    return np.diag(p) - np.outer(p, p)
"""


def test_a_function_with_ends_of_its_own(tmp_path: Path) -> None:
    """What somebody's function registered for the end runs; that it closed stderr changes no exit code."""
    (tmp_path / "ends.py").write_text(_ENDS)
    ended = real("softmax check 1 2 3 --against ends.py:jacobian", cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout.endswith("atexit ran\n")


PIPED = [
    "softmax probs 1.43 -0.4 0.23",
    "softmax probs 1.43 -0.4 0.23 -f table",
    "softmax probs 1.43 -0.4 0.23 --steps -f table",
    "softmax jacobian 1.43 -0.4 0.23 -f table",
    "softmax probs iris_logits.csv -c 3-5 --top 2 -f markdown",
    "softmax --help",
    "softmax probs --help",
    "softmax probs 1 2 3 --nosuch",
]


@pytest.mark.parametrize("command", PIPED)
def test_piped_bytes_do_not_depend_on_the_terminal(command: str) -> None:
    """What is piped is the same bytes under any COLUMNS, TERM, colour and CI variable."""
    plain = shell(command)
    assert (plain.code == 0) == (plain.stderr == "")
    printed = plain.stdout + plain.stderr
    assert "\x1b" not in printed
    assert max(map(len, printed.splitlines())) <= 80
    for extra in (
        {"COLUMNS": "40", "LINES": "10"},
        {"COLUMNS": "200", "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "PY_COLORS": "1"},
        {"NO_COLOR": "1", "TERM": "dumb"},
        {"CI": "true", "GITHUB_ACTIONS": "true"},
    ):
        assert shell(command, env=environment(**extra)) == plain


def test_piped_bytes_do_not_depend_on_the_locale() -> None:
    """What is piped is UTF-8 whatever the locale and Python's own variable say."""
    ended = shell(in_one_process(*PIPED), env=environment(PYTHONIOENCODING="ascii", LC_ALL="C"))
    each = [shell(command) for command in PIPED]
    assert ended.stdout == "".join(one.stdout for one in each)
    assert ended.stderr == "".join(one.stderr for one in each)


def test_module_is_the_same_program() -> None:
    """`python -m softmax_cli` prints what `softmax` prints."""
    for arguments in ("probs 1 2 3", "--help", "probs 1 x"):
        assert shell(f"{sys.executable} -m softmax_cli {arguments}") == shell(f"softmax {arguments}")


def test_output_to_devices_and_links(tmp_path: Path) -> None:
    """-o keeps a link and its target's mode, writes to a device without replacing it, and - is stdout."""
    target = tmp_path / "real.csv"
    target.write_text("old\n")
    target.chmod(0o640)
    (tmp_path / "link.csv").symlink_to(target)
    assert shell("softmax probs 1 2 -o link.csv", cwd=tmp_path).code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert target.read_text().count(",") == 1
    assert target.stat().st_mode & 0o777 == 0o640
    assert shell("softmax probs 1 2 -o /dev/null", cwd=tmp_path).code == 0
    assert Path("/dev/null").is_char_device()
    assert shell("softmax probs 1 2 -o -", cwd=tmp_path).stdout == target.read_text()
    piped = shell("mkfifo f; softmax probs 1 2 -f csv -o f & cat f; wait", cwd=tmp_path)
    assert piped.stdout == target.read_text()


def test_a_file_by_its_name_is_the_file_in_a_pipe() -> None:
    """A file on the command line and the same bytes on standard input give the same rows."""
    by_name = shell("softmax probs iris_logits.csv -c 3-5")
    assert by_name == shell(f"softmax probs -c 3-5 < {DATA}/iris_logits.csv")
    assert by_name == shell("cat iris_logits.csv | softmax probs - -c setosa,versicolor,virginica")
    assert by_name.stdout.count("\n") == 151
