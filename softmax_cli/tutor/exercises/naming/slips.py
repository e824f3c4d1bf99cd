"""What people write in place of a sign, factor, term, index or name of a right line."""

from collections.abc import Callable, Iterator
from functools import partial, reduce
from typing import Any, TypeAlias

from softmax_cli.core.formula.tree import Binary, Call, Derivative, Negative, Node, Number, Symbol
from softmax_cli.tutor.exercises.goal import Goal

Slips: TypeAlias = Iterator[tuple[str, Callable[[], str], Node]]
"""What stands in place of a node: the name of the slip, what to say, and the other node."""


def slips(node: Node, goal: Goal) -> Slips:
    """Yield what may stand in place of a node."""
    found = _SLIPS.get(node.operator if isinstance(node, Binary) else type(node))
    return iter(()) if found is None else found(node, goal)


def negative(tree: Node) -> Node:
    """Return minus a tree."""
    return tree.operand if isinstance(tree, Negative) else Negative(tree)


def _saying(goal: Goal, template: str, *trees: Node) -> Callable[[], str]:
    """Return a sentence that is put together only when it is needed."""
    return lambda: template.format(*map(goal.written, trees))


def _instead(cause: str, node: Node, other: Node, goal: Goal) -> tuple[str, Callable[[], str], Node]:
    return cause, _saying(goal, "{} stands where {} belongs.", other, node), other


def _sum(node: Binary, goal: Goal) -> Slips:
    sign, left, right = node.operator, node.left, node.right
    other = "-" if sign == "+" else "+"
    word, wrong = ("minus", "plus") if sign == "-" else ("plus", "minus")
    said = _saying(goal, f"A {wrong} stands where a {word} belongs, before {{}}.", right)
    yield f"{wrong}-for-{word}", said, Binary(other, left, right)
    yield "term-missing", _saying(goal, "The term {} is missing.", right), left
    rest = right if sign == "+" else Negative(right)
    yield "term-missing", _saying(goal, "The term {} is missing.", left), rest
    if sign == "-":
        turned = _saying(goal, "The two terms have changed places: {} is taken from {}.", right, left)
        yield "terms-turned", turned, Binary("-", right, left)
    if sign == "-" and isinstance(right, Binary) and right.operator in ("+", "-"):
        lost = _saying(goal, f"The {word} before the bracket holds for both terms of {{}}.", right)
        yield "bracket-lost", lost, Binary(right.operator, Binary(sign, left, right.left), right.right)
    if isinstance(right, Binary) and right.operator == "/":
        alone = _saying(goal, "{} divides {} alone, not the whole.", right.right, right.left)
        yield "bracket-lost", alone, Binary("/", Binary(sign, left, right.left), right.right)
    if not isinstance(left, Number) and not isinstance(right, Number):
        word = "added" if sign == "+" else "subtracted"
        multiplied = _saying(goal, f"{{}} and {{}} are multiplied here, not {word}.", left, right)
        yield "product-for-sum", multiplied, Binary("*", left, right)


def _product(node: Binary, goal: Goal) -> Slips:
    left, right = node.left, node.right
    for factor, rest in ((left, right), (right, left)):
        if factor == Number(0):
            yield "one-for-zero", _saying(goal, "A 1 stands where a 0 belongs."), rest
            continue
        yield "factor-missing", _saying(goal, "The factor {} is missing.", factor), rest
        twice = _saying(goal, "The factor {} stands twice.", factor)
        yield "factor-twice", twice, Binary("*", node, factor)
        divided = _saying(goal, "{} is divided by here: it is a factor.", factor)
        yield "quotient-for-product", divided, Binary("/", rest, factor)
    added = _saying(goal, "Two factors are added here, or subtracted, that are multiplied.")
    yield "sum-for-product", added, Binary("+", left, right)
    yield "sum-for-product", added, Binary("-", left, right)
    for factor, bracket in ((left, right), (right, left)):
        if isinstance(bracket, Binary) and bracket.operator in ("+", "-"):
            lost = _saying(goal, "{} multiplies both terms of {}, not only one.", factor, bracket)
            first, second = bracket.left, bracket.right
            yield "bracket-lost", lost, Binary(bracket.operator, Binary("*", factor, first), second)
            yield "bracket-lost", lost, Binary(bracket.operator, first, Binary("*", factor, second))
    if isinstance(left, Call) and isinstance(right, Call) and left.function == right.function == "exp":
        law = _saying(goal, "Exponents are added when powers of e are multiplied: e^a e^b = e^(a + b).")
        for sign in ("*", "-"):
            exponent = Binary(sign, *left.arguments, *right.arguments)
            yield "exponents-not-added", law, Call("exp", (exponent,))


def _quotient(node: Binary, goal: Goal) -> Slips:
    left, right = node.left, node.right
    yield "division-missing", _saying(goal, "The division by {} is missing.", right), left
    turned = _saying(goal, "Top and bottom have changed places: {} is on top.", left)
    yield "fraction-turned", turned, Binary("/", right, left)
    multiplied = _saying(goal, "{} is multiplied on here: it is divided by.", right)
    yield "product-for-quotient", multiplied, Binary("*", left, right)
    twice = _saying(goal, "The division by {} is done twice.", right)
    if isinstance(right, Symbol):
        yield "divided-twice", twice, Binary("/", left, Binary("^", right, Number(2)))
    else:
        yield "divided-twice", twice, Binary("/", node, right)
    if not isinstance(left, Number):
        one = _saying(goal, "The factor {} is missing on top.", left)
        yield "factor-missing", one, Binary("/", Number(1), right)
    if isinstance(left, Binary) and left.operator in ("+", "-"):
        lost = _saying(goal, "{} divides the whole top, {}, not only one of its terms.", right, left)
        first, second = left.left, left.right
        yield "bracket-lost", lost, Binary(left.operator, Binary("/", first, right), second)
        yield "bracket-lost", lost, Binary(left.operator, first, Binary("/", second, right))


