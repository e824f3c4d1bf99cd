"""The names of classes, for people: as they are, or as numbers if they are too long or too strange."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from softmax_cli.core.formula.exact.arithmetic import Definitions
from softmax_cli.core.formula.printing import text
from softmax_cli.core.formula.tree import Call, Node, Number, Symbol
from softmax_cli.tutor.notation import SHIFT, Label

_UNCLEAR = set(" ()[]{},;=^/+*")
"""Characters that would read as part of the formula around them."""


@dataclass(frozen=True)
class Names:
    """How the names on the board are shown.

    Parameters
    ----------
    classes
        The names of the classes, safe to print where they go.
    named
        False if they are only our own numbering.
    definitions
        What the names on the board stand for: e_k is shown as the exponential that it is.
    spelled
        False to show a class by its number in a formula: z_1.
    exponentials
        False to show e_1 for e^z_1.
    measure
        How many columns of a terminal a text takes.
    """

    classes: Sequence[str]
    named: bool
    definitions: Definitions
    spelled: bool = True
    exponentials: bool = True
    measure: Callable[[str], int] = len

    def label(self, label: Label) -> str:
        """Return the name of a class in a sentence."""
        name = self.classes[label.number - 1] if self.named else str(label.number)
        return f"class {name}" if name.isdecimal() else name

    def split(self, name: Symbol) -> tuple[str, str]:
        """Return a name's letter and its subscript: a class name, index letters, or nothing."""
        if name == SHIFT:
            return "c", ""
        match name.indices:
            case (Number(numerator=number),) if self.spelled and self.named:
                return name.name, self.classes[number - 1]
        return name.name, index_of(name)

    def exponent(self, name: Symbol) -> Node | None:
        """Return the exponent of e_k if it is to be shown as an exponential."""
        shown = self.definitions.get(name) if self.exponentials and name.name == "e" else None
        return shown.arguments[0] if isinstance(shown, Call) else None


def index_of(name: Symbol) -> str:
    """Return the subscript of a name, its classes by their numbers: 1, ij, a1."""
    return "".join(map(text, name.indices))


def braced(name: str) -> str:
    """Return a subscript as plain text, in braces if it could be misread.

    Examples
    --------
    >>> braced("setosa"), braced("New York")
    ('setosa', '{New York}')
    """
    return name if name and not _UNCLEAR & set(name) else f"{{{name}}}"
