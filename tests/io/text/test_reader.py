"""Delimited text: what is read, and the errors of what is not."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.io.reading import Reader, beginning


@pytest.mark.parametrize(
    "text",
    [
        "1,2.5,-3\n4,5,6\n",
        "1,2.5,-3\n4,5,6",
        "1,2.5,-3\r\n4,5,6\r\n",
        "1,2.5,-3\r4,5,6\r",
        "\ufeff1,2.5,-3\n4,5,6\n",
        "1\t2.5\t-3\n4\t5\t6\n",
        "1;2.5;-3\n4;5;6\n",
        "1|2.5|-3\n4|5|6\n",
        "1 2.5 -3\n4 5 6\n",
        "  1   2.5 -3 \n 4 5  6\n",
        "1, 2.5, -3\n4, 5, 6\n",
        '"1","2.5","-3"\n"4",5,"6"\n',
        "# a comment, with a comma\n\n1,2.5,-3\n   \n#another\n4,5,6\n\n",
    ],
)
def test_spellings(reader: Reader, text: str) -> None:
    """Delimiters, line ends, quotes, comments, blank lines and a byte order mark change no number."""
    batch = reader.all(text)
    assert batch.values.tolist() == [[1, 2.5, -3], [4, 5, 6]]
    assert (batch.classes, batch.named, reader.notes) == (("1", "2", "3"), False, [])


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("a,b\n1,2\n", ("a", "b")),
        ('"x, y","say ""hi"""\n1,2\n', ("x, y", 'say "hi"')),
        ("a b\n1 2\n", ("a", "b")),
        ("a thing;b thing\n1;2\n", ("a thing", "b thing")),
        ("a b,c d\n1,2\n", ("a b", "c d")),
        ("# c\na , 2\n1,2\n", ("a", "2")),
        ("x;y,z\n1;2\n", ("x", "y,z")),
        ('"a\nb",c\n1,2\n', ("a\nb", "c")),
    ],
)
def test_header(reader: Reader, text: str, classes: tuple[str, ...]) -> None:
    """The first line is a header when one of its cells is not a number, and names the classes."""
    batch = reader.all(text)
    assert (batch.classes, batch.named, batch.values.tolist()) == (classes, True, [[1, 2]])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1\t\t2\n3\t\t4\n", "1: column 2"),
        ("1\t\t2", "1: column 2"),
        ("\t1\t2\n\t3\t4\n", "1: column 1"),
        ("1\t2\t\n", "1: column 3"),
        ("1,,2\n3,5,4\n", "1: column 2"),
        ("1\t2\n3\t\n", "2: column 2"),
    ],
)
@pytest.mark.parametrize("name", ["in.csv", "<stdin>"])
def test_empty_cells(reader: Reader, text: str, place: str, name: str) -> None:
    """An empty cell is never skipped, and does not make a line of numbers a header."""
    sentence = f"{name}:{place}: an empty cell is not a number"
    assert beginning(reader.error(text, name), sentence) == sentence


@pytest.mark.parametrize("text", ["1 2\t3\n4 5\t6\n", "1 000\t2\n3 000\t4\n", "1 \t2.5  -3\n4 5 6\n"])
def test_tab_delimits(reader: Reader, text: str) -> None:
    """If the first line holds a tab, blanks do not delimit: they may be part of a cell."""
    error = reader.error(text)
    assert "in.csv:1: " in error
    assert error.endswith(("--delimiter space", "without its thousands separators: 1000"))
    assert reader.before == []


def test_index_without_a_name(reader: Reader) -> None:
    """A data frame's header of numbers after an empty cell is a header, and no row is lost."""
    batch = reader.all(",0,1\n0,5,6\n1,7,8\n", columns="2-3")
    assert (batch.classes, batch.values.tolist()) == (("0", "1"), [[5, 6], [7, 8]])


def test_header_options(reader: Reader) -> None:
    """--header reads a first line of numbers as names, --no-header a line of words as data."""
    assert reader.all("1,2\n3,4\n", header=True).classes == ("1", "2")
    assert reader.error("a,b\n3,4\n", header=False) == (
        "in.csv:1: column 1: 'a' is not a number\nhint: leave the line out: sed 1d in.csv | softmax probs"
    )


