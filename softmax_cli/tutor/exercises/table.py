"""The table of the derivations' lines, read without SymPy."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

PATH = Path(__file__).with_name("lines.tsv")


class Row(NamedTuple):
    """A line of a derivation for three classes, of class 1 with respect to class 1 (same) or 2 (other).

    Parameters
    ----------
    function, case, step
        Which line of which derivation.
    rule, statement
        The rule that gave it, and what it says.
    left, right
        The line: left = right.
    why
        The reason; what stands in braces is a formula.
    chain
        "chain" if the left side is what is asked for, else nothing.
    """

    function: str
    case: str
    step: str
    rule: str
    statement: str
    left: str
    right: str
    why: str
    chain: str

    @property
    def formulas(self) -> tuple[str, ...]:
        """What must match the tutor's derivations; the words may lag behind."""
        return self.function, self.case, self.step, self.left, self.right, self.chain


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Return every line of the table."""
    _, *lines = PATH.read_text("utf-8").splitlines()
    return tuple(Row(*line.split("\t")) for line in lines)
