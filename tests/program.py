"""Running the real program the way a user does: through a shell, in a pipe, or on a terminal."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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


def shell(
    command: str,
    *,
    cwd: Path | None = None,
    stdin: str | bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> Ended:
    """Run `command` in bash, with pipefail, and return what it printed."""
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=cwd or DATA,
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        env=dict(env or environment()),
        timeout=timeout,
        check=False,
    )
    return Ended(ended.stdout.decode(), ended.stderr.decode(), ended.returncode)
