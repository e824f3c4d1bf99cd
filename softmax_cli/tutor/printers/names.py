"""The names of classes, for people: as they are, or as numbers if they are too long or too strange."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr, Symbol

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
    definitions: Mapping[Symbol, Expr]
    spelled: bool = True
    exponentials: bool = True
    measure: Callable[[str], int] = len

    def label(self, number: int) -> str:
        """Return the name of a class in a sentence, by its 1-based number."""
        name = self.classes[number - 1] if self.named else str(number)
        return f"class {name}" if name.isdecimal() else name

    def split(self, name: Symbol) -> tuple[str, str]:
        """Return a name's letter and its subscript: a class name, an index letter, or nothing."""
        letter, _, index = name.name.partition("_")
        if index == "0":  # the shift
            return "c", ""
        if self.spelled and self.named and index.isdecimal():
            index = self.classes[int(index) - 1]
        return ("S" if letter == "s" else letter), index

    def exponent(self, name: Symbol) -> Expr | None:
        """Return the exponent of e_k if it is to be shown as an exponential."""
        if not self.exponentials or not name.name.startswith("e_"):
            return None
        exponent: Expr = self.definitions[name].args[0]
        return exponent


def braced(name: str) -> str:
    """Return a subscript as plain text, in braces if it could be misread.

    Examples
    --------
    >>> braced("setosa"), braced("New York")
    ('setosa', '{New York}')
    """
    return name if name and not _UNCLEAR & set(name) else f"{{{name}}}"
