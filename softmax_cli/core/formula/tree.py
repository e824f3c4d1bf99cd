"""What a formula is once it is read: plain frozen nodes, each with a line that says what it stands for."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of a formula."""

    def parts(self) -> Iterator[Node]:
        """Yield the nodes directly below."""
        name: str
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from value


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number, exactly: numerator / denominator."""

    numerator: int
    denominator: int = 1


@dataclass(frozen=True, slots=True)
class Symbol(Node):
    """A named quantity, with its indices: z, p_j, d_ij, y_(j-1)."""

    name: str
    indices: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """-x."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two operands and what is between them: + - * / // ^, or . for the dot product."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of its arguments: exp(x), log p_i, max(z_i, 0)."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Over(Node):
    """A sum, mean, max or min over the indices `letters`, where the condition holds: sum_{j <= i} e_j."""

    how: str
    letters: str
    body: Node
    condition: Node | None = None


@dataclass(frozen=True, slots=True)
class Derivative(Node):
    """The derivative of an expression with respect to a logit."""

    of: Node
    wrt: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """left = right, or another comparison; in square brackets 1 where it holds, else 0."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Statement:
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


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Yield each node of a tree with its depth, the root first; no recursion, however deep it is."""
    waiting = [(node, 1)]
    while waiting:
        one, depth = waiting.pop()
        yield one, depth
        waiting.extend((part, depth + 1) for part in one.parts())


def rewrite(node: Node, rule: Callable[[Node], Node]) -> Node:
    """Return the tree with the rule applied to every node, the lowest first."""
    return rule(with_parts(node, lambda part: rewrite(part, rule)))


def with_parts(node: Node, new: Callable[[Node], Node]) -> Node:
    """Return a node with other parts directly below; the node itself where none has changed."""
    changed = False
    values = []
    name: str
    for name in node.__slots__:
        value = found = getattr(node, name)
        if isinstance(value, Node):
            found = new(value)
        elif isinstance(value, tuple):
            parts = tuple(new(part) for part in value)
            found = value if all(map(operator.is_, parts, value)) else parts
        changed = changed or found is not value
        values.append(found)
    return type(node)(*values) if changed else node


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


def written_out(node: Over, k: int, letters: Mapping[str, int] | None = None) -> list[Node]:
    """Return the terms of a sum over k classes; `letters` are the classes that free letters stand for."""
    left_out = node.condition.right if isinstance(node.condition, Compare) else None
    if isinstance(left_out, Symbol) and letters and left_out.name in letters:
        left_out = Number(letters[left_out.name])
    numbers = [Number(m) for m in range(1, k + 1)]
    return [substitute(node.body, node.letters, number) for number in numbers if number != left_out]
