"""The fast reader of delimited text and the careful one give the same rows and the same errors."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from softmax_cli.io.options import ReadOptions
from softmax_cli.io.read import read_source
from softmax_cli.io.streams.source import Source
from softmax_cli.io.table.lay_out import lay_out
from softmax_cli.io.text import fast_reader, reader
from softmax_cli.io.text.fast_reader import BlockParser
from tests.io.reading import told

NEVER = 1 << 60


@contextmanager
def way(large: int, block: int) -> Iterator[None]:
    """Set from how many bytes on, and in which pieces, the fast way is taken."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "LARGE", large)
        patch.setattr(reader, "BLOCK", block)
        patch.setattr(reader, "CHUNK", block)
        patch.setattr(reader, "SAMPLE", block)
        yield


def read(text: bytes, options: ReadOptions) -> tuple[list[Any], list[str]]:
    """Return every row with its place and kept cells, the error at the end, and the notes."""
    notes: list[str] = []
    source = Source("x.csv", io.BytesIO(text))
    rows = told(read_source(source, options, note=notes.append))
    return rows, [note for note in notes if "the first row" in note]  # others depend on the first block


def assert_same(text: bytes, options: ReadOptions, block: int = 40) -> None:
    """Read the text both ways, the fast one in small blocks."""
    with way(NEVER, 1 << 18):
        careful = read(text, options)
    with way(0, block):
        assert read(text, options) == careful


NUMBERS = st.one_of(
    st.floats(allow_nan=False).map(repr),
    st.floats(-30, 30).map(lambda x: f"{x:.4f}"),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(
        [
            "-inf",
            "inf",
            "INF",
            "+inf",
            "Infinity",
            "+1",
            "1.",
            ".5",
            "1E5",
            "1e-400",
            "-0",
            "007",
            " 1",
            "1 ",
            "\t2",
        ]
    ),
)
ODD = st.sampled_from(
    [
        "nan",
        "NaN",
        "1e400",
        "-1e999",
        "1_000",
        "0x10",
        "",
        " ",
        "abc",
        "1e",
        "--1",
        "١",
        "1\u00a0",
        '"1"',
        '"',
        "#1",
    ]
)
WORDS = st.one_of(
    st.sampled_from(["a", "x,y", 'q"r', "", " s ", "#c", "inf", "é", "1.5", "\ufeff", "info", "a\nb", "nan"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5),
)


def quoted(word: str, delimiter: str) -> str:
    """Write a kept cell as RFC 4180 has it."""
    if any(sign in word for sign in ('"', "\n", delimiter)):
        return '"' + word.replace('"', '""') + '"'
    return word


@st.composite
def tables(draw: st.DrawFn) -> tuple[bytes, ReadOptions]:
    """Make a delimited text: mostly well formed, with a few slips."""
    delimiter = draw(st.sampled_from([",", ",", ",", "\t", ";", "|", " "]))
    k = draw(st.integers(1, 4))
    kept = draw(st.integers(0, 2)) if delimiter != " " else 0
    in_front = draw(st.booleans())
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    slips = draw(st.integers(0, 9)) == 0
    lines = []
    if draw(st.booleans()):
        names = [f"kept{i}" for i in range(kept)]
        classes = [f"c{i}" for i in range(k)]
        lines.append(delimiter.join(names + classes if in_front else classes + names))
    for _ in range(draw(st.integers(1, 12))):
        numbers = [draw(ODD if slips and draw(st.integers(0, 5)) == 0 else NUMBERS) for _ in range(k)]
        words = [quoted(draw(WORDS), delimiter) for _ in range(kept)]
        cells = words + numbers if in_front else numbers + words
        if slips and draw(st.integers(0, 9)) == 0:
            cells = draw(st.sampled_from([cells[:-1], [*cells, "1"], [], ["# " + cells[0]]]))
        lines.append(delimiter.join(cells))
    text = end.join(lines) + (end if draw(st.booleans()) else "")
    first = kept + 1 if in_front else 1
    columns = f"{first}-{first + k - 1}" if kept else draw(st.sampled_from([None, f"1-{k}", str(k)]))
    bom = "\ufeff" if draw(st.integers(0, 9)) == 0 else ""
    return (bom + text).encode(), ReadOptions(columns=columns)


@settings(max_examples=150, deadline=None)
@given(tables(), st.integers(10, 200))
@example((b"a,b\n1,2\n3,1e400\n", ReadOptions()), 10)
@example((b"a,n\n1,x\n2\n3,y\n", ReadOptions(columns="a")), 10)
@example((b"a,n\n1,x\n2,\n3,1e400\n4,information\n", ReadOptions(columns="a")), 10)
@example((b"n,a\n#x,1\nb,2\n", ReadOptions(columns="a")), 10)
@example((b'n,a\n"x\n1,2\n3",4\n5,6\n', ReadOptions(columns="a")), 10)
@example((b"1,2\n" * 20 + b"\n" * 5 + b"3,4\nx,5\n", ReadOptions()), 16)
@example((b"1 2\n" * 20 + b" 1  2 \n3 4 5\n", ReadOptions()), 16)
@example((b"1,2\n" * 20 + b"\xff,4\n", ReadOptions()), 16)
@example((b"1,x\n" * 20 + b"1,\xff\n", ReadOptions(columns="1")), 16)
@example((b"1,x\n" * 20 + b"1,\0\n", ReadOptions(columns="1")), 16)
def test_both_ways_read_the_same(table: tuple[bytes, ReadOptions], block: int) -> None:
    """Rows, bits, places, notes and errors are the same on any text, however it is cut."""
    text, options = table
    assert_same(text, options, block)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.integers(5, 60))
