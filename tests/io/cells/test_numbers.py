"""The grammar of numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_cli.io.cells.numbers import (
    NotANumberError,
    is_meant_as_number,
    is_number,
    read_cells,
    read_number,
)

NUMBERS = ["1", "-1", "+1", ".5", "5.", "-.5", "1e3", "1E-3", "1.e+3", " 2 ", "\t2", "00012", "inf", "-inf"]
OTHERS = [
    "",
    " ",
    "abc",
    "1_000",
    "0x10",
    "1e",
    "e5",
    ".",
    "+",
    "--1",
    "1 2",
    "1,5",
    "१२",
    "½",
    "infin",
    "1e400",
]


@pytest.mark.parametrize(
    "text", [*NUMBERS, "Infinity", "+INF", "-iNfInItY", "5e-324", "1e-400", "1" * 400 + "e-300"]
)
def test_grammar_takes(text: str) -> None:
    """A number has a sign, digits, a point and an exponent, or is inf; it is what float() makes of it."""
    assert read_number(text) == float(text)


@pytest.mark.parametrize(
    "text",
    [
        *OTHERS,
        "nan",
        "-NaN",
        "nan(1)",
        "١٢",
        "1__0",
        "0b1",
        "1" * 400,
        "1\0",
        "1\x1c",
        "1\xa0",
        "\u0131nf",
        "inf inity",
    ],
)
def test_grammar_refuses(text: str) -> None:
    """What is not a number, or not a double, is refused, alone and among others."""
    assert not is_number(text)
    with pytest.raises(NotANumberError) as caught:
        read_cells(["1", text, "2"])
    assert caught.value.position == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("abc", "'abc' is not a number"),
        ("", "an empty cell is not a number"),
        ("1_000", "'1_000' is not a number"),
        ("0x10", "'0x10' is not a number"),
        ("1e400", "'1e400' is too large for a double"),
        ("-1e400", "'-1e400' is too large for a double"),
        ("nan", "'nan' is not a number"),
        ("x" * 100, f"'{'x' * 60}...' is not a number"),
        ("a\nb", r"'a\nb' is not a number"),
    ],
)
def test_reason(text: str, reason: str) -> None:
    """The reason quotes the text, on one line, and says what is special about it."""
    with pytest.raises(NotANumberError) as caught:
        read_number(text)
    assert str(caught.value) == reason


@pytest.mark.parametrize("text", ["nan", "-nan", "1e400", "1_000", "0x1F", "1", "-inf", "12.5.3"])
def test_slips_are_meant_as_numbers(text: str) -> None:
    """An attempt at a number is not a name, and makes no header."""
    assert is_meant_as_number(text)


@pytest.mark.parametrize("text", ["", "a", "digit_1", "e", "x1", "nano", "_", ".", "1a", "-"])
def test_words_are_not_meant_as_numbers(text: str) -> None:
    """A word is a name."""
    assert not is_meant_as_number(text)


@given(st.floats(allow_nan=False))
def test_repr_reads_back(value: float) -> None:
    """Every double reads back to the same bits."""
    assert math.copysign(1, read_number(repr(value))) == math.copysign(1, value)
    assert read_number(repr(value)) == value


@given(
    st.lists(
        st.one_of(st.text(alphabet="0123456789+-.eE_inf xa\xa0٣\u0131\x1c\t"), st.sampled_from(NUMBERS)),
        max_size=6,
    )
)
def test_bulk_reader_agrees(cells: list[str]) -> None:
    """The fast reader takes exactly what the grammar takes, and to the same doubles."""
    if all(map(is_number, cells)):
        assert read_cells(cells).tolist() == [read_number(cell) for cell in cells]
    else:
        with pytest.raises(NotANumberError) as caught:
            read_cells(cells)
        assert [is_number(cell) for cell in cells].index(False) == caught.value.position
