"""What holds for every drawing: it fits, it is whole, it is safe."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from softmax_cli.render.layout.console import Screen
from softmax_cli.render.layout.glyphs import cells
from tests.render.on_screen import DRAWINGS, Draw

CUT = re.compile(r"\d…|…\d|\.…")
HOSTILE = [
    "[bold]x[1][/]",
    "a\x1b[31m\nb",
    "日本語の種類",
    "👩‍🔬🎉",
    "שלום",
    "e\u0301" * 9,
    "setosa",
    "x" * 60,
    "7",
    "\u202e",
]

plain_logit = st.floats(-50, 50)
any_logit = st.floats(allow_nan=False, allow_infinity=False, width=64) | plain_logit


def no_wider(lines: list[str], width: int) -> bool:
    """Tell whether every line fits, and say which does not."""
    wide = [line for line in lines if cells(line) > width]
    assert not wide, wide
    return True


@settings(max_examples=150, deadline=None)
@given(
    what=st.sampled_from(DRAWINGS),
    k=st.integers(1, 40) | st.sampled_from([100, 300]),
    n=st.integers(1, 3),
    width=st.sampled_from([30, 40, 41, 57, 80, 120, 200]),
    temperature=st.sampled_from([1.0, 0.01, 12345.678]),
    data=st.data(),
)
def test_no_line_is_wider_than_the_screen(
    draw: Draw, what: str, k: int, n: int, width: int, temperature: float, data: st.DataObject
) -> None:
    """Whatever the classes, the magnitudes and the width, all fits and no number is cut."""
    seed = data.draw(st.integers(0, 2**32 - 1))
    some = data.draw(st.lists(any_logit, min_size=1, max_size=12))
    logits = np.random.default_rng(seed).choice(some, size=(n, k))
    kept = data.draw(st.sampled_from([None, {"id": [12345678901] * n, "label": ["a longer label"] * n}]))
    lines = draw(what, logits, kept=kept, width=width, temperature=temperature, n=min(k, 4))
    assert no_wider(lines, width)
    assert not any(CUT.search(line) for line in lines)


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("what", DRAWINGS)
def test_hostile_names_are_harmless(draw: Draw, what: str, width: int, unicode: bool) -> None:
    """Markup, escape sequences, line ends and wide characters in names neither act nor break the layout."""
    logits = np.linspace(-3, 5, len(HOSTILE))
    kept = {"[red]": ["a\x1b]0;x\x07"] * 2, "日\n": ["[/]"] * 2}
    for rows, beside in (([logits], None), ([logits, -logits], kept)):
        lines = draw(what, rows, HOSTILE, beside, width=width, unicode=unicode)
        assert no_wider(lines, width)
        assert not any(ord(character) < 32 or ord(character) == 127 for line in lines for character in line)
        assert "\u202e" not in "".join(lines)


@pytest.mark.parametrize("what", DRAWINGS)
@pytest.mark.parametrize("rows", [1, 3])
def test_ascii_is_all_that_an_ascii_screen_gets(draw: Draw, what: str, rows: int) -> None:
    """Without Unicode every glyph has its ASCII form, and the layout stays."""
    logits = np.random.default_rng(1).normal(size=(rows, 6))
    plain = draw(what, logits, unicode=False)
    assert all(line.isascii() for line in plain)
    assert [len(line.rstrip(".")) > 0 for line in plain] == [len(line) > 0 for line in draw(what, logits)]


@pytest.mark.parametrize("what", DRAWINGS)
def test_no_line_ends_in_blanks(draw: Draw, what: str) -> None:
    """Nothing invisible is at the end of a line."""
    lines = draw(what, np.random.default_rng(2).normal(size=(2, 7)))
    assert not [line for line in lines if line != line.rstrip()]


@pytest.mark.parametrize("what", DRAWINGS)
def test_the_temperature_is_named_when_it_is_not_one(draw: Draw, what: str) -> None:
    """A temperature other than 1 stands in the title."""
    assert "temperature T = 2.5" in " ".join(draw(what, [[1, 2, 3]], temperature=2.5)[:2])
    assert "temperature" not in " ".join(draw(what, [[1, 2, 3]])[:2])


@pytest.mark.parametrize("what", DRAWINGS)
def test_colour_changes_nothing_but_colour(
    make: SimpleNamespace, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its escape sequences, the coloured drawing is the plain one."""
    import io

    monkeypatch.setenv("TERM", "xterm-256color")
    drawn = []
    for colour in (True, False):
        stream = io.BytesIO()
        make.show(what, [make.batch([[1, 2, -3], [0, 5, 1]])], Screen(stream, colour=colour))
        drawn.append(stream.getvalue().decode())
    assert "\x1b[" in drawn[0]
    assert re.sub(r"\x1b\[[0-9;]*m", "", drawn[0]) == drawn[1]
