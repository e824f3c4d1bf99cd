"""Running the real program the way a user does: through a shell, in a pipe, or on a terminal."""

import math
import os
import re
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


_LONG_NUMBER = re.compile(r"-?\d+\.\d{12,}(?:e-?\d+)?")


_BY_ROUNDING = (
    (re.compile(r"\bto\s+the\s+last\s+digit(?=\.)"), "to 0"),
    # An error of a few units in the last place.
    (re.compile(r"\s(?:-?\d\.\de-1[5-9]|0)(?=[.;,\s])"), " ROUNDING"),
    (re.compile(r"^(The largest errors|Every entry):\n(?:  .*\n)+", re.MULTILINE), r"\1\n"),
    (re.compile(r"smallest\s+at\s+h\s+=\s+\S+\s+where\s+it\s+is\s+\S+\."), "smallest"),
    (re.compile(r"^.*│.*$", re.MULTILINE), "│"),  # the V
    (re.compile(r"^Row \d+:\n(?:.+\n)+", re.MULTILINE), "Row:\n"),  # that of the largest error
    (re.compile(r"(?: --row \S+)?(?: --of \S+)? --wrt \S+"), " --of --wrt"),
)
"""What rounding decides where a check finds nothing wrong, or a derivation agrees."""


def alike(shown: str, expected: str) -> bool:
    """Tell whether two texts are the same but for what the last place of a double decides.

    numpy's exp differs in the last place from processor to processor. Numbers of up to 12 digits, and every
    other character, have to be the same; where a check agrees, its errors and their order need not be.
    """
    if all(re.search(r" is right| is smallest|a difference of", text) for text in (shown, expected)):
        for pattern, word in _BY_ROUNDING:
            shown, expected = pattern.sub(word, shown), pattern.sub(word, expected)
    if _LONG_NUMBER.split(shown) != _LONG_NUMBER.split(expected):
        return False
    pairs = zip(_LONG_NUMBER.findall(shown), _LONG_NUMBER.findall(expected), strict=True)
    return all(math.isclose(float(one), float(other), rel_tol=1e-14) for one, other in pairs)


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
