"""The grammar of formulas: what binds to what, and what is refused where."""

import pytest

from softmax_cli.core.formula.functions import ALONG, ENTRYWISE
from softmax_cli.core.formula.parser import FUNCTIONS, parse, statement
from softmax_cli.core.formula.tree import Compare, Number, Symbol
from softmax_cli.errors import FormulaError


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("a b / c", "(a * b) / c"),
        ("a / b c", "(a / b) * c"),
        ("-a b", "-(a * b)"),
        ("a - b - c", "(a - b) - c"),
        ("a^2^3", "a^(2^3)"),
        ("a^-1 b", "(a^(-1)) * b"),
        ("-a^2", "-(a^2)"),
        ("log p_i / T", "(log(p_i)) / T"),
        ("log a^2", "log(a)^2"),
        ("sum_i g_i p_i - 1", "(sum_i (g_i * p_i)) - 1"),
        ("sum_j z_j / T", "sum_j (z_j / T)"),
        ("log sum_j exp(z_j)", "log(sum_j exp(z_j))"),
        ("p_j(1 - p_j)", "p_j * (1 - p_j)"),
        ("|a - b| c", "(|a - b|) * c"),
        ("a |b| |c|", "(a * |b|) * |c|"),
        ("1 + g . p", "1 + (g . p)"),
        ("a**2", "a^2"),
        ("2.50", "2.5"),
    ],
)
def test_what_binds_to_what(short: str, full: str) -> None:
    """A formula without brackets is the same tree as with them."""
    assert parse(short) == parse(full)


def test_numbers_are_exact() -> None:
    """A decimal number is a fraction, whatever floating point makes of it."""
    assert parse("0.1") == Number(1, 10)
    assert parse("1e-05") == Number(1, 100000)
    assert parse("2.5e3") == Number(2500)


@pytest.mark.parametrize(
    ("text", "indices"),
    [
        ("p_i", ("i",)),
        ("d_ij", ("i", "j")),
        ("z_ni", ("n", "i")),
        ("p_target", ("target",)),
    ],
)
def test_indices_are_letters(text: str, indices: tuple[str, ...]) -> None:
    """Each letter after the underscore is an index, but for a word that is known."""
    assert parse(text) == Symbol(text[0], tuple(map(Symbol, indices)))


def test_an_index_may_be_an_expression() -> None:
    """y_(j-1) is the class before, and d_(i+1)j has its second index after the bracket."""
    assert parse("d_(i+1)j") == Symbol("d", (parse("i + 1"), Symbol("j")))
    assert parse("y_(j-1)") == Symbol("y", (parse("j - 1"),))


def test_a_statement_says_what_where_and_of_what() -> None:
    """The left side, the condition and the definitions are told apart."""
    line = statement("J_ij = -a_i / T for i != j, a = softmax(p)")
    assert line.left == parse("J_ij")
    assert line.right == parse("-a_i / T")
    assert line.condition == Compare("!=", Symbol("i"), Symbol("j"))
    assert line.definitions == (("a", parse("softmax(p)")),)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 0),
        ("p_i +", 5),
        ("(p_i", 4),
        ("p_i)", 3),
        ("p_", 2),
        ("p_i $ 2", 4),
        ("a^33", 2),
        ("1e999999999", 0),
        ("1.2.3.4", 3),
        ("[p_i]", 1),
        ("(" * 100 + "a" + ")" * 100, 60),
        ("a" * 2001, 2000),
        ("+".join("a" * 100), 0),
    ],
)
def test_what_is_no_formula_is_refused_where_it_goes_wrong(text: str, column: int) -> None:
    """The error knows its column, and nothing is read that is too long, too deep or too large."""
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.column == column


def test_a_sign_that_has_no_meaning_is_named() -> None:
    """As it was typed."""
    with pytest.raises(FormulaError, match=r"'\$' has no meaning in a formula"):
        parse("p_i $ 2")


def test_every_function_that_is_read_can_be_computed() -> None:
    """The parser's names are those of the functions, and no others."""
    assert {*ENTRYWISE, *ALONG} == FUNCTIONS
