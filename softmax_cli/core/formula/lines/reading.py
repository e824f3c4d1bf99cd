"""A learner's line as a tree: the grammar of the catalogue's formulas, read as generously as is safe."""

from softmax_cli.core.formula.lines.calculus import CalculusParser
from softmax_cli.core.formula.lines.indices import IndexNames
from softmax_cli.core.formula.lines.limits import check_powers, derivative, exponent_of_e, whole_power
from softmax_cli.core.formula.lines.writing import line_tokens
from softmax_cli.core.formula.parser import COMPARE, MULTIPLY, POWER, PREFIX
from softmax_cli.core.formula.tokens import Token
from softmax_cli.core.formula.tree import Binary, Call, Compare, Node, Number, Symbol
from softmax_cli.errors import FormulaError

_FAMILIES = frozenset("pzye")
"""Names that a class belongs to."""
_SINGLE = frozenset("fgSLT")


def read_line(line: str, setting: IndexNames | None = None) -> Node:
    """Return the tree of a line; of an equation, the last right side.

    Parameters
    ----------
    line
        What was written: plain, with Unicode signs, in LaTeX or as in Python.
    setting
        The classes, and which of them i and j are.

    Raises
    ------
    FormulaError
        If the line is not an expression in the names of the derivation; it says where, and what to write.

    Examples
    --------
    >>> read_line("∂p_1/∂z_2 = −p₁p₂") == read_line("-p_1 * p_2")
    True
    """
    setting = setting or IndexNames()
    parser = _LineParser(line_tokens(line, setting.classes), setting)
    if parser.token.kind == "end":
        raise FormulaError("the line is empty", column=0)
    parser.takes("=")  # a line that goes on from the one before
    node = parser.expression(COMPARE)
    while parser.takes("=", "=="):
        node = parser.expression(COMPARE)
    parser.finished(node)
    if parser.powers > 1:
        check_powers(node)
    return node


