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
    Total,
    is_delta,
    terms,
    written_out,
)

ADD, NEGATIVE, MULTIPLY, POWER, FUNCTION, ATOM = range(6)
"""How tightly the parts of what is written hold together."""
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
    return Writer(classes).of(node)


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
    return SympyWriter(k).of(node)


def kind(node: Node) -> str:
    """Return what a node is called: sum, product, quotient, power, or the name of its class.

    Examples
    --------
    >>> kind(Binary("-", Number(1), Number(2))), kind(Negative(Number(1)))
    ('sum', 'negative')
    """
    return _SIGNED[node.operator] if isinstance(node, Binary) else type(node).__name__.lower()


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
class Writer:
    """Writes trees on one line; the others change what they write differently.

    Each method returns what is written, and how tightly it holds together.
    """

    classes: Sequence[str] = ()

    def of(self, node: Node) -> str:
        """Return a tree as text."""
        return self._write(node)[0]

    def _write(self, node: Node) -> tuple[str, int]:
        written: tuple[str, int] = getattr(self, f"_{kind(node)}")(node)
        return written

    def _inside(self, node: Node, level: int) -> str:
        """Return a tree, in brackets where it binds less tightly than its place asks."""
        written, own = self._write(node)
        return written if own >= level else self._brackets(written)

    def _brackets(self, written: str) -> str:
        return f"({written})"

    def _number(self, node: Number) -> tuple[str, int]:
        shown = decimal(node)
        return (shown, ATOM) if shown is not None else (f"{node.numerator}/{node.denominator}", MULTIPLY)

    def _name(self, index: Node) -> str:
        """Return an index."""
        if isinstance(index, Number) and self.classes:
            name = self.classes[index.numerator - 1]
            return name if name and not _UNCLEAR & set(name) else f"{{{name}}}"
        return self.of(index)

    def _symbol(self, node: Symbol) -> tuple[str, int]:
        letter = "delta" if is_delta(node) else node.name
        if not node.indices:
            return letter, ATOM
        names = [self._name(index) for index in node.indices]
        if all(len(name) == 1 for name in names):
            return f"{letter}_{''.join(names)}", ATOM
        return f"{letter}_{names[0]}" if len(names) == 1 else f"{letter}_{{{','.join(names)}}}", ATOM

    def _sum(self, node: Binary) -> tuple[str, int]:
        return f"{self._inside(node.left, ADD)} {node.operator} {self._inside(node.right, MULTIPLY)}", ADD

    def _total(self, node: Total) -> tuple[str, int]:
        (_, first), *others = terms(node)
        shown = (f"{sign} {self._inside(x, ADD if sign == '+' else MULTIPLY)}" for sign, x in others)
        return " ".join([self.of(first), *shown]), ADD

    def _product(self, node: Binary) -> tuple[str, int]:
        left, right = self._factor(node.left), self._inside(node.right, POWER)
        between = " * " if right[0].isdigit() else " "
        return f"{left}{between}{right}", MULTIPLY

    def _factor(self, node: Node) -> str:
        """Return the left factor: a quotient in brackets, so that it cannot be taken for its bottom's."""
        divided = isinstance(node, Binary) and node.operator == "/"
        return self._inside(node, POWER if divided else MULTIPLY)

    def _quotient(self, node: Binary) -> tuple[str, int]:
        top = self._inside(node.left, MULTIPLY)
        return f"{top} / {self._inside(node.right, POWER)}", MULTIPLY

    def _power(self, node: Binary) -> tuple[str, int]:
        return f"{self._inside(node.left, ATOM)}^{self._exponent(node.right)}", POWER

    def _exponent(self, node: Node) -> str:
        if isinstance(node, Negative) and isinstance(node.operand, Number):
            return f"-{self._inside(node.operand, ATOM)}"
        return self._inside(node, ATOM)

    def _negative(self, node: Negative) -> tuple[str, int]:
        return f"-{self._inside(node.operand, MULTIPLY)}", NEGATIVE

    def _call(self, node: Call) -> tuple[str, int]:
        if node.function == "exp":
            return f"e^{self._inside(node.arguments[0], ATOM)}", POWER
        inside = self._inside(node.arguments[0], ATOM)
        return f"{node.function}{inside if inside.startswith('(') else ' ' + inside}", POWER

    def _over(self, node: Over) -> tuple[str, int]:
        left_out = f"{{{node.letters} != {self._left_out(node)}}}" if node.condition else node.letters
        return f"sum_{left_out} {self._inside(node.body, MULTIPLY)}", NEGATIVE

    def _left_out(self, node: Over) -> str:
        assert isinstance(node.condition, Compare)
        return self._name(node.condition.right)

    def _derivative(self, node: Derivative) -> tuple[str, int]:
        if isinstance(node.of, Symbol) and node.of.name in ("f", "g"):
            return f"{node.of.name}'", ATOM
        of = self.of(node.of)
        return f"d{of if isinstance(node.of, Symbol) else self._brackets(of)}/d{self.of(node.wrt)}", MULTIPLY


