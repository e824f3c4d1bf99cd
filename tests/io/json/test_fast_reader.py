"""The fast way through JSON lines and the careful one give the same rows, and the same errors."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from softmax_cli.io.cells.json_text import json_text
from softmax_cli.io.cells.kept import cell_text
from softmax_cli.io.json import fast_reader, lines_reader
from softmax_cli.io.json.fast_reader import LineParser
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.read import read_source
from softmax_cli.io.streams.source import Source
from softmax_cli.io.table.lay_out import lay_out
from softmax_cli.io.text import blocks
from tests.io.reading import told

NEVER = 1 << 60


@contextmanager
def way(large: int, block: int) -> Iterator[None]:
    """Set from how many bytes on, and in which pieces, the fast way is taken."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_reader, "LARGE", large)
        patch.setattr(lines_reader, "BLOCK", block)
        patch.setattr(lines_reader, "CHUNK", block)
        patch.setattr(lines_reader, "SAMPLE", 1)
        patch.setattr(blocks, "CHUNK", block // 2)
        patch.setattr(fast_reader, "_PIECE", block // 2)
        yield


def read(text: bytes, options: ReadOptions) -> list[Any]:
    """Return every row with its place and kept cells, and the error at the end."""
    return told(read_source(Source("x.jsonl", io.BytesIO(text)), options, note=lambda _: None), _known)


def _known(cell: Any) -> tuple[str, str, str]:
    """Return a kept cell as each format writes it, and the kind of its type."""
    kind = "number" if isinstance(cell, int | float) else type(cell).__name__
    return kind, cell_text(cell), json_text(cell)


def assert_same(text: bytes, options: ReadOptions, block: int = 60) -> None:
    """Read the text both ways, the fast one in small blocks."""
    with way(NEVER, 1 << 18):
        careful = read(text, options)
    with way(0, block):
        assert read(text, options) == careful


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(-30, 30).map(lambda x: f"{x:.4f}"),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(
        ['"-inf"', '"-inf"', "-0", "0", "1E5", "1e-05", "1e+5", "0.10", "1e-400", "-0.0", "1e16"]
    ),
)
ODD = st.sampled_from(
    [
        *(
            "01",
            "-01",
            "00",
            "1.",
            ".5",
            "-.5",
            "+1",
            "1.e5",
            "1e",
            "1e+",
            "--1",
            "-",
            "1-2",
            "",
            "1 2",
            "e5",
        ),
        *("1e400", "-1e999", "-1e400", "NaN", "-Infinity", "Infinity", "nan", "inf", "-inf", "0x10", "1_0"),
        *("null", "true", "false", "[1]", '{"a":1}', "[]", '"inf"', '"INF"', '"1"', '"x"', '""', "'1'", "١"),
        *('"-inf"-inf"', '"-inf""-inf"', "1,2", '"', "9" * 400, "1" * 5000, "1\u00a0", "\t1", "1\t"),
    ]
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            "a",
            "x,y",
            "a:b",
            "{}",
            "[1]",
            "",
            " ",
            "#c",
            "-inf",
            "inf",
            "é",
            "1.5",
            "\ufeff",
            "-1e999",
            "\u2028",
        ]
    ),
    st.sampled_from(['q"r', "a\\b", "a\nb", "\0", "\x7f", "\x1f", "😀"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
).map(lambda text: json.dumps(text, ensure_ascii=len(text) == 3))
KEPT = st.one_of(TEXTS, TEXTS, NUMBERS)
KEYS = st.lists(
    st.one_of(
        st.sampled_from(["c1", "1c", "1", "e", "a,b", "a:b", "{", "-inf", "-1e999", "é", 'q"', ""]),
        st.text(max_size=3).filter(lambda text: text.isprintable()),
    ),
    min_size=1,
    max_size=5,
    unique=True,
)
FORMS = st.sampled_from([(",", ":"), (", ", ": "), (",", ": "), (" ,", ":"), (",\t", " : "), (",  ", ":  ")])


@st.composite
def texts(draw: st.DrawFn) -> tuple[bytes, ReadOptions]:
    """Make JSON lines: mostly well formed and alike, with a few slips."""
    keys = draw(KEYS)
    arrays = draw(st.booleans())
    kept = draw(st.integers(0, len(keys) - 1))
    in_front = draw(st.booleans())
    comma, colon = draw(FORMS)
    end = draw(st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]))
    slips = draw(st.integers(0, 3)) == 0
    kinds = [draw(st.sampled_from([TEXTS, st.integers(-9, 99).map(str), NUMBERS, KEPT])) for _ in range(kept)]

    def slip(often: int) -> bool:
        return slips and draw(st.integers(0, often)) == 0

    def line() -> str:
        cells = [draw(ODD if slip(9) else NUMBERS) for _ in range(len(keys) - kept)]
        others = [draw(ODD if slip(9) else kind) for kind in kinds]
        cells = others + cells if in_front else cells + others
        here = (", ", ": ") if slip(9) else (comma, colon)
        if arrays:
            pairs = cells
        else:
            pairs = [
                json.dumps(key, ensure_ascii=False) + here[1] + cell
                for key, cell in zip(keys, cells, strict=True)
            ]
        if slip(9):
            pairs = draw(
                st.sampled_from(
                    [pairs[::-1], pairs[:-1], [*pairs, pairs[0]], [*pairs, '"new":1'], [*pairs, "1"]]
                )
            )
        text = ("[]" if arrays else "{}")[0] + here[0].join(pairs) + ("[]" if arrays else "{}")[1]
        if slip(9):
            text = draw(
                st.sampled_from(
                    ["", " ", text + " ", " " + text, text + "x", text[:-1], "1" + text, "3", "null"]
                )
            )
        return text

    lines = [line() for _ in range(draw(st.integers(1, 12)))]
    text = end.join(lines) + (end if draw(st.booleans()) else "")
    first = kept + 1 if in_front else 1
    columns = f"{first}-{first + len(keys) - kept - 1}" if kept else None
    bom = "\ufeff" if draw(st.integers(0, 9)) == 0 else ""
    return (bom + text).encode(), ReadOptions(columns=columns)


