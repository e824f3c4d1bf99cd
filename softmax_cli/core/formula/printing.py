"""A tree as text: for a reader, for LaTeX and for SymPy."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact

from softmax_cli.core.formula.tree import (
    Binary,
    Call,
    Compare,
    Derivative,
    Negative,
    Node,
    Number,
    Over,
    Symbol,
    written_out,
)

_ADD, _NEGATIVE, _MULTIPLY, _POWER, _ATOM = range(5)
_SIGNED = {"+": "sum", "-": "sum", "*": "product", "/": "quotient", "^": "power"}
_UNCLEAR = set(" ()[]{},;=^/+*_'")
"""Signs that a class name is put in braces for."""


def text(node: Node, classes: Sequence[str] = ()) -> str:
    r"""Return a tree as a person would write it on one line.

    `classes` are the names of the classes; numbers by default.

    Examples
    --------
    >>> from softmax_cli.core.formula.lines.reading import read_line
    >>> text(read_line(r"\frac{e^{z_1}}{S} (1-p1)"))
    '(e^z_1 / S) (1 - p_1)'
    """
    return _PlainWriter(classes).of(node)


def latex(node: Node, classes: Sequence[str] = ()) -> str:
    r"""Return a tree in LaTeX.

    Examples
    --------
    >>> from softmax_cli.core.formula.lines.reading import read_line
    >>> print(latex(read_line("e^z1/S")))
    \frac{e^{z_{1}}}{S}
    """
    return _LatexWriter(classes).of(node)


def sympy_text(node: Node, k: int | None) -> str:
    """Return a tree as SymPy reads it, in the names of `softmax derive -f json`.

    Sums are written out over k classes; as Sum(..., (m, 1, K)) where k is None.

    Examples
    --------
    >>> from softmax_cli.core.formula.lines.reading import read_line
    >>> sympy_text(read_line("p1 (delta_12 - p2)/S"), 3)
    'p_1*(0 - p_2)/s'
    """
    return _SympyWriter(k).of(node)


def decimal(value: Number) -> str | None:
    """Return a number in decimal digits, or None where they would not end."""
    digits = len(str(value.numerator)) + value.denominator.bit_length()
    context = Context(prec=digits, traps=[Inexact])
    try:
        quotient = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    except Inexact:
        return None
    return f"{quotient.normalize(context):f}"


@dataclass
class _PlainWriter:
    """Writes trees on one line; the others change what they write differently."""

    classes: Sequence[str]

    def of(self, node: Node) -> str:
        """Return a tree as text."""
        return self._write(node)[0]

    def _write(self, node: Node) -> tuple[str, int]:
        how = _SIGNED[node.operator] if isinstance(node, Binary) else type(node).__name__.lower()
        written: tuple[str, int] = getattr(self, how)(node)
        return written

    def inside(self, node: Node, level: int) -> str:
        """Return a tree, in brackets where it binds less tightly than its place asks."""
        written, own = self._write(node)
        return written if own >= level else self.brackets(written)

    def brackets(self, written: str) -> str:
        return f"({written})"

    def number(self, node: Number) -> tuple[str, int]:
        shown = decimal(node)
        return (shown, _ATOM) if shown is not None else (f"{node.numerator}/{node.denominator}", _MULTIPLY)

    def name(self, index: Node) -> str:
        """Return an index."""
        if isinstance(index, Number) and self.classes:
            name = self.classes[index.numerator - 1]
            return name if name and not _UNCLEAR & set(name) else f"{{{name}}}"
        return self.of(index)

    def symbol(self, node: Symbol) -> tuple[str, int]:
        letter = "delta" if node.name == "d" else node.name
        if not node.indices:
            return letter, _ATOM
        names = [self.name(index) for index in node.indices]
        if all(len(name) == 1 for name in names):
            return f"{letter}_{''.join(names)}", _ATOM
        return f"{letter}_{names[0]}" if len(names) == 1 else f"{letter}_{{{','.join(names)}}}", _ATOM

    def sum(self, node: Binary) -> tuple[str, int]:
        return f"{self.inside(node.left, _ADD)} {node.operator} {self.inside(node.right, _MULTIPLY)}", _ADD

    def product(self, node: Binary) -> tuple[str, int]:
        left, right = self._factor(node.left), self.inside(node.right, _POWER)
        between = " * " if right[0].isdigit() else " "
        return f"{left}{between}{right}", _MULTIPLY

    def _factor(self, node: Node) -> str:
        """Return the left factor: a quotient in brackets, so that it cannot be taken for its bottom's."""
        divided = isinstance(node, Binary) and node.operator == "/"
        return self.inside(node, _POWER if divided else _MULTIPLY)

    def quotient(self, node: Binary) -> tuple[str, int]:
        top = self.inside(node.left, _MULTIPLY)
        return f"{top} / {self.inside(node.right, _POWER)}", _MULTIPLY

    def power(self, node: Binary) -> tuple[str, int]:
        return f"{self.inside(node.left, _ATOM)}^{self._exponent(node.right)}", _POWER

    def _exponent(self, node: Node) -> str:
        if isinstance(node, Negative) and isinstance(node.operand, Number):
            return f"-{self.inside(node.operand, _ATOM)}"
        return self.inside(node, _ATOM)

    def negative(self, node: Negative) -> tuple[str, int]:
        return f"-{self.inside(node.operand, _MULTIPLY)}", _NEGATIVE

    def call(self, node: Call) -> tuple[str, int]:
        if node.function == "exp":
            return f"e^{self.inside(node.arguments[0], _ATOM)}", _POWER
        inside = self.inside(node.arguments[0], _ATOM)
        return f"{node.function}{inside if inside.startswith('(') else ' ' + inside}", _POWER

    def over(self, node: Over) -> tuple[str, int]:
        left_out = f"{{{node.letters} != {self._left_out(node)}}}" if node.condition else node.letters
        return f"sum_{left_out} {self.inside(node.body, _MULTIPLY)}", _NEGATIVE

    def _left_out(self, node: Over) -> str:
        assert isinstance(node.condition, Compare)
        return self.name(node.condition.right)

    def derivative(self, node: Derivative) -> tuple[str, int]:
        if isinstance(node.of, Symbol) and node.of.name in ("f", "g"):
            return f"{node.of.name}'", _ATOM
        of = self.of(node.of)
        return f"d{of if isinstance(node.of, Symbol) else self.brackets(of)}/d{self.of(node.wrt)}", _MULTIPLY


