"""The columns in front of a grid: what the input said about each row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from softmax_cli.io.batch import Batch
from softmax_cli.render.console import Line, Screen
from softmax_cli.render.glyphs import cells, left, right, shorten
from softmax_cli.render.rows import row_heading
from softmax_cli.render.table import GAP

_MOST = 24
_ROOM_OF_A_ROW_NUMBER = 4
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept columns, or the row number where there are none, each with its width.

    Text is shortened to the width. A number never is: one that is too wide in a later row goes on a line of
    its own, with the rest of its row.
    """

    names: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    numeric: tuple[bool, ...] = ()
    dropped: tuple[str, ...] = ()

    @classmethod
    def fit(cls, batch: Batch, screen: Screen, room: int) -> "Kept":
        """Give the columns of a first batch `room` cells; the first without, and all after, drop out."""
        kept = cls()
        for name, column in _front(batch).items():
            head = screen.clean(name)
            texts = [screen.clean(cell) for cell in column]
            numeric = all(map(_is_number, texts))
            widest = max(map(cells, texts))
            if numeric:
                wanted = max(cells(head), widest, _ROOM_OF_A_ROW_NUMBER)
                least = max(widest, 2)
            else:
                wanted = min(max(cells(head), widest), _MOST)
                least = min(wanted, _SHORTEST)
            width = min(wanted, room - GAP - kept.width)
            if width < least or kept.dropped:
                kept = cls(kept.names, kept.heads, kept.widths, kept.numeric, (*kept.dropped, name))
                continue
            kept = cls(
                (*kept.names, name),
                (*kept.heads, screen.shorten(name, width)),
                (*kept.widths, width),
                (*kept.numeric, numeric),
            )
        return kept

    @property
    def width(self) -> int:
        """The cells they take, with the gap behind each."""
        return sum(self.widths) + GAP * len(self.widths)

    def head(self) -> str:
        """Return their names, in line with what `line` returns."""
        return self._join(self.heads)

    def line(self, batch: Batch, i: int, screen: Screen) -> str:
        """Return their cells in row i."""
        texts = [
            "" if _is_number(text) and cells(text) > width else shorten(text, width, unicode=screen.unicode)
            for text, width in zip(self._texts(batch, i, screen), self.widths, strict=True)
        ]
        return self._join(texts)

    def spilled(self, batch: Batch, i: int, screen: Screen) -> Iterator[Line]:
        """Yield a heading for row i where a number of its has no room in the line."""
        texts = zip(self._texts(batch, i, screen), self.widths, strict=True)
        if any(_is_number(text) and cells(text) > width for text, width in texts):
            yield from row_heading(batch, i, screen)

    def _texts(self, batch: Batch, i: int, screen: Screen) -> list[str]:
        front = _front(batch)
        return [screen.clean(front[name][i]) for name in self.names]

    def _join(self, texts: Sequence[str]) -> str:
        columns = zip(texts, self.widths, self.numeric, strict=True)
        return "".join(
            (right if numeric else left)(text, width) + " " * GAP for text, width, numeric in columns
        )


def _front(batch: Batch) -> dict[str, Sequence[Any]]:
    if batch.kept:
        return dict(batch.kept)
    return {"row": range(batch.first_row, batch.first_row + len(batch))}


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()
