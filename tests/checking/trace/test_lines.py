"""Every line of a right function, with what it holds, in the styles that people write in."""

from pathlib import Path
from runpy import run_path

import pytest

from softmax_cli.checking.inputs import Inputs, Kind, Sought
from softmax_cli.checking.trace.lines import SourceLine, trace

ROW = Inputs.of([1.43, -0.4, 0.23, 0.7], 1.0, 1, [0.2, 1.0, -0.7, 0.4])


def traced(
    source: str, call: str, kind: Kind, tmp_path: Path, function: str = "softmax"
) -> list[SourceLine] | None:
    """Return the lines of a function that is called by an expression of z, g and y."""
    path = tmp_path / "theirs.py"
    path.write_text("import math\nimport numpy as np\n" + source)
    assert ROW.target is not None
    assert ROW.vector is not None
    given = run_path(str(path)) | {"z": ROW.z[0], "y": int(ROW.target[0]), "g": ROW.vector[0]}
    return trace(lambda: eval(call, given), str(path), Sought(function, kind), ROW)


@pytest.mark.parametrize(
    ("source", "call", "kind", "holds"),
    [
        (
            "def f(z):\n    e = np.exp(z - z.max())\n    p = e / e.sum()\n"
            "    return np.diag(p) - np.outer(p, p)\n",
            "f(z)",
            "jacobian",
            [(4, "exp(z - max z)"), (5, "p"), (6, "J = (diag(p) - p p^T)")],
        ),
        (
            "def sm(x):\n    return np.exp(x) / np.exp(x).sum()\ndef f(z):\n    p = sm(z)\n    return p\n",
            "f(z)",
            "probabilities",
            [(4, "p"), (6, "p"), (7, "p")],
        ),
        (
            "class L:\n    def forward(self, z):\n        self.p = np.exp(z) / np.exp(z).sum()\n"
            "    def back(self, g):\n        dot = (self.p * g).sum()\n        return self.p * (g - dot)\n"
            "def f(z, g):\n    one = L()\n    one.forward(z)\n    return one.back(g)\n",
            "f(z, g)",
            "vjp",
            [(5, "p"), (7, "g . p"), (8, "p (g - g . p)"), (12, "p (g - g . p)")],
        ),
        (
            "class L:\n    def __call__(self, z):\n        try:\n            self.p = z / self.total\n"
            "        except AttributeError:\n            self.p = np.exp(z) / np.exp(z).sum()\n"
            "        return self.p\n",
            "L()(z)",
            "probabilities",
            [(8, "p"), (9, "p")],
        ),
        (
            "def f(z):\n    out = []\n    s = sum(math.exp(v) for v in z)\n    for v in z:\n"
            "        q = math.exp(v) / s\n        out.append(q)\n    return out\n",
            "f(z)",
            "probabilities",
            [(5, "S = sum exp(z)"), (7, "p, one after another"), (8, "p"), (9, "p")],
        ),
        (
            "def f(z):\n    p = np.exp(z) / np.exp(z).sum()\n    J = np.zeros((4, 4))\n"
            "    for i in range(4):\n        for j in range(4):\n"
            "            J[i, j] = p[i] * ((i == j) - p[j])\n    return J\n",
            "f(z)",
            "jacobian",
            [(4, "p"), (8, "J = (diag(p) - p p^T)"), (9, "J = (diag(p) - p p^T)")],
        ),
        ("f = lambda z: np.exp(z) / np.exp(z).sum()\n", "f(z)", "probabilities", [(3, "p")]),
        (
            "def f(z):\n    z = z.astype(np.float32)\n    p = np.exp(z) / np.exp(z).sum()\n    return p\n",
            "f(z)",
            "probabilities",
            [(4, "z"), (5, "p"), (6, "p")],
        ),
        (
            "def f(z):\n    e = np.zeros(4)\n    np.exp(z, out=e)\n    e /= e.sum()\n    return e\n",
            "f(z)",
            "probabilities",
            [(5, "exp(z)"), (6, "p"), (7, "p")],
        ),
    ],
    ids=["arrays", "helper", "class", "failed line", "list", "double loop", "lambda", "float32", "in place"],
)
def test_each_line_is_told_with_what_it_holds(
    source: str, call: str, kind: Kind, holds: list[tuple[int, str]], tmp_path: Path
) -> None:
    """Lines of buffers and counters are left out."""
    found = traced(source, call, kind, tmp_path)
    assert found is not None
    assert all(line.expected is None for line in found)
    assert [(line.number, line.holds) for line in found] == holds


def test_a_loss_is_named_in_its_own_words(tmp_path: Path) -> None:
    """Its steps are those of a gradient."""
    source = "def f(z, y):\n    p = np.exp(z) / np.exp(z).sum()\n    return -np.log(p[y])\n"
    found = traced(source, "f(z, y)", "loss", tmp_path, "cross-entropy")
    assert found is not None
    assert [line.holds for line in found] == ["p", "the loss of each row, -log p of the target"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(z):\n    for i in range(5000):\n        x = i * 0.5\n    return z\n",
        "def f(z):\n    raise ValueError\n",
        "from numpy import exp as f\n",
    ],
)
def test_what_cannot_be_followed_has_no_lines(source: str, tmp_path: Path) -> None:
    """Too many lines, an error, compiled code."""
    assert traced(source, "f(z)", "probabilities", tmp_path) is None
