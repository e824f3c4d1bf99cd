"""Running the real program the way a user does: through a shell, in a pipe, or on a terminal."""

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.fork_server import CLIENT

HERE = Path(__file__).parent
DATA = HERE / "data"

# The environment of a user who has set nothing: what a test wants otherwise, it says.
_UNSET = (
    "COLUMNS",
    "LINES",
    "TERM",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR",
    "CI",
    "SOFTMAX_DEBUG",
    "PYTHONIOENCODING",
    "PYTHONUNBUFFERED",
)


def environment(**extra: str) -> dict[str, str]:
    """Return a plain environment in which `softmax` is the program of this checkout."""
    plain = {name: value for name, value in os.environ.items() if name not in _UNSET}
    path = os.pathsep.join([str(_program_folder()), plain.get("PATH", "")])
    python_path = os.pathsep.join(filter(None, [str(HERE.parent), plain.get("PYTHONPATH", "")]))
    return plain | {"PATH": path, "PYTHONPATH": python_path, "LC_ALL": "C.UTF-8"} | extra


def _program_folder() -> Path:
    """Return the folder that holds `softmax`, made by the installation beside the running Python."""
    folder = Path(sys.executable).parent
    if not shutil.which("softmax", path=str(folder)):
        raise RuntimeError("softmax is not installed: pip install -e '.[test]'")
    return folder


@dataclass(frozen=True)
class Ended:
    """What a finished run left."""

    stdout: str
    stderr: str
    code: int


_REAL = re.compile(r"(?<![&>])&(?!&)|>&-|<&-|\b(exec|kill|nohup|python3?|time|timeout|trap|ulimit|umask)\b")
"""In a shell line: what is about the process itself, not about what it prints."""

_AT_START = ("PYTHON", "LC_", "LANG")
"""How the variables begin that Python reads when it starts."""

_SHELL = frozenset("|<>;&$`*?()")


def _needs_a_start(command: str, variables: Mapping[str, str]) -> bool:
    """Tell whether a line is about the process itself, or has variables that Python reads when it starts."""
    plain = environment()
    at_start = {name for name in {**plain, **variables} if name.startswith(_AT_START)}
    return bool(_REAL.search(command)) or any(variables.get(name) != plain.get(name) for name in at_start)


def quick(command: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables, with a `softmax` that is a fork of a started process where that will do."""
    if not hasattr(os, "fork") or _needs_a_start(command, variables):
        return dict(variables)
    return {**variables, "PATH": os.pathsep.join([_stand_in(), variables["PATH"]])}


@cache
def _stand_in() -> str:
    """Start the server of forks for this process; return the folder of the `softmax` that calls it."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    address = os.path.join(folder, "server")
    client = Path(folder, "softmax")
    client.write_text(CLIENT.format(python=sys.executable, address=address))
    client.chmod(0o755)
    stays, _ = os.pipe()  # the server reads it: this process never closes the other end, but it ends
    waits, ready = os.pipe()
    os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "tests.fork_server", address],
        environment(),
        file_actions=[(os.POSIX_SPAWN_DUP2, stays, 0), (os.POSIX_SPAWN_DUP2, ready, 1)],
    )
    for descriptor in (stays, ready):
        os.close(descriptor)
    os.read(waits, 1)
    os.close(waits)
    return folder


def shell(
    command: str,
    *,
    cwd: Path | None = None,
    stdin: str | bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
    real: bool = False,
) -> Ended:
    """Run `command` in bash, with pipefail, and return what it printed.

    Where it is `real`, `softmax` is a process from its start to its end. Else, where that will do, it is a
    fork, or this process where it stands alone or at the end of a pipe.
    """
    variables = env or environment()
    folder = cwd or DATA
    given = stdin.encode() if isinstance(stdin, str) else stdin
    before, _, last = command.rpartition(" | ")
    if real or _needs_a_start(command, variables) or not _is_plain(last) or "softmax" in before:
        run = _bash(command, folder, given, variables if real else quick(command, variables), timeout)
        return Ended(run.stdout.decode(), run.stderr.decode(), run.returncode)
    from tests.in_process import in_process  # which imports the package

    if not before:
        return in_process(last, folder, variables, given)
    first = _bash(before, folder, given, variables, timeout)
    ended = in_process(last, folder, variables, first.stdout)
    return Ended(ended.stdout, first.stderr.decode() + ended.stderr, ended.code or first.returncode)


def _is_plain(command: str) -> bool:
    """Tell whether a command line is one run of softmax, with nothing in it that the shell does.

    Code of the user's, which would stay imported, does not count as plain.
    """
    return command.startswith("softmax ") and not _SHELL & set(command) and ".py" not in command


def _bash(
    command: str, folder: Path, given: bytes, variables: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        input=given,
        capture_output=True,
        env=dict(variables),
        timeout=timeout,
        check=False,
    )
