"""What a learner's line may not have: huge powers, any exponent but logits, derivatives of derivatives."""

from softmax_cli.core.formula.parser import LARGEST_POWER
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
    walk,
    whole_number,
)
from softmax_cli.errors import FormulaError


def whole_power(power: Node, column: int) -> Node:
    """Return an exponent that is a whole number, and not too large."""
    whole = whole_number(power)
    if whole is not None and abs(whole) <= LARGEST_POWER:
        return power
    raise FormulaError(f"a power is a whole number up to {LARGEST_POWER}", column=column)


def derivative(of: Node, wrt: Symbol, column: int) -> Derivative:
    """Return a derivative, unless it is one of a derivative."""
    if any(isinstance(node, Derivative) for node, _ in walk(of)):
        raise FormulaError("a second derivative is not needed here", column=column)
    return Derivative(of, wrt)


def exponent_of_e(exponent: Node, column: int) -> Node:
    """Return the exponent of an exponential: of logits, outputs, T and numbers alone."""
    match exponent:
        case Symbol(name="z" | "T" | "p"):
            pass
        case Call(function="log", arguments=(Symbol() | Over(),)):
            pass
        case Number(numerator=top, denominator=bottom):
            if top > LARGEST_POWER * bottom:
                raise FormulaError(f"an exponent above {LARGEST_POWER}", column=column)
        case Negative(operand=part) | Over(body=part):
            exponent_of_e(part, column)
        case Binary(operator="+" | "-" | "*" | "/" | "^", left=left, right=right):
            exponent_of_e(left, column)
            exponent_of_e(right, column)
        case _:
            raise FormulaError("the exponent of e is made of logits and numbers", column=column)
    return exponent


def check_powers(node: Node) -> int:
    """Return the largest power in a tree, powers of powers multiplied.

    Raises
    ------
    FormulaError
        Where it is too large.
    """
    degree = max((check_powers(part) for part in parts(node)), default=1)
    if isinstance(node, Binary) and node.operator == "^":
        degree *= max(abs(whole_number(node.right) or 0), 1)
        if degree > LARGEST_POWER:
            raise FormulaError(f"a power above {LARGEST_POWER}", column=0)
    return degree