@pytest.mark.parametrize("first", ["0,1,2", "1,2,3", " 1 , 2 , 3 "])
def test_numbered_header(reader: Reader, first: str) -> None:
    """A first row of exactly 0 to k-1 or 1 to k over other rows is data, with a note that names --header."""
    assert len(reader.rows(f"{first}\n5,6,7\n")) == 2
    [note] = reader.notes
    assert note.startswith("in.csv: the first row")
    assert "--header" in note


def test_numbered_header_quoted(reader: Reader) -> None:
    """The note quotes the first row, also where the second arrives later: CR line ends come one by one."""
    reader.rows("1,2\r3,4\r")
    assert reader.notes[0].startswith("in.csv: the first row, 1, 2, is read as data")


@pytest.mark.parametrize("text", ["1,2,3\n", "1,2,4\n5,6,7\n", "0,1,2.0\n5,6,7\n", "1\n2\n3\n"])
def test_no_note(reader: Reader, text: str) -> None:
    """Other first rows, a single row and a vector in a column get no note."""
    reader.rows(text)
    assert reader.notes == []


@pytest.mark.parametrize(
    "text",
    ["1\n2\n3\n", "z\n1\n2\n3\n", "# c\n1\n\n2\n3", "class a\n1\n2\n3\n", '"1"\n2\n3\n', " 1\n 2\n 3\n"],
)
def test_one_column_is_a_vector(reader: Reader, text: str) -> None:
    """An input of one column, with or without a header, is one vector."""
    batch = reader.all(text)
    assert (batch.values.tolist(), batch.classes, batch.named) == ([[1, 2, 3]], ("1", "2", "3"), False)


def test_one_column_with_names(reader: Reader) -> None:
    """--classes names the values of a vector in a column; with -c they are rows of one class."""
    assert reader.all("1\n2\n", classes="a,b").classes == ("a", "b")
    assert reader.rows("1\n2\n", columns="1") == [[1], [2]]


def test_masks(reader: Reader) -> None:
    """-inf masks a class, one +inf takes a row, in any case and spelling."""
    assert reader.rows("a,b\n-inf,1\n+Infinity,-INF\n") == [[-np.inf, 1], [np.inf, -np.inf]]
    assert reader.rows("-inf\n1\n") == [[-np.inf, 1]]


@pytest.mark.parametrize(
    ("columns", "classes"),
    [
        ("setosa,versicolor,virginica", ("setosa", "versicolor", "virginica")),
        ("3-5", ("setosa", "versicolor", "virginica")),
        ("virginica,3", ("virginica", "setosa")),
        ("v*", ("versicolor", "virginica")),
        ("?etosa, [v]irginica", ("setosa", "virginica")),
        ("5,4", ("virginica", "versicolor")),
    ],
)
def test_columns(reader: Reader, data: Path, columns: str, classes: tuple[str, ...]) -> None:
    """--columns picks by name, number, range and glob, in the order given; the others are kept in theirs."""
    batch = reader.all((data / "iris_logits.csv").read_bytes(), columns=columns)
    assert batch.classes == classes
    assert batch.values.shape == (150, len(classes))
    names = ["id", "label", "setosa", "versicolor", "virginica"]
    assert list(batch.kept) == [name for name in names if name not in classes]
    assert batch.kept["label"][149] == "virginica"


def test_exact_name_first(reader: Reader) -> None:
    """The name of a column wins over a number, range or glob: 1, 2-3 and a* may be names."""
    assert reader.all("2,1,x\n5,6,7\n", columns="1,2").values.tolist() == [[6, 5]]
    assert reader.all("a,2-3,c\n5,6,7\n", columns="2-3").classes == ("2-3",)
    assert reader.all("ab,a*,c\n5,6,7\n", columns="a*").classes == ("a*",)
    assert reader.all('"a,b",a,b\n5,6,7\n', columns="a,b").classes == ("a,b",)


def test_kept_cells_unchanged(reader: Reader) -> None:
    """Kept cells are the text that was there: spaces, quotes, line ends, leading zeros."""
    text = 'id,note,a,b\n007," x ""y"", \r\nz",1,2\n 8 ,,3,4\n'
    batch = reader.all(text, columns="a,b")
    assert batch.kept == {"id": ["007", " 8 "], "note": [' x "y", \r\nz', ""]}


def test_kept_without_header(reader: Reader) -> None:
    """Without a header, kept columns get names that no class has."""
    batch = reader.all("x,1,2\ny,3,4\n", header=False, columns="2-3")
    assert (batch.kept, batch.classes, batch.named) == ({"column_1": ["x", "y"]}, ("1", "2"), False)