def _power(node: Binary, goal: Goal) -> Slips:
    base, power = node.left, node.right
    yield "square-missing", _saying(goal, "The power {} is missing.", node), base
    if isinstance(power, Number):
        doubled = _saying(goal, "{} is a power: {} times itself, not {} times a number.", node, base, base)
        yield "times-for-power", doubled, Binary("*", power, base)
        higher = _saying(goal, "The power of {} is {}, not one more.", base, power)
        yield "power-too-high", higher, Binary("^", base, Number(power.numerator + 1))
    if isinstance(base, Binary) and base.operator in ("+", "-", "*"):
        whole = _saying(
            goal, "The power is that of the whole {}: a square of a sum is no sum of squares.", base
        )
        first, second = Binary("^", base.left, power), Binary("^", base.right, power)
        if base.operator != "*":
            yield "bracket-lost", whole, Binary(base.operator, first, second)


def _minus(node: Negative, goal: Goal) -> Slips:
    inner = node.operand
    yield "sign-missing", _saying(goal, "The minus in front of {} is missing.", inner), inner
    if isinstance(inner, Binary) and inner.operator in ("+", "-"):
        lost = _saying(goal, "The minus in front of the bracket holds for both terms of {}.", inner)
        yield "bracket-lost", lost, Binary(inner.operator, Negative(inner.left), inner.right)


def _symbol(node: Symbol, goal: Goal) -> Slips:
    name = node.name
    if name == "d":
        for value, wrong in ((0, 1), (1, 0)):
            said = _saying(goal, f"{{}} is {value} here, not {wrong}.", node)
            if goal.general:
                which = "i = j" if wrong else "i != j"
                said = _saying(goal, f"{{}} is {wrong} for {which} alone.", node)
            yield "delta-mistaken", said, Number(wrong)
    elif name in ("p", "z", "y"):
        for index in goal.indices:
            if node.indices != (index,):
                yield _instead("other-class", node, Symbol(name, (index,)), goal)
    if name == "p":
        z = Symbol("z", node.indices)
        yield _instead("inputs-for-outputs", node, z, goal)
        yield _instead("exponential-not-divided", node, Call("exp", (z,)), goal)
        yield _instead("logarithm-for-probability", node, Call("log", (node,)), goal)
        yield _instead("complement", node, Binary("-", Number(1), node), goal)
        twice = _saying(goal, "{} is multiplied by itself here: it stands once.", node)
        yield "factor-twice", twice, Binary("^", node, Number(2))
        double = _saying(goal, "A 2 stands before {} that does not belong there.", node)
        yield "times-2", double, Binary("*", Number(2), node)
    elif name == "S":
        yield _instead("logarithm-kept", node, Call("log", (node,)), goal)
        yield from _parts_of_the_sum(goal)
    elif name in ("f", "g"):
        prime = Derivative(node, goal.logit)
        said = _saying(goal, "{} stands here as it is, without a prime.", node)
        yield "prime-misplaced", said, prime


def _parts_of_the_sum(goal: Goal) -> Slips:
    """Yield the sum without one of its terms."""
    if isinstance(goal.total, frozenset):
        terms = sorted(goal.total, key=goal.written)
        for missing in terms:
            rest = reduce(partial(Binary, "+"), (term for term in terms if term != missing))
            said = _saying(goal, "The sum S is over all classes: {} is missing.", missing)
            yield "sum-not-whole", said, rest


def _number(node: Number, goal: Goal) -> Slips:
    if node == Number(0):
        yield "one-for-zero", _saying(goal, "A 1 stands where a 0 belongs."), Number(1)
    elif node == Number(1):
        yield "zero-for-one", _saying(goal, "A 0 stands where a 1 belongs."), Number(0)
        yield "two-for-one", _saying(goal, "A 2 stands where a 1 belongs."), Number(2)


def _call(node: Call, goal: Goal) -> Slips:
    (argument,) = node.arguments
    if node.function == "log":
        yield _instead("logarithm-forgotten", node, argument, goal)
        return
    minus = isinstance(argument, Negative)
    over = isinstance(argument, Binary) and argument.operator == "/"
    for index in goal.indices:
        other: Node = Symbol("z", (index,))
        other = Negative(other) if minus else other
        if over and isinstance(argument, Binary):
            other = Binary("/", other, argument.right)
        if other != argument:
            yield _instead("other-class", node, Call("exp", (other,)), goal)
    yield _instead("exponential-missing", node, argument, goal)
    if minus:
        yield _instead("exponent-sign", node, Call("exp", (negative(argument),)), goal)
    if over and isinstance(argument, Binary):
        yield _instead("temperature-in-the-exponent", node, Call("exp", (argument.left,)), goal)


def _derivative(node: Derivative, goal: Goal) -> Slips:
    said = _saying(goal, "{} stands where {} belongs: it has still to be differentiated.", node.of, node)
    yield "prime-forgotten", said, node.of
    for value in (0, 1):
        taken = _saying(goal, f"{{}} is taken for {value}.", node)
        yield f"derivative-taken-for-{value}", taken, Number(value)


_SLIPS: dict[str | type, Callable[[Any, Goal], Slips]] = {
    "+": _sum,
    "-": _sum,
    "*": _product,
    "/": _quotient,
    "^": _power,
    Negative: _minus,
    Symbol: _symbol,
    Number: _number,
    Call: _call,
    Derivative: _derivative,
}
"""By the operator of a node with two operands, and the kind of any other."""
