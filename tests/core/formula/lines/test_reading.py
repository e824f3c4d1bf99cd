"""A learner's line: read as it was meant, or refused where it goes wrong; never run."""

import csv
import random
from pathlib import Path

import pytest

from softmax_cli.core.formula.exact.residues import RandomPoint
from softmax_cli.core.formula.lines.indices import IndexNames
from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.core.formula.printing import latex, sympy_text, text
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.narratives.formulas import Case
from softmax_cli.tutor.narratives.narrator import meant

IRIS = ("setosa", "versicolor", "virginica")
WRITINGS = list(csv.DictReader(Path(__file__).with_name("writings.csv").read_text("utf-8").splitlines()))


def value(line: str, setting: IndexNames) -> int:
    """Return the exact value of a line at a random point."""
    return RandomPoint(meant("softmax", Case(3, (setting.of or 1) - 1)), 7).value(read_line(line, setting))


@pytest.mark.parametrize("row", WRITINGS, ids=[row["text"] for row in WRITINGS])
def test_a_line_is_read_however_it_is_written(row: dict[str, str]) -> None:
    """Plain, Unicode, LaTeX and Python-like writing mean what they say, or are refused."""
    of, wrt = int(row["of"]), int(row["wrt"])
    setting = IndexNames(IRIS if "setosa" in row["text"] else ("1", "2", "3"), of, wrt)
    if row["meaning"] == "ERROR":
        with pytest.raises(FormulaError):
            read_line(row["text"], setting)
        return
    plain = IndexNames(of=of, wrt=wrt)
    meaning = read_line(row["text"], setting)
    if row["meaning"].replace(".", "").replace("-", "").isdigit():
        assert float(eval_numbers(sympy_text(meaning, 3))) == pytest.approx(float(row["meaning"]))
        return
    assert value(row["text"], setting) == value(row["meaning"], plain)


def eval_numbers(line: str) -> float:
    """Return the value of a line of numbers, products and differences."""
    total = 1.0
    for factor in line.replace("(1 - 0.684)", "0.316").split("*"):
        total *= float(factor)
    return total


@pytest.mark.parametrize(
    "row", [row for row in WRITINGS if row["meaning"] != "ERROR"], ids=lambda row: row["text"]
)
def test_what_is_shown_is_what_was_read(row: dict[str, str]) -> None:
    """The echo of a line, and its LaTeX, are read as the same tree."""
    setting = IndexNames(
        IRIS if "setosa" in row["text"] else ("1", "2", "3"), int(row["of"]), int(row["wrt"])
    )
    tree = read_line(row["text"], setting)
    assert read_line(text(tree, setting.classes), setting) == tree
    assert text(read_line(latex(tree, setting.classes), setting)) == text(tree)


