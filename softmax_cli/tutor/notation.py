"""The names on the board, z_k, e_k, p_k, y_k, their sum S, f, g, L and T, and the grammar of its formulas."""

from functools import cache
from typing import NamedTuple

from softmax_cli.core.formula.parser import FUNCTIONS, OVER, Parser
from softmax_cli.core.formula.tokens import Token, tokens
from softmax_cli.core.formula.tree import Call, Derivative, Node, Number, Symbol, Total

F, G, L, S, T = (Symbol(name) for name in "fgLST")
"""f and g: the parts of a rule; L: the cross-entropy; S: the sum of exponentials; T: the temperature."""
SHIFT = Symbol("z", (Number(0),))
"""What is added to every logit, shown as c: named z_0, for it is as free as a logit, but no class's."""
DOTS = Symbol("dots")
"""Stands for the terms of a long sum that are not shown."""


class Label(NamedTuple):
    """The name of a class, by its 1-based number; it is for sentences only and has no value."""

    number: int


def named(name: str) -> Symbol:
    """Return the quantity of a class, by its number or a letter: p_1, p_j."""
    letter, _, index = name.partition("_")
    return Symbol(letter, (Number(int(index)) if index.isdecimal() else Symbol(index),))


@cache
def parsed(formula: str) -> Node:
    """Return the tree of a formula of ours.

    The grammar is that of `core.formula`, with derivatives, ``D(p_i, z_j)``, and ``prime(x)`` in a rule, sums
    that are written out, ``total(a, b)``, and products over classes.

    Examples
    --------
    >>> parsed("D(p_1, T)") == Derivative(named("p_1"), T)
    True
    """
    parser = _BoardParser(tokens(formula))
    return parser.finished(parser.expression())


class _BoardParser(Parser):
    functions = FUNCTIONS | {"D", "prime", "total"}
    over = OVER | {"product"}

    def word(self, token: Token) -> Node:
        node = super().word(token)
        match node:
            case Call(function="D", arguments=(of, Symbol() as wrt)):
                return Derivative(of, wrt)
            case Call(function="total", arguments=terms):
                return Total(terms)
        return node
