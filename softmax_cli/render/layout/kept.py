"""The columns in front of a grid: what the input said about each row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from softmax_cli.io.table.batch import Batch
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.layout.glyphs import cells, left, right
from softmax_cli.render.layout.table import GAP

_LONGEST_TEXT = 24
_SHORTEST_TEXT = 6
ROOM_OF_A_ROW_NUMBER = 4
_NUMBER = re.compile(r"[+-]?\.?\d[\d.,:/eE+-]*")
"""A number, a date or a time, which is never shortened."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept columns, or the row number where there are none, each with its width.

    Text is shortened to the width. A number never is: where a later batch has one too wide, the columns are
    fitted anew.
    """

    names: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    numeric: tuple[bool, ...] = ()
    dropped: tuple[str, ...] = ()

    @classmethod
    def fit(cls, batch: Batch, screen: Screen, room: int) -> "Kept":
        """Fit the columns into `room` cells; the first without room, and all after it, are left out."""
        kept = cls()
        for name, column in _front(batch).items():
            texts = [screen.clean(cell) for cell in column]
            widest = max(map(cells, texts))
            whole = max((len(text) for text in texts if _NUMBER.fullmatch(text)), default=0)
            numeric = all(map(_NUMBER.fullmatch, texts))
            least = max(min(widest, _SHORTEST_TEXT), whole)
            floor = cells(screen.clean(name)) if batch.kept else ROOM_OF_A_ROW_NUMBER
            wanted = max(whole, min(max(floor, widest), _LONGEST_TEXT))
            width = min(wanted, room - GAP - kept.width)
            if width < max(least, 2) or kept.dropped:
                kept = replace(kept, dropped=(*kept.dropped, name))
                continue
            kept = cls(
                (*kept.names, name),
                (*kept.heads, screen.shorten(name, width)),
                (*kept.widths, width),
                (*kept.numeric, numeric),
            )
        return kept

    def outgrown(self, batch: Batch, screen: Screen) -> bool:
        """Tell whether a number of this batch is wider than its column."""
        front = _front(batch)
        return any(
            cells(text) > width and _NUMBER.fullmatch(text)
            for name, width in zip(self.names, self.widths, strict=True)
            for text in map(screen.clean, front[name])
        )

    @property
    def width(self) -> int:
        """The cells that they take, with the gap after each."""
        return sum(self.widths) + GAP * len(self.widths)

    def head(self) -> str:
        """Return their names, in line with what `line` returns."""
        return self._join(self.heads)

    def line(self, batch: Batch, i: int, screen: Screen) -> str:
        """Return their cells in row i."""
        front = _front(batch)
        return self._join(
            [
                screen.shorten(front[name][i], width)
                for name, width in zip(self.names, self.widths, strict=True)
            ]
        )

    def _join(self, texts: Sequence[str]) -> str:
        columns = zip(texts, self.widths, self.numeric, strict=True)
        return "".join(
            (right if numeric else left)(text, width) + " " * GAP for text, width, numeric in columns
        )


def _front(batch: Batch) -> dict[str, Sequence[Any]]:
    if batch.kept:
        return dict(batch.kept)
    return {"row": range(batch.first_row, batch.first_row + len(batch))}
