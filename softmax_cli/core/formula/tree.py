"""What a formula is once it is read: plain frozen nodes, each with a line that says what it stands for."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias, cast


class Number(NamedTuple):
    """A number, exactly: numerator / denominator."""

    numerator: int
    denominator: int = 1


class Symbol(NamedTuple):
    """A named quantity, with its indices: z, p_j, d_ij, y_(j-1)."""

    name: str
    indices: tuple[Node, ...] = ()


class Negative(NamedTuple):
    """-x."""

    operand: Node


class Binary(NamedTuple):
    """Two operands and what is between them: + - * / // ^, or . for the dot product."""

    operator: str
    left: Node
    right: Node


class Call(NamedTuple):
    """A function of its arguments: exp(x), log p_i, max(z_i, 0)."""

    function: str
    arguments: tuple[Node, ...]


class Over(NamedTuple):
    """A sum, mean, max or min over the indices `letters`, where the condition holds: sum_{j <= i} e_j."""

    how: str
    letters: str
    body: Node
    condition: Node | None = None


class Total(NamedTuple):
    """A sum written out, with a term for each class; a long one may be shown with an ellipsis."""

    terms: tuple[Node, ...]


class Derivative(NamedTuple):
    """The derivative of an expression with respect to a logit, or another quantity."""

    of: Node
    wrt: Symbol


class Compare(NamedTuple):
    """left = right, or another comparison; in square brackets 1 where it holds, else 0."""

    operator: str
    left: Node
    right: Node


class Statement(NamedTuple):
    """A whole line: an expression, where it holds, and the quantities that it defines.

    Parameters
    ----------
    left
        What is left of the equals sign; None where there is none.
    right
        The expression.
    condition
        What comes after ``for``: the entries that the line is about.
    definitions
        Each ``name = expression`` after a comma.
    """

    left: Node | None
    right: Node
    condition: Compare | None = None
    definitions: tuple[tuple[str, Node], ...] = ()


Node: TypeAlias = Number | Symbol | Negative | Binary | Call | Over | Total | Derivative | Compare
"""Any part of a formula. No two kinds are ever equal: no name is that of a quantity and of a function."""


def parts(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below."""
    value: Any
    for value in node:
        if type(value) is tuple:
            yield from value
        elif isinstance(value, tuple):  # as every node is
            yield cast("Node", value)


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Yield each node of a tree with its depth, the root first; no recursion, however deep it is."""
    waiting = [(node, 1)]
    while waiting:
        one, depth = waiting.pop()
        yield one, depth
        waiting.extend((part, depth + 1) for part in parts(one))


def is_delta(name: Symbol) -> bool:
    """Return whether a name is the Kronecker delta: 1 where both indices are the same, else 0."""
    return name.name == "d" and len(name.indices) == 2


def names(node: Node) -> Iterator[Symbol]:
    """Yield the named quantities of a tree, from the left; the letters of indices are none.

    Examples
    --------
    >>> [name.name for name in names(Binary("*", Symbol("p", (Symbol("i"),)), Symbol("T")))]
    ['p', 'T']
    """
    if isinstance(node, Symbol):
        yield node
    else:
        for part in parts(node):
            yield from names(part)


def terms(node: Node) -> list[tuple[str, Node]]:
    """Return the terms of a sum with their signs, from the left; anything else is one term.

    Examples
    --------
    >>> terms(Binary("-", Symbol("a"), Symbol("b"))) == [("+", Symbol("a")), ("-", Symbol("b"))]
    True
    """
    if isinstance(node, Total):
        first, *others = node.terms
        signed = [("-", x.operand) if isinstance(x, Negative) else ("+", x) for x in others]
        return [("+", first), *signed]
    found: list[tuple[str, Node]] = []
    while isinstance(node, Binary) and node.operator in ("+", "-"):
        found.append((node.operator, node.right))
        node = node.left
    return [("+", node), *reversed(found)]


def factors(node: Node) -> list[Node]:
    """Return the factors of a product, from the left; anything else is one factor."""
    found: list[Node] = []
    while isinstance(node, Binary) and node.operator == "*":
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def whole_number(node: Node) -> int | None:
    """Return the whole number that is written, with its sign; None for anything else.

    Examples
    --------
    >>> whole_number(Negative(Number(2))), whole_number(Number(1, 2))
    (-2, None)
    """
    sign, bare = (-1, node.operand) if isinstance(node, Negative) else (1, node)
    return sign * bare.numerator if isinstance(bare, Number) and bare.denominator == 1 else None


def rewrite(node: Node, rule: Callable[[Node], Node]) -> Node:
    """Return the tree with the rule applied to every node, the lowest first."""
    return rule(with_parts(node, lambda part: rewrite(part, rule)))


def with_parts(node: Node, new: Callable[[Node], Node]) -> Node:
    """Return a node with other parts directly below; the node itself where none has changed."""
    values: list[Any] = list(node)
    for at, value in enumerate(values):
        if type(value) is tuple:
            many = tuple(map(new, value))
            values[at] = value if all(map(operator.is_, many, value)) else many
        elif isinstance(value, Node):
            values[at] = new(value)
    return node if all(map(operator.is_, values, node)) else type(node)(*values)


def substitute(node: Node, letter: str, value: Node) -> Node:
    """Return a tree in which an index letter stands for a class, but where a sum runs over the letter.

    Examples
    --------
    >>> substitute(Symbol("p", (Symbol("k"),)), "k", Number(2))
    Symbol(name='p', indices=(Number(numerator=2, denominator=1),))
    """
    if isinstance(node, Over) and letter in node.letters:
        return node
    return value if node == Symbol(letter) else with_parts(node, lambda part: substitute(part, letter, value))


def replaced(node: Node, values: Mapping[Node, Node]) -> Node:
    """Return a tree with other trees in place of some of its own."""
    return values[node] if node in values else with_parts(node, lambda part: replaced(part, values))


def written_out(node: Over, k: int, letters: Mapping[str, int] | None = None) -> list[Node]:
    """Return the terms of a sum over k classes; `letters` are the classes that free letters stand for."""
    left_out = node.condition.right if isinstance(node.condition, Compare) else None
    if isinstance(left_out, Symbol) and letters and left_out.name in letters:
        left_out = Number(letters[left_out.name])
    numbers = [Number(m) for m in range(1, k + 1)]
    return [substitute(node.body, node.letters, number) for number in numbers if number != left_out]
