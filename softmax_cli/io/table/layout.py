"""The part that each column of a table plays: logit, kept, label, weight."""

from __future__ import annotations

from typing import NamedTuple

from softmax_cli.io.cells.wording import counted, shown
from softmax_cli.io.table.columns import column_label


class Layout(NamedTuple):
    """The columns of one input, by 0-based position.

    Parameters
    ----------
    names
        The names of all columns, or None.
    width
        The number of all columns.
    logits
        The logit columns, in the order of the classes.
    kept
        The others, in the order of the input.
    classes
        The classes' names: one for each logit column, or for each entry of a column of lists.
    named
        False if the classes' names are our own numbering.
    listed
        True if the one logit column holds a list of all logits in each row.
    target, weight, soft
        The names of the kept columns that hold the true class, the weight, and a distribution over the
        classes; None, or empty, if the command needs none.
    long
        The kept columns of a long table that name the class and, perhaps, the row of each line, until its
        lines have been turned into rows.
    unused
        Columns without a name and without a cell, after a delimiter at the end of each line; neither logits
        nor kept.
    """

    names: tuple[str, ...] | None = None
    width: int = 0
    logits: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    named: bool = False
    listed: bool = False
    target: str | None = None
    weight: str | None = None
    soft: tuple[str, ...] = ()
    long: tuple[str, ...] = ()
    unused: tuple[int, ...] = ()

    @property
    def k(self) -> int:
        """The number of classes."""
        return len(self.classes)

    def column(self, position: int) -> str:
        """Return what errors call a column: ``column 3 (virginica)``."""
        return column_label(position, self.names)

    def logit_column(self, j: int) -> str:
        """Return what errors call the place of class j."""
        if self.listed:
            return f"{self.column(self.logits[0])}: entry {j + 1}"
        return self.column(self.logits[j])

    def kept_name(self, position: int) -> str:
        """Return a kept column's name in the output."""
        return f"column_{position + 1}" if self.names is None else self.names[position]

    def unlisted(self) -> Layout:
        """Return the layout of a table that has a column for each entry of the lists."""
        if not self.listed:
            return self
        at, more = self.logits[0], self.k - 1
        return Layout(
            None,
            self.width + more,
            tuple(range(at, at + self.k)),
            tuple(i if i < at else i + more for i in self.kept),
            self.classes,
            self.named,
        )

    def list_of(self, cell: str, decimal: str | None = None) -> list[str]:
        """Return a row's logits from their one cell; a ValueError says what is wrong with it."""
        from softmax_cli.io.cells.lists import asked_list_texts

        texts = asked_list_texts(cell, decimal=decimal)
        if texts is None:
            raise ValueError(f"{self.column(self.logits[0])}: {shown(cell)} is not a list of numbers")
        if len(texts) != self.k:
            raise ValueError(self.unequal(len(texts)))
        return texts

    def unequal(self, length: int) -> str:
        """Say that a list differs in length from that of the first row."""
        column = self.column(self.logits[0])
        return f"{column}: a list of {counted(length, 'number')}, where the first row has {self.k}"