@pytest.mark.parametrize(
    "line",
    [
        "e^(z_1 - z_2/2) / (S^2 e_3)",
        "p_1 - (p_2 - (p_3 + 1/3))",
        "p_1 / (p_2 / p_3) / S",
        "-(p_1 - 1)^2 - (p_1 p_2)^3",
        "p_1^-2 (-p_2)",
        "sum_{k != 2} p_k (1 - p_k)",
        "log(p_1/p_2) (delta_12 - p_2)",
        "delta_ij - delta_jj p_1",
    ],
)
def test_what_is_written_means_the_same(line: str) -> None:
    """Brackets stand where they are needed; for SymPy sums are written out, and a delta is its number."""
    setting = IndexNames(of=1, wrt=2)
    tree = read_line(line, setting)
    assert value(sympy_text(tree, 3), setting) == value(line, setting)
    assert read_line(text(tree), setting) == tree
    assert value(latex(tree), setting) == value(line, setting)


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("pi(dij - pj)", "p_1 (0 - p_2)"),
        ("-pipj", "-p_1 p_2"),
        ("pi(dii - pi) + djj dji", "p_1 (1 - p_1)"),
        ("e1e2/S^2", "p_1 p_2"),
        ("sigma(z_1) sigma(z)_2", "p_1 p_2"),
        ("(p_1^4)^8", "p_1^32"),
        ("sum_{k=1}^(K) p_k", "1"),
        ("p_i δij - p_i p_j", "-p_1 p_2"),
        ("{p_1}[1 - {p_1}]", "p_1 (1 - p_1)"),
        (r"\frac12 p_1", "p_1/2"),
        (r"\mathrm{e}^{z_1}/S", "p_1"),
        (r"\frac{d}{dz_2} p_1", "-p_1 p_2"),
        ("d(e^z1/S)/dz2", "-p_1 p_2"),
        ("f^\\prime g - f g'", "-e^z_1 e^z_2"),
        ("e_1 e_2/s^2", "p_1 p_2"),
        (r"\sum_{k \neq 1} p_k", "1 - p_1"),
        ("math.exp(z1 + z2)/S**2", "p_1 p_2"),
        ("𝑝₁(1−𝑝₁)", "p_1 (1 - p_1)"),
        ("p_ 1 p_ 2", "p_1 p_2"),
        pytest.param(f"p_1{'p_2':>1997}", "p_1 p_2", id="the longest line"),
        ("a = -p_1 p_2".replace("a", "∂p_1/∂z_2 = p_1(δ_12 - p_2)"), "-p_1 p_2"),
    ],
)
def test_more_ways_of_writing(line: str, same: str) -> None:
    """What no list has thought of is read by the same grammar."""
    setting = IndexNames(of=1, wrt=2)
    assert value(line, setting) == value(same, setting)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("9**9**9", 1),
        ("(1+p1)^99999", 7),
        ("((p1^9)^9)^9", 0),
        ("(p1^3)^11", 0),
        ("p1^33", 3),
        ("sigma(p_1)", 0),
        ("exp(exp(exp(99)))", 8),
        ("1/0", 1),
        ("1e999999999", 0),
        ("1.2.3.4", 0),
        ("p12", 1),
        ("p_4", 2),
        ("[1==2]", 2),
        ("[0]*10**10", 0),
        ("f'{1+1}", 2),
        ("f''", 2),
        ("p1\x00p2", 2),
        ("p1\u202ep2", 2),
        ("__import__('os').system('touch X')", 2),
        ("(lambda: 0)()", 1),
        (r"\sum_{k=1}^{1000000000} k^k", 24),
        ("+*/", 1),
        ("", 0),
        ("e", 0),
        ("p_k", 2),
        ("(" * 100, 60),
        ("1+" * 200 + "1", 0),
        ("p" * 2001, 2000),
        ("delta_1 2 p_1", 0),
    ],
)
def test_what_is_no_line_is_refused_where_it_goes_wrong(line: str, column: int) -> None:
    """The error knows its column; nothing is run, and nothing takes long."""
    with pytest.raises(FormulaError) as caught:
        read_line(line, IndexNames(of=1, wrt=2))
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("line", "classes", "hint"),
    [
        ("-p_setosap_versicolor", IRIS, "with a space: setosa p"),
        ("p_virgin", IRIS, "the classes are setosa, versicolor, virginica"),
        ("p", IRIS, "p_1, with a class as its index"),
        ("p_12", ("1", "2", "3"), "a product is written p_1 p_2"),
        ("p_4", ("1", "2", "3"), None),
        ("p_1", (), "p_i, or p_j"),
        ("p_x", (), "the classes are i and j"),
    ],
)
def test_a_wrong_class_comes_with_what_to_write(
    line: str, classes: tuple[str, ...], hint: str | None
) -> None:
    """Two names that run together are told apart; else it is said which classes there are."""
    with pytest.raises(FormulaError) as caught:
        read_line(line, IndexNames(classes, 1, 2))
    assert caught.value.hint == hint


def test_nothing_but_a_formula_error_escapes() -> None:
    """Lines that are cut up and put together at random are read or refused."""
    rng = random.Random(3)
    pieces = ["p1", "e^", "z_2", "S", "(", ")", "+", "-", "/", "^", "2", "\\frac", "{", "}", "'", "f", "δ"]
    pieces += ["sum_k", "_", "=", "[", "∂", "²", "₁", "log", "0.5", "|", ",", "d", "1e5", "!=", "\\left"]
    read = 0
    for _ in range(1500):
        line = "".join(rng.choices(pieces, k=rng.randrange(1, 25)))
        try:
            tree = read_line(line, IndexNames(of=1, wrt=2))
        except FormulaError as error:
            place = error.column
        else:
            read += 1
            assert text(tree)
            assert latex(tree)
            assert sympy_text(tree, 3)
            continue
        assert 0 <= place <= len(line)
    assert read > 10
