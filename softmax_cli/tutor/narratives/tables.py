"""The tables of narratives: blocks of rows, with the words that hold for one case chosen."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

DERIVATION, MEANING, SHARED, INCLUDED = "derivation", "meaning", "shared", "as in"
_CHOICE = re.compile(r"<([\w|]+):([^<>]*)>")


class Row(NamedTuple):
    """A row of a table: a step, or the head of a block; `narratives` says what its cells hold."""

    step: str
    rule: str
    line: str
    changed: str
    why: str

    @property
    def is_derivation(self) -> bool:
        """Whether it is the head of a derivation."""
        return self.rule.startswith(DERIVATION)


class Passage(NamedTuple):
    """A derivation, or some steps that several derivations share: its head, what it means, and its rows."""

    head: Row
    meaning: str
    rows: tuple[Row, ...]


def cells(path: Path) -> list[list[str]]:
    """Return the lines of a table, each as its cells; the first one, which names the columns, is left out."""
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]


@cache
def blocks(table: str) -> dict[str, Passage]:
    """Return the blocks of a table by name, in order; `table` is the name of its file, without .tsv."""
    found: dict[str, Passage] = {}
    for row in (Row(*line) for line in cells(Path(__file__).parent / f"{table}.tsv")):
        if row.is_derivation or row.rule == SHARED:
            head, meaning = row, ""
            if not row.line and row.is_derivation:  # as the derivation before says
                head, meaning, _ = [one for one in found.values() if one.head.is_derivation][-1]
            name = row.step
            found[name] = Passage(head._replace(step=name), meaning, ())
        elif row.rule == MEANING:
            found[name] = found[name]._replace(meaning=row.why)
        else:
            found[name] = found[name]._replace(rows=(*found[name].rows, row))
    return found


def block(path: str) -> Passage:
    """Return a block by the name of its table and its own: ``softmax/quotient-rule``."""
    table, _, name = path.rpartition("/")
    return blocks(table)[name]


def derivations(table: str) -> list[str]:
    """Return the names of the derivations in a table, in order."""
    return [name for name, one in blocks(table).items() if one.head.is_derivation]


def chosen(text: str, flags: Iterable[str]) -> str:
    """Return a text with what it says in one case.

    Examples
    --------
    >>> chosen("The same<T:, over T>: <same:1 - p><other|general:-p>.", {"other", "T"})
    'The same, over T: -p.'
    """
    flags = set(flags)
    while (found := _CHOICE.sub(lambda m: m[2] if flags & set(m[1].split("|")) else "", text)) != text:
        text = found
    return text


def told(path: str, flags: frozenset[str], arguments: tuple[str, ...] = ()) -> Iterator[Row]:
    """Yield the steps of a block in one case, those of other blocks in place of the rows that name them."""
    for row in block(path).rows:
        cells = list(row)
        for n, argument in enumerate(arguments, 1):
            cells = [cell.replace(f"${n}", argument) for cell in cells]
        found = Row(*(chosen(cell, flags) for cell in cells))
        if found.rule == INCLUDED:
            depth = found.step.count(".")
            for one in told(found.step[depth:], flags, tuple(found.line.split(" ; "))):
                yield one._replace(step="." * depth + one.step)
        elif found.rule and found.line:
            yield found