class _LatexWriter(_PlainWriter):
    def name(self, index: Node) -> str:
        if isinstance(index, Number) and self.classes:
            name = self.classes[index.numerator - 1]
            return name if name.isdecimal() else rf"\text{{{name.translate(_LATEX)}}}"
        return self.of(index)

    def brackets(self, written: str) -> str:
        return rf"\left({written}\right)"

    def symbol(self, node: Symbol) -> tuple[str, int]:
        letter = r"\delta" if node.name == "d" else node.name
        if not node.indices:
            return letter, _ATOM
        between = (
            "" if node.name == "d" and all(len(self.name(index)) == 1 for index in node.indices) else ","
        )
        return f"{letter}_{{{between.join(map(self.name, node.indices))}}}", _ATOM

    def product(self, node: Binary) -> tuple[str, int]:
        left, right = self.inside(node.left, _MULTIPLY), self.inside(node.right, _MULTIPLY)
        between = r" \cdot " if right[0].isdigit() or right.startswith(r"\frac") else " "
        return f"{left}{between}{right}", _MULTIPLY

    def quotient(self, node: Binary) -> tuple[str, int]:
        return rf"\frac{{{self.of(node.left)}}}{{{self.of(node.right)}}}", _POWER

    def power(self, node: Binary) -> tuple[str, int]:
        return f"{self.inside(node.left, _ATOM)}^{{{self.of(node.right)}}}", _POWER

    def call(self, node: Call) -> tuple[str, int]:
        if node.function == "exp":
            return f"e^{{{self.of(node.arguments[0])}}}", _POWER
        return rf"\{node.function} {self.inside(node.arguments[0], _ATOM)}", _POWER

    def over(self, node: Over) -> tuple[str, int]:
        left_out = rf" \neq {self._left_out(node)}" if node.condition else ""
        return rf"\sum_{{{node.letters}{left_out}}} {self.inside(node.body, _MULTIPLY)}", _NEGATIVE

    def derivative(self, node: Derivative) -> tuple[str, int]:
        if isinstance(node.of, Symbol) and node.of.name in ("f", "g"):
            return f"{node.of.name}'", _ATOM
        return rf"\frac{{\partial {self.inside(node.of, _ATOM)}}}{{\partial {self.of(node.wrt)}}}", _POWER


class _SympyWriter(_PlainWriter):
    def __init__(self, k: int | None) -> None:
        super().__init__(())
        self.k = k

    def symbol(self, node: Symbol) -> tuple[str, int]:
        if node.name == "d":
            first, second = node.indices
            if isinstance(first, Number) and isinstance(second, Number):
                return str(int(first == second)), _ATOM
            return f"KroneckerDelta({self.of(first)}, {self.of(second)})", _ATOM
        letter = "s" if node.name == "S" else node.name
        return "_".join([letter, *map(self.of, node.indices)]), _ATOM

    def product(self, node: Binary) -> tuple[str, int]:
        right = self.inside(node.right, _POWER)
        return f"{self.inside(node.left, _MULTIPLY)}*{right}", _MULTIPLY

    def quotient(self, node: Binary) -> tuple[str, int]:
        return f"{self.inside(node.left, _MULTIPLY)}/{self.inside(node.right, _POWER)}", _MULTIPLY

    def power(self, node: Binary) -> tuple[str, int]:
        return f"{self.inside(node.left, _ATOM)}**{self.inside(node.right, _ATOM)}", _POWER

    def call(self, node: Call) -> tuple[str, int]:
        return f"{node.function}({self.of(node.arguments[0])})", _ATOM

    def over(self, node: Over) -> tuple[str, int]:
        if self.k is None:
            body = self.of(node.body)
            if isinstance(node.condition, Compare):  # a sum over all but one
                body = f"({body})*(1 - KroneckerDelta({node.letters}, {self.of(node.condition.right)}))"
            return f"Sum({body}, ({node.letters}, 1, K))", _ATOM
        terms = written_out(node, self.k)
        return "(" + " + ".join(self.inside(term, _MULTIPLY) for term in terms) + ")", _ATOM

    def derivative(self, node: Derivative) -> tuple[str, int]:
        return f"Derivative({self.of(node.of)}, {self.of(node.wrt)})", _ATOM


_LATEX = str.maketrans(
    {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}", **{sign: f"\\{sign}" for sign in "#$%&_{}"}}
)
