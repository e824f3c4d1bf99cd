"""The formulas of the tables, for one case: text -> tree -> expression, written as the text is."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any, TypeAlias

from sympy import Expr, Integer, Symbol

from softmax_cli.core.formula.parser import FUNCTIONS, OVER, Parser
from softmax_cli.core.formula.tokens import tokens
from softmax_cli.core.formula.tree import (
    Binary,
    Call,
    Compare,
    Negative,
    Node,
    Number,
    Over,
    parts,
    whole_number,
)
from softmax_cli.core.formula.tree import Symbol as Name
from softmax_cli.tutor.derivation import Sentence
from softmax_cli.tutor.nodes import (
    At,
    D,
    Delta,
    Exp,
    Frac,
    Label,
    Log,
    Neg,
    Plus,
    Power,
    SumOver,
    Times,
    times,
    total,
)

Class: TypeAlias = int | Symbol
"""A class: its number, counted from 1, or a letter that stands for any."""
Letters: TypeAlias = Mapping[str, Class]
"""The classes that index letters stand for."""
Maker: TypeAlias = Callable[[Letters], Expr]
"""Makes the expression of a formula, given what its index letters stand for."""

_FORMULA = re.compile(r"\{([^{}]*)\}")
_OVER_T = Binary("/", Number(1), Name("T"))
_EACH = Name("k")


@dataclass(frozen=True)
class Case:
    """One case of a narrative.

    Parameters
    ----------
    k
        The number of classes; 0 where i and j are letters, for any classes of any number of them.
    i, j
        Of which output, and with respect to which logit, 0-based; of a scalar function, i is its target.
    temperature
        True if T is written; False if it is 1 and left out.
    """

    k: int
    i: int = 0
    j: int = 0
    temperature: bool = False

    @cached_property
    def flags(self) -> frozenset[str]:
        """What the tables call it: same, other or general, and T or 1."""
        which = "general" if not self.k else "same" if self.i == self.j else "other"
        return frozenset((which, "T" if self.temperature else "1"))


class Formulas:
    """Makes expressions and sentences for one case.

    Examples
    --------
    >>> Formulas(Case(3, 0, 1)).expression("p_i ([i = j] - p_j)")
    Times(p_1, Plus(0, Neg(p_2)))
    """

    def __init__(self, case: Case, **letters: Class) -> None:
        self.case = case
        self.letters: dict[str, Class] = {"i": case.i + 1, "j": case.j + 1, "t": case.i + 1, **letters}
        if not case.k:
            self.letters = {**{letter: symbol(letter) for letter in "ijkt"}, **letters}

    def expression(self, formula: str) -> Expr:
        """Return a formula as an expression."""
        return _maker(_tree(formula), self.case.k, self.case.temperature)(self.letters)

    def each(self, formula: str) -> tuple[Expr, ...]:
        """Return a formula; one for each class if it is about a class k, and none if that may be any."""
        ways = self.each_class() if _is_free(_tree(formula)) else (self,)
        return tuple(one.expression(formula) for one in ways)

    def each_class(self) -> "Iterator[Formulas]":
        """Yield what makes expressions about a class k, for each class."""
        return (Formulas(self.case, k=m) for m in range(1, self.case.k + 1))

    def definitions(self, text: str) -> Mapping[Symbol, Expr]:
        """Return what names stand for, name = formula, with semicolons between; a class k is each class."""
        return _definitions(text, replace(self.case, j=0))

    def sentence(self, text: str) -> Sentence:
        """Return a sentence, with expressions and class names where formulas stand in braces."""
        pieces = _FORMULA.split(text)
        words = [self._word(piece) if n % 2 else piece for n, piece in enumerate(pieces)]
        return tuple(word for word in words if word != "")

    def _word(self, formula: str) -> Expr | str:
        if not formula.startswith("class "):
            return self.expression(formula)
        name = formula.removeprefix("class ")
        return Label(int(self.letters.get(name, name))) if self.case.k else formula


@lru_cache(maxsize=4)  # successive derivatives have the same target, and no name depends on j
def _definitions(text: str, case: Case) -> Mapping[Symbol, Expr]:
    found: dict[Symbol, Expr] = {}
    for definition in text.split(" ; "):
        name, formula = definition.split(" = ", 1)
        ways = [Formulas(case)]
        if _is_free(_tree(name)):
            ways = list(ways[0].each_class()) or [Formulas(case, k=symbol(letter)) for letter in "ijk"]
        found |= {one.expression(name): one.expression(formula) for one in ways}
    return found


@cache
def _maker(node: Node, k: int, t: bool) -> Maker:
    """Return what makes the expression of a tree, for k classes, with T (if t) or without."""
    return _MAKERS[type(node)](node, k, t)


def _applied(kind: Callable[..., Expr], nodes: Iterable[Node], k: int, t: bool) -> Maker:
    makers = [_maker(one, k, t) for one in nodes]
    return lambda at: kind(*[one(at) for one in makers])


def _number(node: Number, k: int, t: bool) -> Maker:
    number = Integer(node.numerator)
    return lambda at: number


def _binary(node: Binary, k: int, t: bool) -> Maker:
    left, right = node.left, node.right
    match node.operator:
        case "*":
            return _product(_chain(node, "*"), k, t)
        case "/" if right == Name("T") and not t:
            return _maker(left, k, t)
        case "/":
            return _applied(Frac, (left, right), k, t)
        case "^":
            power = whole_number(right)
            return _applied(lambda base: Power(base, power), (left,), k, t)
    return _applied(Plus, _chain(node, "+-"), k, t)


def _call(node: Call, k: int, t: bool) -> Maker:
    return _applied(_CALLS[node.function], node.arguments, k, t)


def _negative(node: Negative, k: int, t: bool) -> Maker:
    return _applied(Neg, (node.operand,), k, t)


def _compared(node: Compare, k: int, t: bool) -> Maker:
    """Return what makes [i = j]: 1 or 0, or a Kronecker delta of letters."""
    a, b = _class(node.left), _class(node.right)
    return lambda at: Integer(int(a(at) == b(at))) if k else Delta(a(at), b(at))


def _named(node: Name, k: int, t: bool) -> Maker:
    """Return what makes a name: p_i, d_ij, S, or the number of classes."""
    name, classes = node.name, [_class(index) for index in node.indices]
    if not classes:
        one = Integer(k) if name == "K" else symbol("s" if name == "S" else name)
        return lambda at: one
    if name == "d" and len(classes) == 2:
        return lambda at: Delta(*[one(at) for one in classes])
    if name == "z" and not k:
        return lambda at: At(symbol("z"), classes[0](at))
    if len(classes) == 1:
        index = classes[0]
        return lambda at: symbol(f"{name}_{index(at)}")
    return lambda at: symbol(f"{name}_{''.join([str(one(at)) for one in classes])}")


def _class(index: Node) -> Callable[[Letters], Class | str]:
    """Return what gives the class of an index; a letter that stands for none is part of a name."""
    if isinstance(index, Number):
        return lambda at: index.numerator
    assert isinstance(index, Name)
    letter = index.name
    return lambda at: at.get(letter, letter)


def _product(factors: list[Node], k: int, t: bool) -> Maker:
    """Return what makes a product: without 1/T where T is left out; [i = j] x is 0 or x, or delta times x."""
    first, *rest = factors
    if isinstance(first, Compare):
        same, x = _maker(first, k, t), _product(rest, k, t)
        return lambda at: _if(same(at), x(at))
    kept = [one for one in factors if t or one != _OVER_T]
    makers = [_maker(one, k, t) for one in kept]
    if any(isinstance(one, Over) and one.how == "product" for one in kept):
        return lambda at: times(*[one(at) for one in makers])
    if len(makers) > 1:
        return lambda at: Times(*[one(at) for one in makers])
    return makers[0] if makers else lambda at: Integer(1)


def _if(same: Expr, x: Expr) -> Expr:
    """Return x where `same` is 1, and 0 where it is 0; times `same` if that is a Kronecker delta."""
    return same if x == 1 or same == 0 else x if same == 1 else times(same, x)


def _over(node: Over, k: int, t: bool) -> Maker:
    """Return what makes a sum or a product over the classes."""
    letter, body = node.letters, _maker(node.body, k, t)
    if not k:
        return lambda at: SumOver(body({**at, letter: symbol(letter)}), symbol(letter))
    left_out = _class(node.condition.right) if isinstance(node.condition, Compare) else None

    def made(at: Letters) -> Expr:
        without = left_out and left_out(at)
        terms = [body({**at, letter: m}) for m in range(1, k + 1) if m != without]
        return total(terms) if node.how == "sum" else times(*terms) if len(terms) > 1 else terms[0]

    return made


_CALLS: dict[str, Callable[..., Expr]] = {
    "exp": Exp,
    "log": Log,
    "D": D,
    "total": lambda *terms: total(terms),
    "group": lambda x: x,
}
_MAKERS: dict[type, Callable[[Any, int, bool], Maker]] = {
    Number: _number,
    Name: _named,
    Negative: _negative,
    Binary: _binary,
    Call: _call,
    Compare: _compared,
    Over: _over,
}


class _FormulaParser(Parser):
    """The grammar of formulas, with derivatives, D(p_i, z_j), products over classes, and brackets kept."""

    functions = FUNCTIONS | {"D", "total"}
    over = OVER | {"product"}

    def operand(self) -> Node:
        """Return what stands where an operand must; a sum or product in brackets stays one operand."""
        bracketed = self.sees("(")
        node = super().operand()
        if bracketed and isinstance(node, Binary) and node.operator in "+-*":
            return Call("group", (node,))
        return node


@cache
def symbol(name: str) -> Symbol:
    """Return a name of the board."""
    return Symbol(name)


@cache
def _tree(formula: str) -> Node:
    parser = _FormulaParser(tokens(formula))
    return parser.finished(parser.expression())


@cache
def _is_free(node: Node) -> bool:
    """Return whether a tree is about a class k, which no sum runs over."""
    if isinstance(node, Over) and node.letters == _EACH.name:
        return False
    return node == _EACH or any(map(_is_free, parts(node)))


def _chain(node: Node, signs: str) -> list[Node]:
    """Return the terms of a sum, or the factors of a product, in order."""
    if not isinstance(node, Binary) or node.operator not in signs:
        return [node]
    right = Negative(node.right) if node.operator == "-" else node.right
    return [*_chain(node.left, signs), right]