def test_target_column(reader: Reader) -> None:
    """The target column is kept, and every other column is a logit column unless -c says which."""
    batch = reader.all("a,label,b\n1,b,2\n", target_column="label")
    assert (batch.classes, batch.layout.target, batch.kept) == (("a", "b"), "label", {"label": ["b"]})
    batch = reader.all("1,b,2\n", header=False, target_column="2")
    assert (batch.layout.target, batch.values.tolist()) == ("column_2", [[1, 2]])


@pytest.mark.parametrize("word", ["tab", "\t", r"\t", "TAB"])
def test_delimiter_words(reader: Reader, word: str) -> None:
    """--delimiter takes a character or its word."""
    assert reader.rows("1\t2\n", delimiter=word) == [[1, 2]]
    assert reader.rows("1:2\n", delimiter=":") == [[1, 2]]
    assert reader.rows("1,5 2\n", delimiter="space", columns="2", header=False) == [[2]]


PLACES: list[tuple[str, dict[str, Any], str]] = [
    (
        "a,b\n1,2\n1,abc\n",
        {},
        "in.csv:3: column 2 (b): 'abc' is not a number",
    ),
    ("a,b\n1,2\n1,abc\n", {"columns": "1-2"}, "in.csv:3: column 2 (b): 'abc' is not a number"),
    ("a,b\n1,\n", {"columns": "a,b"}, "in.csv:2: column 2 (b): an empty cell is not a number"),
    (
        "a,b\n1,nan\n",
        {"columns": "a,b"},
        "in.csv:2: column 2 (b): 'nan' is not a number",
    ),
    ("a,b\n1,1e400\n", {"columns": "a,b"}, "in.csv:2: column 2 (b): '1e400' is too large for a double"),
    ("a,b\n1,1_000\n", {"columns": "a,b"}, "in.csv:2: column 2 (b): '1_000' is not a number"),
    ("a,b\n0x10,1\n", {"columns": "a,b"}, "in.csv:2: column 1 (a): '0x10' is not a number"),
    ("a,b\n1,٣\n", {"columns": "a,b"}, "in.csv:2: column 2 (b): '٣' is not a number"),
    (
        "nan,1\n1,2\n",
        {"columns": "1,2"},
        "in.csv:1: column 1: 'nan' is not a number",
    ),
    ("1\n\n# c\nx\n", {}, "in.csv:4: column 1: 'x' is not a number"),
    ("1,2\n1,2,3\n", {}, "in.csv:2: 3 columns, where line 1 has 2"),
    ("# c\n\na,b,c\n1,2,3\n4\n", {}, "in.csv:5: 1 column, where line 3 has 3"),
    ("1\n2,3\n", {}, "in.csv:2: 2 columns, where line 1 has 1"),
    (
        "a,b\n1,2\ninf,inf\n",
        {},
        "in.csv:3: column 1 (a) and column 2 (b): at most one logit of a row can be +inf",
    ),
    (
        "a,b\n1,2\n\n-inf,-inf\n",
        {},
        "in.csv:4: every logit is -inf: a row needs at least one class that is not masked",
    ),
    ("", {}, "in.csv: no rows: the input is empty"),
    ("\n# c\n", {}, "in.csv: no rows: the input holds nothing but comments and blank lines"),
    ("# c\na,b\n", {"header": True}, "in.csv:2: no rows below the header 'a,b'"),
    *(
        (
            f"{line}\n",
            {},
            f"in.csv:1: no rows below the header {line!r}\nhint: give --no-header if this line is data",
        )
        for line in ("a,b", "a", "50%,20%", "(1, x)", "a b")
    ),
    (
        "a,b,a\n1,2,3\n",
        {},
        "in.csv:1: columns 1 and 3 are both called 'a'\n"
        "hint: give each column its own name, or leave the header out: tail -n +2 in.csv | softmax probs",
    ),
    (
        ",a,\n1,2,3\n",
        {},
        "in.csv:1: columns 1 and 3 both have no name\n"
        "hint: give each column its own name, or leave the header out: tail -n +2 in.csv | softmax probs",
    ),
    (
        "a,,b\n0,2,3\n",
        {},
        "in.csv:1: column 2 has no name in the header\n"
        "hint: pick the logit columns with --columns, or give --no-header if this line is data",
    ),
    ("a,b\n1,2\n", {"columns": "c"}, "--columns: no column is called 'c'\nhint: the columns are a, b"),
    (
        "alpha,b\n1,2\n",
        {"columns": "alhpa"},
        "--columns: no column is called 'alhpa'\nhint: did you mean 'alpha'?",
    ),
    ("a,b\n1,2\n", {"columns": "x*"}, "--columns: no column matches 'x*'\nhint: the columns are a, b"),
    ("a,b\n1,2\n", {"columns": "3"}, "--columns: there is no column 3: the input has 2 columns"),
    ("a,b\n1,2\n", {"columns": "1-3"}, "--columns: there is no column 3: the input has 2 columns"),
    ("a,b\n1,2\n", {"columns": "0"}, "--columns: there is no column 0\nhint: columns are counted from 1"),
    ("a,b\n1,2\n", {"columns": "2-1"}, "--columns: the range 2-1 ends before it starts"),
    ("a,b\n1,2\n", {"columns": "a,1"}, "--columns: column 1 (a) is picked twice"),
    ("a,b\n1,2\n", {"columns": "a,,b"}, "--columns: an empty name between commas"),
    (
        "1,2\n1,2\n",
        {"columns": "a"},
        "--columns: no column is called 'a': the input has no header\n"
        "hint: ask for a column by its number, 1 to 2",
    ),
    (
        "a,b\n1,2\n",
        {"columns": "9" * 5000},
        f"--columns: there is no column {'9' * 20}: the input has 2 columns",
    ),
    (
        "a,b\n1,2\n",
        {"target_column": "b", "columns": "a,b"},
        "--target-column: column 2 (b) is a logit column too\nhint: leave it out of --columns",
    ),
    (
        "a,b\n1,2\n",
        {"target_column": "c"},
        "--target-column: no column is called 'c'\nhint: the columns are a, b",
    ),
    ("a\n1\n", {"target_column": "a"}, "in.csv:1: no column is left for the logits"),
    ("a,b\n1,2\n", {"classes": "x"}, "--classes: 1 name for 2 classes"),
    ("1\n2\n3\n", {"classes": "x,y"}, "--classes: 2 names for 3 classes"),
    (
        "1,2\n",
        {"delimiter": "ab"},
        "--delimiter: 'ab' is not one character\n"
        "hint: or one of the words comma, tab, semicolon, pipe, colon, space",
    ),
    ("1,2\n", {"delimiter": "."}, "--delimiter: '.' cannot be a delimiter: it has another part to play"),
    ('a,b\n1,2\n1,"2\n3,4\n', {}, "in.csv:3: a quote opens here and is never closed"),
    ('a,b\n1,"2\n3,4\n', {}, "in.csv:2: a quote opens here and is never closed"),
    (
        "1,2\n#N/A,4\n",
        {},
        "in.csv:2: column 1: '#N/A' is not a number",
    ),
    (
        "[0.5 ... 0.9]\n",
        {},
        "in.csv:1: column 1: entry 2: '...' is not a number\n"
        "hint: numpy and torch leave numbers out when they print: save the array with numpy.save",
    ),
    ("a=1 b=2\n", {}, "in.csv:1: no rows below the header 'a=1 b=2'\nhint: softmax probs $(cat in.csv)"),
    (
        'a,b\n"x\ny"z,2\n',
        {"columns": "b"},
        'in.csv:3: column 1: text after a closing quote\nhint: a quote inside quotes is written twice: ""',
    ),
    (
        "1,5;2,5\n3,5;4,5\n",
        {},
        "in.csv:1: column 1: '1,5' is not a number\nhint: --decimal , reads decimal commas",
    ),
]


