"""What a formula is once it is read: plain frozen nodes, each with a line that says what it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    changed = False
    values = []
    name: str
    for name in node.__slots__:
        value = getattr(node, name)
        if isinstance(value, Node):
            new: object = rewrite(value, rule)
        elif isinstance(value, tuple):
            new = tuple(rewrite(part, rule) for part in value)
        else:
            new = value
        changed = changed or new is not value
        values.append(new)
    return rule(type(node)(*values) if changed else node)
