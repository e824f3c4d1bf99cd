"""`softmax check` at a terminal."""

from pathlib import Path

from tests.terminal import on_terminal

SLOW = "(printf 'a,b,c\\n'; for i in 1 2 3 4 5 6; do printf '1,2,0\\n'; sleep 0.3; done)"


def test_a_long_check_shows_how_far_it_is(tmp_path: Path) -> None:
    """After a second a bar, on stderr, that is gone when the report comes; not with --quiet."""
    seen = on_terminal(f"{SLOW} | softmax check -")
    assert " rows" in seen.raw
    assert "bytes/s" in seen.raw
    assert seen.lines[0].startswith("The Jacobian of softmax is right: 54 entries agree")
    for silent in (f"{SLOW} | softmax check - -q", f"{SLOW} | softmax check - 2>{tmp_path}/stderr"):
        assert "bytes/s" not in on_terminal(silent).raw