@pytest.mark.parametrize(("text", "options", "sentence"), PLACES)
def test_bad_input(reader: Reader, text: str, options: dict[str, Any], sentence: str) -> None:
    """Each kind of bad input has one line with its place; the hints are followed by test_kinds."""
    assert beginning(reader.error(text, **options), sentence) == sentence


def test_word_column_hint(reader: Reader, data: Path) -> None:
    """A column of words without -c is named, with the longest run of number columns as the hint."""
    assert reader.error((data / "iris_logits.csv").read_bytes(), "iris.csv") == (
        "iris.csv:2: column 2 (label): 'setosa' is not a number\n"
        "hint: pick the logit columns with --columns, e.g. -c 3-5"
    )


@pytest.mark.parametrize("name", ["in.json", "in.jsonl", "in.npy"])
@pytest.mark.parametrize(
    ("options", "name_of_option"),
    [({"header": False}, "--header/--no-header"), ({"delimiter": ","}, "--delimiter")],
)
def test_options_of_text(reader: Reader, name: str, options: dict[str, Any], name_of_option: str) -> None:
    """Options of delimited text are refused for other inputs."""
    kind = name.removeprefix("in.")
    assert (
        reader.error("[1, 2]", name, **options) == f"{name_of_option}: {name} is {kind}, not delimited text"
    )


