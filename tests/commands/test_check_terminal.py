"""`softmax check` at a terminal."""

from pathlib import Path

from tests.terminal import on_terminal

SLOW = "(printf 'a,b,c\\n'; for i in 1 2 3 4 5 6 7 8 9 10; do printf '1,2,0\\n'; sleep 0.2; done)"

LAYER = """
import time
import numpy as np

def slow(z):
    time.sleep(0.02)
    p = np.exp(z - z.max())
    p /= p.sum()
    return np.diag(p) - np.outer(p, p)
"""


def test_a_slow_function_shows_how_many_rows_it_has_answered(tmp_path: Path) -> None:
    """A progress bar also waits for the user's own function."""
    (tmp_path / "layer.py").write_text(LAYER)
    (tmp_path / "rows.csv").write_text("a,b,c\n" + "1,2,0\n" * 90)
    seen = on_terminal("softmax check rows.csv --against layer.py:slow", cwd=tmp_path)
    assert " rows" in seen.raw
    assert seen.lines[0].startswith("layer.py:slow: right, called as slow(z)")


def test_a_long_check_shows_how_far_it_is(tmp_path: Path) -> None:
    """After a second, stderr shows a bar until the report comes, but not with --quiet."""
    seen = on_terminal(f"{SLOW} | softmax check -")
    assert " rows" in seen.raw
    assert "bytes/s" in seen.raw
    assert seen.lines[0].startswith("The Jacobian of softmax is right: 90 entries agree")
    quiet, elsewhere = f"{SLOW} | softmax check - -q", f"{SLOW} | softmax check - 2>{tmp_path}/stderr"
    silent = on_terminal(f"{quiet} & {elsewhere}; wait").raw
    assert silent.count("The Jacobian of softmax is right") == 2
    assert "bytes/s" not in silent
