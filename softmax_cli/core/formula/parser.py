"""From tokens to a tree: a Pratt parser, in which each sign knows how tightly it binds."""

from math import gcd
from typing import ClassVar

from softmax_cli.core.formula.tokens import Token, tokens
from softmax_cli.core.formula.tree import (
    Binary,
    Call,
    Compare,
    Negative,
    Node,
    Number,
    Over,
    Statement,
    Symbol,
    walk,
)
from softmax_cli.errors import FormulaError

DEEPEST = 60
"""Levels of a tree that are read, and brackets within brackets."""
LARGEST_POWER = 32
"""The largest whole number that may stand as an exponent."""

FUNCTIONS = frozenset(
    (
        *("abs", "argmax", "clip", "exp", "floor", "int", "log", "log10", "log2", "max", "mean", "min"),
        *("norm", "round", "sigmoid", "sign", "softmax", "sort", "sqrt", "std", "sum", "tanh"),
    )
)
"""What `functions` computes; |x| is its abs."""
OVER = frozenset(("sum", "mean", "max", "min"))
MATRICES = frozenset(("d", "J"))
"""Quantities of two indices."""
WORDS = frozenset(("target",))
"""Indices that are a word, not one letter each."""

COMPARE, ADD, PREFIX, MULTIPLY, POWER = 10, 20, 25, 30, 50
"""How tightly signs bind; PREFIX is that of a minus, and of a sum."""
_COMPARISONS = frozenset(("=", "==", "!=", "<", "<=", ">", ">="))
_BINDS = {
    **dict.fromkeys(_COMPARISONS, COMPARE),
    "+": ADD,
    "-": ADD,
    "*": MULTIPLY,
    "/": MULTIPLY,
    "//": MULTIPLY,
    ".": MULTIPLY,
    "^": POWER,
    "**": POWER,
}


def parse(line: str) -> Node:
    """Return the tree of an expression.

    Juxtaposed factors are multiplied, and bind as ``*`` and ``/`` do, from the left; a function without
    brackets takes the next factor; a sum takes the product that follows it.

    Raises
    ------
    FormulaError
        If the line is not such an expression.

    Examples
    --------
    >>> parse("-p_i p_j").operand.operator
    '*'
    """
    parser = Parser(tokens(line))
    node = parser.expression()
    return parser.finished(node)


def statement(line: str) -> Statement:
    """Return a whole line: ``J_ij = expression for i != j, a = softmax(p)``; the expression alone will do.

    Raises
    ------
    FormulaError
        If the line is not such a statement.
    """
    parser = Parser(tokens(line))
    left: Node | None = None
    right = parser.expression(COMPARE)
    if parser.takes("="):
        left, right = right, parser.expression(COMPARE)
    condition = None
    if parser.takes("for"):
        condition = parser.comparison()
    definitions = []
    while parser.takes(","):
        name = parser.next().text
        parser.expect("=")
        definitions.append((name, parser.expression(COMPARE)))
    parser.finished(right)
    return Statement(left, right, condition, tuple(definitions))


