"""One edit of a right line: a sign, a factor, a term, an index, a name that is another."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import NamedTuple

from softmax_cli.core.formula.residues import P
from softmax_cli.core.formula.tree import Binary, Call, Derivative, Negative, Node, Number, Symbol
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.goal import Goal


class Edit(NamedTuple):
    """A wrong line that is a right one but for one thing, and the name of that thing."""

    cause: str
    say: Callable[[], str]
    tree: Node


def edits(tree: Node, goal: Goal) -> Iterator[Edit]:
    """Yield the line with each edit that people make.

    Examples
    --------
    >>> from softmax_cli.core.formula.line import read_line
    >>> goal = Goal("softmax", 1, 2)
    >>> [goal.written(edit.tree) for edit in edits(read_line("-p1"), goal)][:3]
    ['p_1', 'p_1', '-p_2']
    """
    yield Edit("sign-turned", _saying(goal, "The sign of the whole line is turned."), _negative(tree))
    yield from _edits(tree, goal)


def _negative(tree: Node) -> Node:
    return tree.operand if isinstance(tree, Negative) else Negative(tree)


def _edits(node: Node, goal: Goal) -> Iterator[Edit]:
    """Yield the edits of a node and of all that is below it."""
    yield from _EDITS.get(type(node), _none)(node, goal)
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            for edit in _edits(value, goal):
                yield edit._replace(tree=replace(node, **{field.name: edit.tree}))
        elif isinstance(value, tuple) and not isinstance(node, Symbol):
            for i, part in enumerate(value):
                for edit in _edits(part, goal):
                    changed = (*value[:i], edit.tree, *value[i + 1 :])
                    yield edit._replace(tree=replace(node, **{field.name: changed}))


def _none(node: Node, goal: Goal) -> Iterator[Edit]:
    yield from ()


def _saying(goal: Goal, template: str, *trees: Node) -> Callable[[], str]:
    """Return a sentence that is put together only when it is said."""
    return lambda: template.format(*map(goal.written, trees))


def _binary(node: Node, goal: Goal) -> Iterator[Edit]:
    assert isinstance(node, Binary)
    left, right = node.left, node.right
    match node.operator:
        case "+" | "-" as sign:
            other = "-" if sign == "+" else "+"
            word, wrong = ("minus", "plus") if sign == "-" else ("plus", "minus")
            said = _saying(goal, f"A {wrong} stands where a {word} belongs, before {{}}.", right)
            yield Edit(f"{wrong}-for-{word}", said, Binary(other, left, right))
            yield Edit("term-missing", _saying(goal, "The term {} is missing.", right), left)
            rest = right if sign == "+" else Negative(right)
            yield Edit("term-missing", _saying(goal, "The term {} is missing.", left), rest)
        case "*":
            for factor, rest in ((left, right), (right, left)):
                yield Edit("factor-missing", _saying(goal, "The factor {} is missing.", factor), rest)
                twice = _saying(goal, "The factor {} stands twice.", factor)
                yield Edit("factor-twice", twice, Binary("*", node, factor))
            added = _saying(goal, "Two factors are added here, or subtracted, that are multiplied.")
            yield Edit("sum-for-product", added, Binary("+", left, right))
        case "/":
            yield Edit("division-missing", _saying(goal, "The division by {} is missing.", right), left)
            turned = _saying(goal, "Top and bottom have changed places: {} is on top.", left)
            yield Edit("fraction-turned", turned, Binary("/", right, left))
        case "^":
            yield Edit("square-missing", _saying(goal, "The power {} is missing.", node), left)


def _minus(node: Node, goal: Goal) -> Iterator[Edit]:
    assert isinstance(node, Negative)
    said = _saying(goal, "The minus in front of {} is missing.", node.operand)
    yield Edit("sign-missing", said, node.operand)


def _symbol(node: Node, goal: Goal) -> Iterator[Edit]:
    assert isinstance(node, Symbol)
    if node.name == "d":
        for value, wrong in ((0, 1), (1, 0)):
            said = _saying(goal, f"{{}} is {value} here, not {wrong}.", node)
            yield Edit("delta-mistaken", said, Number(wrong))
    elif node.name in ("p", "z", "y"):
        for m in range(1, len(goal.classes) + 1):
            if node.indices != (Number(m),):
                yield _instead("other-class", node, Symbol(node.name, (Number(m),)), goal)
    if node.name == "p":
        z = Symbol("z", node.indices)
        yield _instead("inputs-for-outputs", node, z, goal)
        yield _instead("exponential-not-divided", node, Call("exp", (z,)), goal)
        yield _instead("logarithm-for-probability", node, Call("log", (node,)), goal)
        yield _instead("complement", node, Binary("-", Number(1), node), goal)
    elif node.name in ("f", "g"):
        prime = Derivative(node, Symbol("z", (Number(goal.wrt),)))
        said = _saying(goal, "{} stands here as it is, without a prime.", node)
        yield Edit("prime-misplaced", said, prime)


def _instead(cause: str, node: Node, other: Node, goal: Goal) -> Edit:
    return Edit(cause, _saying(goal, "{} stands where {} belongs.", other, node), other)


def _number(node: Node, goal: Goal) -> Iterator[Edit]:
    if node == Number(0):
        yield Edit("one-for-zero", _saying(goal, "A 1 stands where a 0 belongs."), Number(1))
    elif node == Number(1):
        yield Edit("zero-for-one", _saying(goal, "A 0 stands where a 1 belongs."), Number(0))
        yield Edit("two-for-one", _saying(goal, "A 2 stands where a 1 belongs."), Number(2))


def _call(node: Node, goal: Goal) -> Iterator[Edit]:
    assert isinstance(node, Call)
    (argument,) = node.arguments
    if node.function == "log":
        yield _instead("logarithm-forgotten", node, argument, goal)
        return
    for m in range(1, len(goal.classes) + 1):
        other = Symbol("z", (Number(m),))
        if other != argument:
            yield _instead("other-class", node, Call("exp", (other,)), goal)
    yield _instead("exponential-missing", node, argument, goal)


def _derivative(node: Node, goal: Goal) -> Iterator[Edit]:
    assert isinstance(node, Derivative)
    said = _saying(goal, "{} stands where {} belongs: it has still to be differentiated.", node.of, node)
    yield Edit("prime-forgotten", said, node.of)


def multiple(values: tuple[int, ...], goal: Goal) -> tuple[str, str] | None:
    """Return the name of a line that is a number, or a part of it, times the derivative; None for others."""
    if not all(goal.answer):
        return None
    for sign, turned in ((1, ""), (-1, " And the sign is turned.")):
        for times, top, bottom in _numbers():
            if _holds(values, goal, top, bottom, sign):
                return f"times-{times}", f"The line is {times} times the derivative.{turned}"
        for part in (Symbol("p", (Number(goal.of),)), Symbol("p", (Number(goal.wrt),)), Symbol("S")):
            if _holds(values, goal, part, Number(1), sign):
                return "factor-too-many", f"The factor {goal.written(part)} is too many.{turned}"
            if _holds(values, goal, Number(1), part, sign):
                return "factor-missing", f"The factor {goal.written(part)} is missing.{turned}"
    return None


def _numbers() -> Iterator[tuple[str, Number, Number]]:
    for n in range(2, 11):
        yield f"{n}", Number(n), Number(1)
        yield f"1/{n}", Number(1), Number(n)


def _holds(values: tuple[int, ...], goal: Goal, top: Node, bottom: Node, sign: int) -> bool:
    """Return whether a line is sign * top / bottom times the derivative."""
    try:
        scales = zip(values, goal.answer, goal.values(top), goal.values(bottom), strict=True)
    except FormulaError:
        return False
    return all((value * b - sign * answer * a) % P == 0 for value, answer, a, b in scales)


_EDITS: dict[type, Callable[[Node, Goal], Iterator[Edit]]] = {
    Binary: _binary,
    Negative: _minus,
    Symbol: _symbol,
    Number: _number,
    Call: _call,
    Derivative: _derivative,
}
