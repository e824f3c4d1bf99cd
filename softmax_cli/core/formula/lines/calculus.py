"""Sums and derivatives in a learner's line."""

from softmax_cli.core.formula.lines.indices import IndexParser
from softmax_cli.core.formula.lines.limits import derivative
from softmax_cli.core.formula.lines.signs import LETTERS
from softmax_cli.core.formula.parser import MULTIPLY, POWER, PREFIX
from softmax_cli.core.formula.tokens import Token
from softmax_cli.core.formula.tree import Compare, Node, Over, Symbol
from softmax_cli.errors import FormulaError


class CalculusParser(IndexParser):
    """A parser that knows sums over the classes, and derivatives with respect to a logit."""

    def derivative(self, token: Token) -> Node:
        """Return dp_1/dz_2, or d/dz_2 of what follows."""
        of = None if self.sees("/") else self.expression(POWER - 1)
        if not self.takes("/"):
            raise FormulaError("a derivative is written dp_1/dz_2", column=token.column)
        wrt = self.checked(self.logit(), token)
        return derivative(self.expression(MULTIPLY) if of is None else of, wrt, token.column)

    def operator(self, opened: Token) -> Node:
        """Return (d/dz_2) of what follows."""
        token = self.next()
        self.next()
        wrt = self.checked(self.logit(), token)
        self.expect({"(": ")", "[": "]", "{": "}"}[opened.text])
        return derivative(self.expression(MULTIPLY), wrt, token.column)

    def logit(self) -> Node:
        """Return the dz_2 that something is differentiated with respect to."""
        token = self.next()
        if token.text not in ("partial", "d"):
            raise FormulaError("a derivative is written dp_1/dz_2", column=token.column)
        return self.expression(POWER)

    def checked(self, wrt: Node, token: Token) -> Symbol:
        """Return a logit, which it must be."""
        if isinstance(wrt, Symbol) and wrt.name == "z":
            return wrt
        raise FormulaError("a derivative is with respect to a logit, z_1", column=token.column)

    def sum(self, _: Token) -> Node:
        """Return sum_k ..., from 1 to the number of classes."""
        letter, condition = "k", None
        if self.takes("_"):
            braced = self.takes("{")
            letter = self.next().text
            if letter not in LETTERS or len(letter) != 1:
                raise FormulaError(
                    "a sum runs over a letter: i, j, k, l, m or n", column=self.tokens[self.at - 1].column
                )
            if braced and self.takes("!="):
                condition = Compare("!=", Symbol(letter), self.numbered(self.next(), 1)[0])
            elif braced and self.takes("="):
                self._bound(1)
            if braced:
                self.expect("}")
        if self.takes("^"):
            self._bound(len(self.setting.classes))
        before = self.letters
        self.letters = {**before, letter: Symbol(letter)}
        body = self.expression(PREFIX)
        self.letters = before
        return Over("sum", letter, body, condition)

    def _bound(self, value: int) -> None:
        """Go past a bound of a sum, which must be 1, or the number of classes."""
        braced = self.takes("{", "(")
        token = self.next()
        if token.text not in (("1",) if value == 1 else ("K", str(value or "K"))):
            raise FormulaError("a sum runs from 1 to K, over all classes", column=token.column)
        if braced:
            self.next()