A = b'{"a":1,"b":2}\n'


@settings(max_examples=150, deadline=None)
@given(texts(), st.integers(20, 300))
@example((A * 9 + b'{"b":1,"a":2}\n', ReadOptions()), 30)
@example((A * 9 + b'{"a":1,"b":2,"a":3}\n', ReadOptions()), 30)
@example((A * 9 + b'{1"a":.5,"b":2}\n', ReadOptions()), 30)
@example((A * 9 + b'{"a"1:.5,"b":2}\n', ReadOptions()), 30)
@example((A * 9 + b':1"a"{,"b":2}\n', ReadOptions()), 30)
@example((A * 9 + b'{"a":1,2"b":}\n', ReadOptions()), 30)
@example((A * 9 + b'"a"{:1,"b":2}\n', ReadOptions()), 30)
@example((b'{"a": 1, "b": 2}\n' * 9 + b'{"a": 1, 2"b": }\n', ReadOptions()), 30)
@example((b'{"a": 1, "b": 2}\n' * 9 + b'{"a":1 , "b": 2}\n', ReadOptions()), 30)
@example((A * 9 + b'{"a\0":1,"b":2}\n', ReadOptions()), 30)
@example((A * 9 + b'{"a":1,"b":2}\0\n', ReadOptions()), 30)
@example((A * 9 + b'{"a":\xff,"b"51}\n', ReadOptions()), 30)
@example((A * 9 + b'{"a":"-inf"5,"b":2}\n', ReadOptions()), 30)
@example((A * 9 + b'{"a":1 ,"b":2}\n{"a":1,2,"b":}\n', ReadOptions()), 30)
@example((b'{"c1":1,"1c":2}\n' * 9 + b'{"c":1,"11c":2}\n', ReadOptions()), 30)
@example((b"[1,2]\n" * 9 + b"1[,2]\n[1,2]\n", ReadOptions()), 12)
@example((b"[1,2]\n" * 9 + b"[1,2\n]", ReadOptions()), 300)
@example((b'{"t":"x","a":1}\n' * 9 + b'{"t":"x"-inf"y","a":1}\n', ReadOptions(columns="a")), 40)
@example((b'{"t":"x","a":1}\n' * 9 + b'{"t":"x"-inf"y","a":-1e400}\n', ReadOptions(columns="a")), 40)
@example((b'{"t":"x","a":1}\n' * 9 + b'{"t":"x"1,"a":}\n', ReadOptions(columns="a")), 40)
@example((b'{"t":"x","a":1}\n' * 9 + b'{"t":1"x","a":1}\n', ReadOptions(columns="a")), 40)
@example((b'{"t":"x","a":1}\n' * 9 + b'{"t":"\n","a":1}\n', ReadOptions(columns="a")), 40)
@example((b'{"t":"x","a":1}\n' * 9 + b'{"t":"\xff","a":1}\n', ReadOptions(columns="a")), 40)
@example((b'{"t":"x","a":1}\n' * 9 + b'{"t":"\0","a":1}\n', ReadOptions(columns="a")), 40)
@example((b'{"t":1,"a":1}\n' * 9 + b'{"t":,"a":1}\n', ReadOptions(columns="a")), 40)
@example((b'{"t":1,"a":1}\n' * 9 + b'{"t":"-inf","a":1}\n', ReadOptions(columns="a")), 40)
@example((b'{"t":1.50,"a":1}\n{"t":-0,"a":1}\n{"t":1e16,"a":1}\n' * 5, ReadOptions(columns="a")), 40)
@example((b'["x",1]\n' * 9 + b'[1"x",]\n', ReadOptions(columns="2")), 40)
@example((b'{"a":"-inf","b":2}\n' * 9 + b'{"a":"-inf","b":"-inf"}\n', ReadOptions()), 40)
def test_both_ways_read_the_same(table: tuple[bytes, ReadOptions], block: int) -> None:
    """Rows, bits, places, kept cells and errors are the same on any text, however it is cut."""
    text, options = table
    assert_same(text, options, block)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 60), st.integers(20, 60))