class Parser:
    """The tokens of a line and how far they are read."""

    functions: ClassVar[frozenset[str]] = FUNCTIONS
    over: ClassVar[frozenset[str]] = OVER

    def __init__(self, line: list[Token]) -> None:
        self.tokens = line
        self.at = 0
        self.depth = 0
        self.bars = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.at]

    def next(self) -> Token:
        """Return the next token and go on."""
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def sees(self, text: str) -> bool:
        """Return whether this sign or word comes next."""
        return self.token.text == text

    def takes(self, *texts: str) -> bool:
        """Return whether one of these signs or words comes next, and go past it."""
        found = self.token.text in texts
        self.at += found
        return found

    def expect(self, text: str) -> Token:
        """Go past a sign that must be there."""
        if not self.sees(text):
            said = f"{text!r} is missing"
            raise FormulaError(said, column=self.token.column)
        return self.next()

    def finished(self, node: Node) -> Node:
        """Return the tree, the whole line being read and the tree not too deep."""
        if self.token.kind != "end":
            raise FormulaError(f"{self.token.text!r} is not expected here", column=self.token.column)
        # A tree is no deeper than its line has tokens: short lines need no measuring.
        if len(self.tokens) > DEEPEST and max(depth for _, depth in walk(node)) > DEEPEST:
            raise FormulaError(f"more than {DEEPEST} levels deep", column=0)
        return node

    def expression(self, binding: int = 0) -> Node:
        """Return the expression up to the first sign that binds no tighter than `binding`."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(f"more than {DEEPEST} levels deep", column=self.token.column)
        node = self.operand()
        while (binds := self.binds()) > binding:
            node = self.after(node, binds)
        self.depth -= 1
        return node

    def comparison(self) -> Compare:
        """Return a comparison."""
        column = self.token.column
        node = self.expression()
        if not isinstance(node, Compare):
            raise FormulaError("a comparison is expected here", column=column)
        return node

    def binds(self) -> int:
        """Return how tightly the next sign binds; a factor without a sign is multiplied."""
        token = self.token
        if token.kind == "sign":
            if token.text == "|":
                return 0 if self.bars else MULTIPLY
            return _BINDS.get(token.text, MULTIPLY if token.text in "([" else 0)
        return MULTIPLY if token.kind != "end" and token.text != "for" else 0

    def after(self, left: Node, binds: int) -> Node:
        """Return what the next sign makes of the expression on its left and the one on its right."""
        sign = self.token.text
        if sign not in _BINDS or self.token.kind != "sign":
            if self.token.kind == self.tokens[self.at - 1].kind == "number":
                raise FormulaError("two numbers without a sign between them", column=self.token.column)
            return Binary("*", left, self.expression(MULTIPLY))
        self.next()
        if binds == POWER:
            return Binary("^", left, self.exponent())
        right = self.expression(binds)
        if sign in _COMPARISONS:
            return Compare("=" if sign == "==" else sign, left, right)
        return Binary(sign, left, right)

    def exponent(self) -> Node:
        """Return what stands after a ^: a sign binds to it, and not what comes after."""
        column = self.token.column
        if self.takes("-"):
            power: Node = Negative(self.expression(POWER - 1))
        else:
            power = self.expression(POWER - 1)
        bare = power.operand if isinstance(power, Negative) else power
        if isinstance(bare, Number) and bare.numerator > LARGEST_POWER * bare.denominator:
            raise FormulaError(f"a power above {LARGEST_POWER}", column=column)
        return power

    def operand(self) -> Node:
        """Return what stands where an operand must."""
        token = self.next()
        if token.kind == "number":
            return number(token)
        if token.kind == "word":
            return self.word(token)
        match token.text:
            case "-":
                return Negative(self.expression(PREFIX))
            case "(":
                node = self.expression()
                self.expect(")")
                return node
            case "[":
                condition = self.comparison()
                self.expect("]")
                return condition
            case "|":
                self.bars += 1
                node = self.expression()
                self.bars -= 1
                self.expect("|")
                return Call("abs", (node,))
        what = repr(token.text) if token.text else "the end of the line"
        raise FormulaError(f"an expression is expected before {what}", column=token.column)

    def word(self, token: Token) -> Node:
        """Return what a word stands for, with all that belongs to it."""
        if token.text in self.over and self.sees("_"):
            return self._over(token.text)
        if token.text not in self.functions:
            return Symbol(token.text, self._indices(2 if token.text in MATRICES else 1))
        if not self.takes("("):
            return Call(token.text, (self.expression(POWER),))
        arguments = [self.expression()]
        while self.takes(","):
            arguments.append(self.expression())
        self.expect(")")
        return Call(token.text, tuple(arguments))

    def _over(self, how: str) -> Node:
        """Return sum_i ..., sum_mj ... or sum_{j < k} ..."""
        self.expect("_")
        condition: Node | None = None
        if self.takes("{"):
            condition = self.comparison()
            letters = condition.left.name if isinstance(condition.left, Symbol) else ""
            self.expect("}")
        else:
            letters = self.next().text
        return Over(how, letters, self.expression(PREFIX), condition)

    def _indices(self, most: int) -> tuple[Node, ...]:
        """Return the indices after an underscore: letters, a number, or an expression in brackets."""
        if not self.takes("_"):
            return ()
        found: list[Node] = []
        while not found or (len(found) < most and not self.token.spaced and self._is_index()):
            token = self.next()
            if token.text == "(":
                found.append(self.expression())
                self.expect(")")
            elif token.kind == "number":
                found.append(number(token))
            elif token.text in WORDS:
                found.append(Symbol(token.text))
            elif token.kind == "word":
                found.extend(Symbol(letter) for letter in token.text)
            else:
                raise FormulaError("an index is expected here", column=token.column)
        return tuple(found)

    def _is_index(self) -> bool:
        return self.token.text == "(" or self.token.kind in ("word", "number")


def number(token: Token) -> Number:
    """Return a number exactly, from its decimal digits."""
    digits, _, power = token.text.lower().partition("e")
    whole, _, decimals = digits.partition(".")
    shift = int(power or 0) - len(decimals)
    if abs(shift) > 400:
        raise FormulaError(f"{token.text} is too large or too small", column=token.column)
    numerator, denominator = int(whole + decimals) * 10 ** max(shift, 0), 10 ** max(-shift, 0)
    common = gcd(numerator, denominator)
    return Number(numerator // common, denominator // common)
