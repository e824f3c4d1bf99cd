"""Names and glyphs made safe."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_cli.render.layout.bars import MARKS, bar, signed_bar, size_mark
from softmax_cli.render.layout.glyphs import cells, clean, shorten, spell, wrap

anything = st.text(st.characters(codec=None), max_size=30)


@given(anything, st.sampled_from(["utf-8", "ascii", "latin-1", "cp1252"]))
def test_clean_text_cannot_act(text: str, encoding: str) -> None:
    """Nothing is left that a terminal obeys, or that the encoding cannot hold."""
    safe = clean(text, encoding)
    safe.encode(encoding)
    assert not {unicodedata.category(character) for character in safe} & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("name", ["setosa", "[bold]red[/]", "x[1]", "日本語", "né", "👩‍🔬", ""])
def test_ordinary_names_stay(name: str) -> None:
    """A name that is safe is printed as it is, brackets and all."""
    assert clean(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [("a\x1b[2J", "a\\x1b[2J"), ("a\nb\r", "a\\nb\\r"), ("\u202eabc", "\\u202eabc"), ("\ud800", "\\ud800")],
)
def test_unsafe_names_are_escaped(name: str, safe: str) -> None:
    """An escape sequence, a line end, a change of direction and half a character are written out."""
    assert clean(name) == safe


@given(anything.map(clean), st.integers(4, 30), st.booleans())
def test_short_names_fit(name: str, most: int, unicode: bool) -> None:
    """A shortened name fits its cells, and no digit stands beside its ellipsis."""
    short = shorten(name, most, unicode=unicode)
    assert cells(short) <= most
    if short != name:
        ellipsis = spell("…", unicode=unicode)
        assert ellipsis in short
        assert not any(
            f"{ellipsis}{digit}" in short or f"{digit}{ellipsis}" in short for digit in "0123456789"
        ) or (ellipsis in name)


@given(st.text("ab 日é1.", max_size=200), st.integers(10, 60))
def test_wrapped_text_is_whole(text: str, width: int) -> None:
    """A wrapped paragraph fits the width and loses nothing but blanks."""
    lines = wrap(text, width, first="1. ", rest="   ")
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == "1." + text.replace(" ", "")


def test_every_glyph_has_an_ascii_form() -> None:
    """In ASCII, bars and marks are ASCII, and as wide."""
    drawn = [bar(x / 100, 7) for x in range(101)] + [signed_bar(x / 100, 7) for x in range(-100, 101)]
    plain = [bar(x / 100, 7, unicode=False) for x in range(101)]
    plain += [signed_bar(x / 100, 7, unicode=False) for x in range(-100, 101)]
    assert all(text.isascii() for text in plain)
    assert list(map(len, drawn)) == list(map(len, plain))
    assert spell(MARKS + "▸…─│·", unicode=False).isascii()
    assert len(set(spell(MARKS, unicode=False))) == len(MARKS)


@given(st.floats(0, 1), st.integers(1, 100))
def test_a_bar_is_as_long_as_its_number(p: float, width: int) -> None:
    """A bar is right to half an eighth of a cell, never empty for what is not zero, never too wide."""
    drawn = bar(p, width)
    eighths = sum(8 if cell == "█" else " ▏▎▍▌▋▊▉".index(cell) for cell in drawn)
    assert len(drawn) <= width
    assert (drawn == "") == (p == 0)
    assert abs(eighths - p * width * 8) <= 1


@given(st.floats(-1, 1), st.integers(1, 50))
def test_a_signed_bar_grows_from_its_axis(x: float, half: int) -> None:
    """The axis stands still; plus is to its right, minus to its left."""
    drawn = signed_bar(x, half)
    assert drawn.index("│") == half
    assert len(drawn) <= 2 * half + 1
    assert bool(drawn[:half].strip()) == (x < 0)
    assert bool(drawn[half + 1 :]) == (x > 0)


def test_a_size_of_zero_alone_is_blank() -> None:
    """The mark of a size grows with it, and is blank for zero alone."""
    marks = [size_mark(x) for x in (0, 1e-300, 0.3, 0.5, 0.7, 1)]
    assert marks == [" ", *MARKS]