@example(b"\r", 22, 20)
@example(b"\r", 26, 20)
def test_both_ways_read_any_bytes(damage: bytes, at: int, block: int) -> None:
    """What is damaged is told in the same words."""
    line = b'{"t":"x y","a":1.5,"b":-2}\n'
    end = line[:at] + damage + line[at + len(damage) // 2 :]
    assert_same(line * 4 + end + line, ReadOptions(columns="a,b"), block)


SIGNS = st.text(st.sampled_from('{}[]:", \n\r0123.-+eEabt\\'), max_size=8).map(str.encode)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([A, b"[1, 2]\n", b'{"a":"b","b": 1, "e": 2}\n']),
    SIGNS,
    st.integers(0, 28),
    st.integers(0, 6),
)
def test_signs_in_other_places(line: bytes, signs: bytes, at: int, less: int) -> None:
    """The signs of JSON itself, put where they do not belong, are told of in the same words."""
    columns = "b,e" if b"e" in line else None
    assert_same(
        line * 2 + line[:at] + signs + line[at + less :] + line, ReadOptions(columns=columns), 1 << 10
    )


def parsed(text: bytes, names: list[str] | None, width: int, **options: Any) -> Any:
    """Parse a block, the fast way alone."""
    return LineParser(lay_out(names, width, ReadOptions(**options), where="x")).parse(text)


@pytest.mark.parametrize(
    "text",
    [
        A * 3,
        b'{"a": 1, "b": 2}\r\n{"a": -0.5E-07, "b": 1e+5}',
        b'{"a":"-inf","b":2}\n{"a":1,"b":2}',
    ],
)
def test_what_the_fast_way_takes(text: bytes) -> None:
    """Masks, CRLF, blanks and exponents cost no second reading."""
    assert parsed(text, ["a", "b"], 2) is not None


def test_kept_cells_of_the_fast_way() -> None:
    """Kept cells have their JSON types: texts, whole numbers, numbers, and numbers written in another way."""
    text = b'{"t":"x, {y}","n":7,"w":0.5,"v":1.50,"a":1}\n{"t":"","n":-8,"w":1.0,"v":7,"a":2}\n'
    rows = parsed(text, ["t", "n", "w", "v", "a"], 5, columns="a")
    assert [list(column) for column in rows.kept] == [["x, {y}", ""], [7, -8], [0.5, 1.0], [1.5, 7]]
    assert list(map(cell_text, rows.kept[3])) == ["1.50", "7"]


@pytest.mark.parametrize("k", [600, 2000])
def test_wide_rows(k: int) -> None:
    """Rows of very many classes go the fast way too, as arrays and as objects."""
    values = np.random.default_rng(0).normal(size=(3, k))
    arrays = "".join(json.dumps(row) + "\n" for row in values.tolist()).encode()
    assert (parsed(arrays, None, k).values == values).all()
    names = [f"c{j}" for j in range(k)]
    objects = "".join(
        json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in values.tolist()
    ).encode()
    assert (parsed(objects, names, k).values == values).all()


def test_place_after_fast_blocks() -> None:
    """The line of an error is exact behind many fast blocks."""
    text = b"[1,2]\n" * 10_000 + b"[1,x]\n"
    with way(0, 1 << 10):
        rows = read(text, ReadOptions())
    assert len(rows) == 10_001
    assert rows[-1][0] == "x.jsonl:10001: not JSON: expecting value at character 4"


@pytest.mark.parametrize(
    ("first", "rest"),
    [
        (b'{"id":1,"z":[1.5, 2]}\n', b'{"id":1,"z":[1.5, 2, 3]}\n'),
        (b'{"id":1,"z":[1.5, "-inf"]}\n', b'{"id":1,"z":[-Infinity, 2]}\n{"id":1,"z":[01, 2]}\n'),
        (b'{"z":[1.5,2]}\n', b'{"z":[1.5,]2}\n'),
        (b'{"id":"a","z":[1.5,2]}\n', b'{"id":"]","z":[1.5,2]}\n{"id":"x","z":[1.5],2}\n'),
        (b'{"z":[1.5,2],"id":"x"}\n', b'{"z":[1.5,2,"id":"x"]}\n'),
    ],
)
def test_lists_both_ways(first: bytes, rest: bytes) -> None:
    """Lists of logits are read alike by both, with the same errors."""
    assert_same(first * 30 + rest, ReadOptions(), 60)


def test_lists_are_read_fast() -> None:
    """Plain lists take no second reading."""
    layout = lay_out(["id", "z"], 2, ReadOptions(), where="x", lists={1: 2})
    parsed = LineParser(layout).parse(b'{"id": 7, "z": [1.5, -2]}\n{"id": 8, "z": [0.5, "-inf"]}\n')
    assert parsed is not None
    assert parsed.values.tolist() == [[1.5, -2], [0.5, float("-inf")]]