@pytest.mark.parametrize("cell", ["", "NA", "null", "nan"])
def test_no_columns_hint(reader: Reader, cell: str) -> None:
    """A missing number in the first row does not make a column of words: the hint is about the cell."""
    assert "hint: write -inf" in reader.error(f"a,b\n1,{cell}\n")
    assert "write -inf to mask the class" in reader.error(f"1,{cell}\n2,3\n")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a,b\n1,2\n\xff,3\n", "in.csv:3: byte 0xff is not UTF-8"),
        (b"a,b\r\n1,2\r\n\r\n1,\xe9\r\n", "in.csv:4: byte 0xe9 is not UTF-8"),
        (b"a,b\n1,2\n1,\x00\n", "in.csv:3: a NUL byte: this is not text"),
        ("a,b\n1,2\n".encode("utf-16-le"), "in.csv:1: a NUL byte: this is not text"),
        (b"1,2\n3,4\n5\xe2\x82", "in.csv:3: byte 0xe2 is not UTF-8"),
    ],
)
def test_bytes_that_are_no_text(reader: Reader, data: bytes, sentence: str) -> None:
    """Bytes that are not UTF-8 are an error with their line, after the rows before them."""
    error, hint = reader.error(data).split("\n")
    assert error == sentence
    assert hint.startswith("hint: ")
    if "in.csv:1:" not in sentence:
        assert sum(map(len, reader.before)) == (2 if sentence.startswith("in.csv:3: byte 0xe2") else 1)


def test_bad_row_100_000(reader: Reader) -> None:
    """A bad row far down is reported with its exact line, after all rows before it."""
    lines = ["a,b", *(f"{i},{i + 1}" for i in range(200_000))]
    lines[100_000] = "1,x"
    assert reader.error("\n".join(lines)).startswith("in.csv:100001: column 2 (b): 'x' is not a number")
    assert sum(map(len, reader.before)) == 99_999
    assert [batch.first_row for batch in reader.before][:2] == [1, 1 + len(reader.before[0])]


def test_places_across_blocks(reader: Reader) -> None:
    """Line numbers stay exact across blocks, blank lines, comments and line breaks in quoted cells."""
    record = 'x,"one\ntwo",1,2\n\n# comment\n'
    text = "id,note,a,b\n" + record * 30_000 + "x,y,1,oops\n"
    assert reader.error(text, columns="a,b").startswith("in.csv:120002: column 4 (b): 'oops'")
    assert sum(map(len, reader.before)) == 30_000
    last = reader.before[-1]
    assert last.where(len(last) - 1) == "in.csv:119998"


def test_wide_row(reader: Reader) -> None:
    """A row of 200,000 classes, longer than any block, is one row."""
    values = np.arange(200_000) / 7
    assert np.array_equal(reader.all(",".join(map(repr, values.tolist()))).values[0], values)


def test_quote_that_swallows_a_file(reader: Reader) -> None:
    """A quote that is never closed ends the run after a megabyte, and names where it opened."""
    text = 'id,a,b\n"x,1,2\n' + "y,1,2\n" * 200_000
    error = reader.error(text, columns="a,b")
    assert error.startswith("in.csv:2: column 1: a quote opens here and is not closed within 1048576 char")
    assert "column 1: a quote opens here" in reader.error('"' + "a" * 2_200_000)


def test_a_header_that_may_be_data(reader: Reader) -> None:
    """A header with a fraction in it may be a row with a bad cell: it is read with a note."""
    assert reader.rows("0.5,x\n1,2\n") == [[1, 2]]
    assert reader.notes == ["in.csv: the first row, 0.5, x, is read as a header; is it data? --no-header"]


def test_one_printed_vector(reader: Reader) -> None:
    """A vector as numpy prints it is read, from a file and from a pipe."""
    for name in ("in.txt", "<stdin>"):
        assert reader.rows("[1.5 2.  3. ]\n", name) == [[1.5, 2, 3]]
