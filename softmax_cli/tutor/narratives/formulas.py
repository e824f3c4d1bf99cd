"""The formulas of the tables, for one case: a tree with its classes, its sums written out."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache, reduce
from typing import Any, TypeAlias

from softmax_cli.core.formula.exact.arithmetic import Definitions
from softmax_cli.core.formula.tree import (
    Binary,
    Compare,
    Node,
    Number,
    Over,
    Symbol,
    Total,
    factors,
    parts,
    with_parts,
)
from softmax_cli.tutor.derivation import Sentence
from softmax_cli.tutor.notation import Label, T, parsed

Letters: TypeAlias = Mapping[str, Node]
"""The classes that index letters stand for."""
Maker: TypeAlias = Callable[[Letters], Node]
"""Makes the expression of a formula, given what its index letters stand for."""

_FORMULA = re.compile(r"\{([^{}]*)\}")
_OVER_T = Binary("/", Number(1), T)
_EACH = Symbol("k")


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

    @property
    def letters(self) -> dict[str, int]:
        """The classes that index letters stand for, counted from 1."""
        return {"i": self.i + 1, "j": self.j + 1, "t": self.i + 1} if self.k else {}


class Formulas:
    """Makes expressions and sentences for one case.

    Examples
    --------
    >>> from softmax_cli.core.formula.printing import text
    >>> text(Formulas(Case(3, 0, 1)).expression("p_i ([i = j] - p_j)"))
    'p_1 (0 - p_2)'
    """

    def __init__(self, case: Case, **letters: Node) -> None:
        self.case = case
        self.letters: Letters = {**{x: Number(m) for x, m in case.letters.items()}, **letters}

    def expression(self, formula: str) -> Node:
        """Return a formula as an expression."""
        return _maker(_tree(formula, self.case.temperature), self.case.k)(self.letters)

    def each(self, formula: str) -> tuple[Node, ...]:
        """Return a formula; one for each class if it is about a class k, and none if that may be any."""
        ways = self.each_class() if _is_free(_tree(formula, self.case.temperature)) else (self,)
        return tuple(one.expression(formula) for one in ways)

    def each_class(self) -> "Iterator[Formulas]":
        """Yield what makes expressions about a class k, for each class."""
        return (Formulas(self.case, k=Number(m)) for m in range(1, self.case.k + 1))

    def definitions(self, text: str) -> Definitions:
        """Return what names stand for, name = formula, with semicolons between; a class k is each class."""
        return _definitions(text, replace(self.case, j=0))

    def sentence(self, text: str) -> Sentence:
        """Return a sentence, with expressions and class names where formulas stand in braces."""
        pieces = _FORMULA.split(text)
        words = [self._word(piece) if n % 2 else piece for n, piece in enumerate(pieces)]
        return tuple(word for word in words if word != "")

    def _word(self, formula: str) -> Node | Label | str:
        if not formula.startswith("class "):
            return self.expression(formula)
        name = formula.removeprefix("class ")
        return Label(int(self.case.letters.get(name, name))) if self.case.k else formula


@lru_cache(maxsize=4)  # successive derivatives have the same target, and no name depends on j
def _definitions(text: str, case: Case) -> Definitions:
    found: dict[Symbol, Node] = {}
    for definition in text.split(" ; "):
        name, formula = definition.split(" = ", 1)
        ways = [Formulas(case)]
        if _is_free(parsed(name)):
            ways = list(ways[0].each_class()) or [Formulas(case, k=Symbol(letter)) for letter in "ijk"]
        for one in ways:
            meant = one.expression(name)
            assert isinstance(meant, Symbol)
            found[meant] = one.expression(formula)
    return found


@cache
def _tree(formula: str, temperature: bool) -> Node:
    return parsed(formula) if temperature else _without_t(parsed(formula))


def _without_t(node: Node) -> Node:
    """Return a tree that does not divide by T, and without the factor 1/T."""
    if isinstance(node, Binary) and (node.operator, node.right) in (("/", T), ("*", _OVER_T)):
        return _without_t(node.left)
    if isinstance(node, Binary) and (node.operator, node.left) == ("*", _OVER_T):
        return _without_t(node.right)
    return with_parts(node, _without_t)


@cache
def _is_free(node: Node) -> bool:
    """Return whether a tree is about a class k, which no sum runs over."""
    if isinstance(node, Over) and node.letters == _EACH.name:
        return False
    return node == _EACH or any(map(_is_free, parts(node)))


@cache
def _maker(node: Node, k: int) -> Maker:
    """Return what puts classes for the letters of a tree, and writes out its sums and products over k."""
    rule = _MAKERS.get(type(node))
    if rule is not None:
        return rule(node, k)
    makers = [_maker(part, k) for part in parts(node)]

    def made(at: Letters) -> Node:
        new = iter([make(at) for make in makers])
        return with_parts(node, lambda _: next(new))

    return made if makers else lambda _: node


def _symbol(node: Symbol, k: int) -> Maker:
    name, indices = node
    if len(indices) == 1 and isinstance(indices[0], Symbol):
        index, letter = indices[0], indices[0].name
        return lambda at: Symbol(name, (at.get(letter, index),))
    if not indices:
        one = Number(k) if name == "K" and k else node
        return lambda _: one
    return lambda at: Symbol(name, tuple([_class(index, at) for index in indices]))


def _compared(node: Compare, k: int) -> Maker:
    """Return what makes [i = j]: 1 or 0, or a Kronecker delta of letters."""

    def made(at: Letters) -> Node:
        classes = _class(node.left, at), _class(node.right, at)
        return Number(int(classes[0] == classes[1])) if k else Symbol("d", classes)

    return made


def _binary(node: Binary, k: int) -> Maker:
    first, *others = factors(node)
    if isinstance(first, Compare):
        same, rest = _maker(first, k), _maker(_times(others), k)
        return lambda at: _if(same(at), rest(at))
    sign, left, right = node.operator, _maker(node.left, k), _maker(node.right, k)
    if sign == "*" and isinstance(node.right, Over) and node.right.how == "product":
        return lambda at: _times([*factors(left(at)), *factors(right(at))])
    return lambda at: Binary(sign, left(at), right(at))


def _if(same: Node, x: Node) -> Node:
    """Return x where `same` is 1, and 0 where it is 0; times `same` if that is a Kronecker delta."""
    if isinstance(same, Symbol):
        return _times([same, *factors(x)])
    return x if same == Number(1) else same


def _over(node: Over, k: int) -> Maker:
    """Return what makes a sum or a product over the classes."""
    letter, body = node.letters, _maker(node.body, k)
    if not k:
        return lambda at: node._replace(body=body(at))
    left_out = node.condition.right if isinstance(node.condition, Compare) else None
    classes = [Number(m) for m in range(1, k + 1)]

    def made(at: Letters) -> Node:
        without = left_out and _class(left_out, at)
        terms = [body({**at, letter: m}) for m in classes if m != without]
        if node.how == "product":
            return _times(terms)
        return Total(tuple(terms)) if len(terms) > 1 else terms[0]

    return made


def _class(index: Node, at: Letters) -> Node:
    """Return the class of an index; a letter that stands for none is part of a name."""
    return at.get(index.name, index) if isinstance(index, Symbol) else index


def _times(factors: list[Node]) -> Node:
    return reduce(lambda left, right: Binary("*", left, right), factors)


_MAKERS: dict[type, Callable[[Any, int], Maker]] = {
    Symbol: _symbol,
    Compare: _compared,
    Binary: _binary,
    Over: _over,
}
