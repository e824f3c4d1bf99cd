"""How similarly two lines are written."""

from collections import Counter
from collections.abc import Iterator

from softmax_cli.core.formula.tree import (
    Binary,
    Call,
    Derivative,
    Negative,
    Node,
    Number,
    Over,
    Symbol,
    parts,
    with_parts,
)
from softmax_cli.tutor.exercises.goal import Goal


def folded(node: Node, goal: Goal) -> Node:
    """Return a line with S for the sum of all exponentials, if that is written out."""
    if isinstance(node, Over) and node == goal.total:
        return Symbol("S")
    if isinstance(node, Binary) and node.operator == "+" and isinstance(goal.total, frozenset):
        terms = list(_terms(node))
        if len(terms) == len(goal.total) and goal.total == set(terms):
            return Symbol("S")
    return with_parts(node, lambda part: folded(part, goal))


def _terms(node: Node) -> Iterator[Node]:
    if isinstance(node, Binary) and node.operator == "+":
        yield from _terms(node.left)
        yield from _terms(node.right)
    else:
        yield node


def signs(node: Node) -> Counter[str]:
    """Return the names, numbers and signs of a line, and how often each occurs."""
    found: Counter[str] = Counter()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        match one:
            case Symbol(name=name, indices=indices):
                places = (
                    getattr(index, "numerator", None) or getattr(index, "name", "") for index in indices
                )
                found[name + "".join(map(str, places))] += 2
                continue
            case Binary(operator=operator):
                found[operator] += 1
            case Negative():
                found["-"] += 1
            case Derivative():
                found["'"] += 2
            case Call(function=function):
                found[function] += 2
            case Number(numerator=n, denominator=d):
                found[f"{n}/{d}"] += 1
        waiting.extend(parts(one))
    return found


def distance(a: Counter[str], b: Counter[str]) -> int:
    """Return in how many signs two lines differ."""
    return sum(((a - b) + (b - a)).values())
