"""What an explanation is made of, in any format: titles, sentences and tables.

Formulas within a sentence stand between backticks, in plain text: ```e^(z_k / T)```. A terminal shows them
as they are; the handouts typeset them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.rows import paragraph, title
from softmax_cli.render.layout.table import Column, table


class Title(NamedTuple):
    """The title of a page, "what: meaning", with the temperature where it is not 1."""

    text: str
    temperature: float = 1.0


class Heading(NamedTuple):
    """The heading of a part."""

    text: str


class Paragraph(NamedTuple):
    """Some sentences; a numbered step also has its number and an example in numbers."""

    text: str
    number: int = 0
    example: str = ""


class Table(NamedTuple):
    """Columns side by side, the first naming the lines, with the last `footer` lines below a rule."""

    columns: Sequence[Column]
    marks: Sequence[bool] = ()
    footer: int = 0


Block: TypeAlias = Title | Heading | Paragraph | Table


def lines(blocks: Iterable[Block], screen: Screen) -> Iterator[Line]:
    """Lay blocks out for a terminal, steps close to each other, a blank row before everything else."""
    before: Block | None = None
    for block in blocks:
        stepped = (
            isinstance(before, Paragraph) and isinstance(block, Paragraph) and before.number and block.number
        )
        if before is not None and not isinstance(before, Title) and not stepped:
            yield ""
        before = block
        match block:
            case Title():
                yield from title(plain(block.text), block.temperature, screen)
            case Heading():
                yield from (((str(line), "head"),) for line in paragraph(plain(block.text), screen))
            case Paragraph():
                first = f"{block.number}. " if block.number else ""
                yield from paragraph(plain(block.text), screen, first=first, rest=" " * len(first))
                if block.example:
                    yield from paragraph(plain(block.example), screen, first=" " * 6)
            case Table():
                columns = [replace(column, head=plain(column.head)) for column in block.columns]
                yield from table(columns, screen, marks=block.marks, footer=block.footer)


def plain(text: str) -> str:
    """Return a sentence as a terminal shows it."""
    return text.replace("`", "")