class _LatexWriter(Writer):
    def _name(self, index: Node) -> str:
        if isinstance(index, Number) and self.classes:
            name = self.classes[index.numerator - 1]
            return name if name.isdecimal() else rf"\text{{{name.translate(_LATEX)}}}"
        return self.of(index)

    def _brackets(self, written: str) -> str:
        return rf"\left({written}\right)"

    def _symbol(self, node: Symbol) -> tuple[str, int]:
        letter = r"\delta" if is_delta(node) else node.name
        if not node.indices:
            return letter, ATOM
        close = is_delta(node) and all(len(self._name(index)) == 1 for index in node.indices)
        between = "" if close else ","
        return f"{letter}_{{{between.join(map(self._name, node.indices))}}}", ATOM

    def _product(self, node: Binary) -> tuple[str, int]:
        left, right = self._inside(node.left, MULTIPLY), self._inside(node.right, MULTIPLY)
        between = r" \cdot " if right[0].isdigit() or right.startswith(r"\frac") else " "
        return f"{left}{between}{right}", MULTIPLY

    def _quotient(self, node: Binary) -> tuple[str, int]:
        return rf"\frac{{{self.of(node.left)}}}{{{self.of(node.right)}}}", POWER

    def _power(self, node: Binary) -> tuple[str, int]:
        return f"{self._inside(node.left, ATOM)}^{{{self.of(node.right)}}}", POWER

    def _call(self, node: Call) -> tuple[str, int]:
        if node.function == "exp":
            return f"e^{{{self.of(node.arguments[0])}}}", POWER
        return rf"\{node.function} {self._inside(node.arguments[0], ATOM)}", POWER

    def _over(self, node: Over) -> tuple[str, int]:
        left_out = rf" \neq {self._left_out(node)}" if node.condition else ""
        return rf"\sum_{{{node.letters}{left_out}}} {self._inside(node.body, MULTIPLY)}", NEGATIVE

    def _derivative(self, node: Derivative) -> tuple[str, int]:
        if isinstance(node.of, Symbol) and node.of.name in ("f", "g"):
            return f"{node.of.name}'", ATOM
        return rf"\frac{{\partial {self._inside(node.of, ATOM)}}}{{\partial {self.of(node.wrt)}}}", POWER


class SympyWriter(Writer):
    """Writes trees as SymPy reads them, sums over k classes written out; over K where k is None."""

    def __init__(self, k: int | None) -> None:
        super().__init__(())
        self.k = k

    def _symbol(self, node: Symbol) -> tuple[str, int]:
        if is_delta(node):
            first, second = node.indices
            if isinstance(first, Number) and isinstance(second, Number):
                return str(int(first == second)), ATOM
            return f"KroneckerDelta({self.of(first)}, {self.of(second)})", ATOM
        letter = "s" if node.name == "S" else node.name
        return "_".join([letter, *map(self.of, node.indices)]), ATOM

    def _product(self, node: Binary) -> tuple[str, int]:
        right = self._inside(node.right, POWER)
        return f"{self._inside(node.left, MULTIPLY)}*{right}", MULTIPLY

    def _quotient(self, node: Binary) -> tuple[str, int]:
        return f"{self._inside(node.left, MULTIPLY)}/{self._inside(node.right, POWER)}", MULTIPLY

    def _power(self, node: Binary) -> tuple[str, int]:
        return f"{self._inside(node.left, ATOM)}**{self._inside(node.right, ATOM)}", POWER

    def _call(self, node: Call) -> tuple[str, int]:
        return f"{node.function}({self.of(node.arguments[0])})", ATOM

    def _over(self, node: Over) -> tuple[str, int]:
        if self.k is None:
            body = self.of(node.body)
            if isinstance(node.condition, Compare):  # a sum over all but one
                body = f"({body})*(1 - KroneckerDelta({node.letters}, {self.of(node.condition.right)}))"
            return f"Sum({body}, ({node.letters}, 1, K))", ATOM
        terms = written_out(node, self.k)
        return "(" + " + ".join(self._inside(term, MULTIPLY) for term in terms) + ")", ATOM

    def _derivative(self, node: Derivative) -> tuple[str, int]:
        return f"Derivative({self.of(node.of)}, {self.of(node.wrt)})", ATOM


_LATEX = str.maketrans(
    {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}", **{sign: f"\\{sign}" for sign in "#$%&_{}"}}
)
