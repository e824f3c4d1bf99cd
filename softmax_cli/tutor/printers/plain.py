"""Expressions as strings that SymPy reads back, with plain names: z_1, e_1, p_1, y_1, f, g, s, L, T."""

from softmax_cli.core.formula.exact.arithmetic import Definitions
from softmax_cli.core.formula.printing import ATOM, MULTIPLY, POWER, SympyWriter, kind
from softmax_cli.core.formula.tree import Binary, Node, Symbol, is_delta
from softmax_cli.tutor.printers.names import index_of


class PlainPrinter(SympyWriter):
    """Write what SymPy's parser reads back.

    Examples
    --------
    >>> from softmax_cli.tutor.notation import parsed
    >>> PlainPrinter().of(parsed("(0 S - e_1)/S^2"))
    '(0*s - e_1)/s**2'
    """

    def __init__(self) -> None:
        super().__init__(None)

    def _symbol(self, node: Symbol) -> tuple[str, int]:
        if is_delta(node):
            return f"KroneckerDelta({', '.join(map(self.of, node.indices))})", ATOM
        if node.name == "z" and node.indices and isinstance(node.indices[0], Symbol):
            return f"Indexed(z, {self.of(node.indices[0])})", ATOM
        letter, _ = super()._symbol(Symbol(node.name))
        return f"{letter}_{index_of(node)}" if node.indices else letter, ATOM

    def _product(self, node: Binary) -> tuple[str, int]:
        left = self._inside(node.left, MULTIPLY if kind(node.left) == "product" else POWER)
        return f"{left}*{self._inside(node.right, POWER)}", MULTIPLY


class DefinitionPrinter(PlainPrinter):
    """Write every name as what it stands for, down to the logits and T.

    Parameters
    ----------
    definitions
        What each name stands for, in terms of other names.
    """

    def __init__(self, definitions: Definitions) -> None:
        super().__init__()
        self._definitions = definitions
        self._written: dict[Symbol, tuple[str, int]] = {}

    def _symbol(self, node: Symbol) -> tuple[str, int]:
        if node not in self._definitions:
            return super()._symbol(node)
        if node not in self._written:
            self._written[node] = self._write(self._definitions[node])
        return self._written[node]


def plain(x: Node) -> str:
    """Return an expression as a string that SymPy reads back."""
    return PlainPrinter().of(x)