class _LineParser(CalculusParser):
    """A parser of what a line may be made of."""

    powers = 0
    """How many powers it has read."""

    def binds(self) -> int:
        """Return how tightly the next sign binds; prime and what is juxtaposed included."""
        token = self.token
        if token.kind == "sign" and token.text in ("|", "<", ">", "<=", ">=", "!=", "//", ".", ",", "_"):
            return 0
        if token.kind == "sign" and token.text == "'":
            return POWER + 1
        if token.text == "{" and token.kind == "sign":
            return 0 if self.tokens[self.at - 1].text == "'" else MULTIPLY
        return super().binds()

    def after(self, left: Node, binds: int) -> Node:
        """Return what the next sign makes of the expression on its left."""
        token = self.token
        if self.takes("'"):
            return derivative(left, Symbol("z", (self.letters["j"],)), token.column)
        if binds == POWER:
            self.next()
            if self._prime():
                return self.after(left, POWER + 1)
            if left == Symbol("e"):
                return Call("exp", (exponent_of_e(self.exponent(), token.column),))
            self.powers += 1
            return Binary("^", left, whole_power(self.exponent(), token.column))
        if token.kind == "number" and self.tokens[self.at - 1].kind == "class":
            raise FormulaError("a number stands before its factor: 2 p_1", column=token.column)
        node = super().after(left, binds)
        if isinstance(node, Compare):
            raise FormulaError("a comparison is no expression", column=token.column)
        if isinstance(node, Binary) and node.operator == "/" and node.right == Number(0):
            raise FormulaError("this divides by 0", column=token.column)
        if isinstance(node, Binary) and Symbol("e") in (node.left, node.right):
            self._bare_e(token)
        return node

    def _prime(self) -> bool:
        r"""Return whether what is raised is a prime, as in f^\prime; go past its braces, if any."""
        if self.sees("{") and [token.text for token in self.tokens[self.at + 1 : self.at + 3]] == ["'", "}"]:
            del self.tokens[self.at + 2], self.tokens[self.at]
        return self.sees("'")

    def operand(self) -> Node:
        """Return what stands where an operand must."""
        token = self.token
        if token.kind == "sign" and token.text in "([{" and token.text:
            return self._group()
        if self.takes("+"):
            return self.expression(PREFIX)
        if token.text in ("|", "*", "^", "_", "/", "<", ">", "'", ",", "}", ")", "]", "**", "//", "!="):
            raise FormulaError(f"an expression is expected before {token.text!r}", column=token.column)
        if token.kind == "class":
            raise FormulaError(
                f"the class {token.text} needs a letter before it: p_{token.text}", column=token.column
            )
        node = super().operand()
        if node == Symbol("e") and self.token.text not in ("^", "**"):
            self._bare_e(token)
        return node

    def _bare_e(self, token: Token) -> None:
        raise FormulaError("e stands alone", column=token.column, hint="the exponential of z_1 is e^z_1")

    def _group(self) -> Node:
        """Return what stands in brackets of any kind."""
        opened = self.next()
        if self.token.text in ("partial", "d") and self.tokens[self.at + 1].text == "/":
            return self.operator(opened)
        closing = {"(": ")", "[": "]", "{": "}"}[opened.text]
        node = self.expression(COMPARE)
        if not self.takes(closing):
            if self.token.kind == "end":
                raise FormulaError(f"this bracket is not closed: {closing} is missing", column=opened.column)
            raise FormulaError(f"{self.token.text!r} is not expected here", column=self.token.column)
        if opened.text == "[" and isinstance(node, Number):
            raise FormulaError("a number in square brackets is no product", column=opened.column)
        return node

    def word(self, token: Token) -> Node:
        """Return what a word stands for, with all that belongs to it."""
        name = token.text
        index = self.sees("_") or (self.token.kind == "number" and not self.token.spaced)
        if name == "partial" or (name == "d" and not index):
            return self.derivative(token)
        if name in _SINGLE or (name == "K" and not self.setting.classes):
            if index:
                raise FormulaError(f"{name} has no index", column=self.token.column)
            return Symbol(name)
        if name in _FAMILIES:
            return self._member(token)
        how = {
            "frac": self._fraction,
            "sum": self.sum,
            "delta": self._delta,
            "d": self._delta,
            "exp": self._function,
            "log": self._function,
            "sigma": self._sigma,
        }.get(name)
        if how is None:
            raise FormulaError(f"{name!r} alone is no expression here", column=token.column)
        return how(token)

    def _member(self, token: Token) -> Node:
        """Return p_1 and the like; e without an index is the base of a power."""
        if self.sees("_") or (self.token.kind == "number" and not self.token.spaced):
            return Symbol(token.text, (self.index(token),))
        if token.text == "e":
            return Symbol("e")
        raise FormulaError(
            f"{token.text} of which class?",
            column=token.column,
            hint=f"{token.text}_1, with a class as its index",
        )

    def _function(self, token: Token) -> Node:
        if self.token.kind == "sign" and self.token.text in "([{" and self.token.text:
            argument = self._group()
        else:
            argument = self.expression(POWER - 1)
        return Call(token.text, (exponent_of_e(argument, token.column) if token.text == "exp" else argument,))

    def _sigma(self, token: Token) -> Node:
        """Return sigma_1, sigma(z_1) or sigma(z)_1, which are p_1."""
        if self.sees("_"):
            return Symbol("p", (self.index(token),))
        if [one.text for one in self.tokens[self.at : self.at + 4]] == ["(", "z", ")", "_"]:
            self.at += 3
            return Symbol("p", (self.index(token),))
        argument = self._group() if self.sees("(") else None
        if not isinstance(argument, Symbol) or argument.name != "z":
            raise FormulaError("it is taken of a logit: sigma(z_1)", column=token.column)
        return Symbol("p", argument.indices)

    def _fraction(self, _: Token) -> Node:
        r"""Return \frac{a}{b}, which may be a derivative, or the d/dz of one."""
        braced = self.sees("{")
        if braced and self.tokens[self.at + 1].text in ("partial", "d"):
            self.next()
            token = self.next()
            of = None if self.sees("}") else self.expression(POWER - 1)
            self.expect("}")
            self.expect("{")
            wrt = self.logit()
            self.expect("}")
            of = self.expression(MULTIPLY) if of is None else of
            return derivative(of, self.checked(wrt, token), token.column)
        top, bottom = self._part(), self._part()
        if bottom == Number(0):
            raise FormulaError("this divides by 0", column=self.token.column)
        return Binary("/", top, bottom)

    def _part(self) -> Node:
        r"""Return a part of a fraction: in braces, or one sign, as in \frac12."""
        if self.sees("{"):
            return self._group()
        token = self.token
        if token.kind == "number" and len(token.text) > 1 and token.text.isdecimal():
            rest = Token("number", token.text[1:], token.column + 1, spaced=False)
            self.tokens[self.at : self.at + 1] = [
                Token("number", token.text[0], token.column, spaced=False),
                rest,
            ]
        return self.expression(POWER)

    def _delta(self, token: Token) -> Node:
        found = self.listed(")") if self.takes("(") else self.indices(token, most=2)
        if len(found) != 2:
            raise FormulaError("delta has two indices: delta_12", column=token.column)
        return Symbol("d", tuple(found))