@example(b"(\xb5/\xfd", 5)
@example(b"(\xb5/\xfd", 60)
@example(b"\x00", 5)
def test_both_ways_read_any_bytes(text: bytes, block: int) -> None:
    """Any bytes at all give the same rows and the same errors."""
    assert_same(b"1,2\n3,4\n" + text, ReadOptions(), block)


@pytest.mark.parametrize("start", ["x^", "x\1"])
def test_a_block_that_begins_as_compressed_data_does(start: str) -> None:
    """Text that begins like compressed data, which polars would decompress, is read as text."""
    rows = [f"{start}{i},{i},0.5" for i in range(9)]
    assert_same("\n".join(["id,a,b", *rows]).encode(), ReadOptions(columns="a,b"), 20)


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_compressed_rows_are_no_rows(level: int) -> None:
    """Rows within compressed data are not read from the middle of a text."""
    options = ReadOptions(columns="a,b")
    parser = BlockParser(lay_out(["id", "a", "b"], 3, options, where="x"), ",")
    data = zlib.compress(b"u,1,2\n", level)
    assert parser.parse(data) is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(NUMBERS, min_size=5, max_size=5), min_size=1, max_size=8), ODD, st.booleans())
def test_wide_tables(rows: list[list[str]], odd: str, slip: bool) -> None:
    """Very wide tables are parsed in another way, with the same result."""
    wide = [row * 12 for row in rows]
    if slip:
        wide[-1][-7] = odd
    text = "\n".join(map(",".join, wide)).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_reader, "WIDE", 50)
        assert_same(text, ReadOptions(), 800)
        assert_same(text + b",1\n", ReadOptions(), 800)


def parsed(text: bytes, k: int, **options: Any) -> Any:
    """Parse a block of k columns with the fast reader alone."""
    layout = lay_out(None, k, ReadOptions(**options), where="x")
    return BlockParser(layout, ",").parse(text)


def test_numbers_are_read_to_the_nearest_double() -> None:
    """17 digits, subnormal numbers, and halves of the last place: polars reads what float() reads."""
    random = np.random.default_rng(0)
    values = random.integers(0, 1 << 63, 20_000, dtype=np.uint64).view(np.float64)
    small = random.integers(0, 1 << 52, 2_000, dtype=np.uint64).view(np.float64)
    texts = [f"{x:.16e}" for x in values[np.isfinite(values)]] + [f"{x:.25e}" for x in small]
    texts += [
        "9007199254740993",
        "2.2250738585072011e-308",
        "4.9406564584124654e-324",
        "2.47032822920623272e-324",
    ]
    found = parsed("\n".join(texts).encode(), 1, columns="1").values[:, 0]
    assert found.view(np.uint64).tolist() == np.array(list(map(float, texts))).view(np.uint64).tolist()


@pytest.mark.parametrize(
    "text", [b"1,2\n3,-inf\n", b'1,"2"\n3,4', b"1,2\r\n3,4\r\n", b"1, 2\n+3,4.\n", b"1,INF\n2,-Infinity\n"]
)
def test_what_the_fast_way_takes(text: bytes) -> None:
    """The fast reader itself reads masks, quotes, CRLF and signs."""
    assert parsed(text, 2) is not None


@pytest.mark.parametrize(
    "text",
    [
        b"1,2\n\n",
        b"1,2\n3\n",
        b"1,2,3\n",
        b"1,nan\n",
        b"1,1e999\n",
        b"1,\n",
        b"1,2\r3,4\n",
        b"#1,2\n",
        b"1,2 x\n",
    ],
)
def test_what_the_fast_way_leaves(text: bytes) -> None:
    """What polars would read differently, or not at all, is left to the careful reader."""
    assert parsed(text, 2) is None


@pytest.mark.parametrize(
    ("first", "rest", "options"),
    [
        (b"1,5;2,25\n", b"1.5;2\n", {"decimal": ","}),
        (b"1,5;-2,25e3\n", b"1.234,5;2\n", {"decimal": ","}),
        (b'"1,5","2,25"\n', b'"1","2"\n', {"decimal": ","}),
        (b"-inf;2,25\n", b"1e400;2\n", {"decimal": ","}),
        (b'1,"[1.5, 2]"\n', b'2,"[1, 2, 3]"\n', {}),
        (b'1,"[1.5, 2]"\n', b'2,"tensor([1, 2])"\n3,"[1,inf]"\n3,"[1,1e999]"\n', {}),
        (b"1,[ 1.5  2]\n", b"2,[1  2 ]\n2,[ -1  2. ]\n2,[1]\n", {}),
        (b'"[1.5, 2]"\n', b'"[1;2]"\n', {}),
        (b'1,"[1.5, 2]"\n', b'2,"[1, \n2]"\n2,"[,1, 2]"\n', {}),
        (b"1,1.5 2\n", b"2,1  2\n1,x\n", {"columns": "2"}),
    ],
)
def test_lists_and_decimal_commas_both_ways(first: bytes, rest: bytes, options: dict[str, Any]) -> None:
    """Both readers read lists in cells and decimal commas alike, with the same errors."""
    assert_same(first * 30 + rest, ReadOptions(**options))


def test_lists_are_read_fast() -> None:
    """Plain lists take no second reading."""
    layout = lay_out(None, 2, ReadOptions(), where="x", lists={1: 2})
    parsed = BlockParser(layout, ",").parse(b'1,"[1.5, -2]"\n2,"[0.1, 3e5]"\n')
    assert parsed is not None
    assert parsed.values.tolist() == [[1.5, -2], [0.1, 3e5]]
