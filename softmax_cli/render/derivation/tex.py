"""Formulas in TeX, as Markdown and LaTeX have them."""

from softmax_cli.core.formula.tree import Node
from softmax_cli.render.derivation.drawing import value
from softmax_cli.render.derivation.page import Page, power_of_ten
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.printers.latex import BoardLatexPrinter


class TexPage(Page):
    """A page that sets its formulas in TeX, between dollar signs within a sentence."""

    def tex(self, x: Node, changed: frozenset[Node] = frozenset()) -> str:
        """Return an expression in TeX."""
        return BoardLatexPrinter(self.drawing.names, changed=changed).of(x)

    def math(self, x: Node) -> str:
        """Return an expression within a sentence."""
        return f"${self.tex(x)}$"

    def identity(self, lhs: Node, rhs: Node) -> str:
        """Return a rule within a heading: lhs = rhs."""
        return f"${self.tex(lhs)} = {self.tex(rhs)}$"

    def line(self, step: Step, *, highlighted: bool = False) -> str:
        """Return a line in TeX, with its value if it has one."""
        lhs, rhs, changed = self.sides(step)
        formula = f"{self.tex(lhs)} = {self.tex(rhs, changed if highlighted else frozenset())}"
        exact, digits = value(self.lesson, step)
        mantissa, exponent = power_of_ten(digits)
        power = rf" \cdot 10^{{{exponent}}}" if exponent else ""
        sign = "=" if exact else r"\approx"
        return rf"{formula} \quad {sign} {mantissa}{power}" if digits else formula
