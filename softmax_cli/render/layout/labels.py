"""What the classes are called in a drawing: names that can be told apart, else numbers and a key."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from softmax_cli.io.table.batch import Batch
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.glyphs import cells, wrap


@dataclass(frozen=True, slots=True)
class ClassLabels:
    """The labels of the classes in one drawing; `labels[position]` is that of one (0-based).

    Parameters
    ----------
    classes
        The names, as the input had them.
    screen
        Where the labels stand; names are made safe for it.
    most
        Cells that a label may take. A longer name is shortened, or, where shortened names would lose digits
        or be alike, all classes go by their numbers, counted from 1.
    numbered
        Whether they go by their numbers although they have names.
    named
        False if the names are only our own numbering.
    """

    classes: Sequence[str]
    screen: Screen
    most: int
    numbered: bool
    named: bool

    @classmethod
    def fit(cls, batch: Batch, screen: Screen, shown: Sequence[int], *widths: int) -> "ClassLabels":
        """Return names of the first of `widths` that tells the classes shown apart, else numbers."""
        for most in widths:
            labels = cls(batch.classes, screen, most, False, batch.named)
            if labels.tell_apart(shown, [labels[position] for position in shown]):
                return labels
        return cls(batch.classes, screen, len(str(batch.k)), True, batch.named)

    def __getitem__(self, position: int) -> str:
        if self.numbered:
            return str(position + 1)
        return self.screen.shorten(self.classes[position], self.most)

    def tell_apart(self, positions: Sequence[int], texts: Sequence[str]) -> bool:
        """Tell whether `texts`, in place of the names, all differ and have every digit of them."""
        if self.numbered:
            return True
        names = [self.screen.clean(self.classes[position]) for position in positions]
        kept = all(
            text == name or digits(text) == digits(name) for text, name in zip(texts, names, strict=True)
        )
        return kept and len({text.strip() for text in texts}) == len(texts)

    def width(self, shown: Iterable[int]) -> int:
        """Return the width of the widest label in cells."""
        return max(cells(self[position]) for position in shown)

    def in_words(self, position: int) -> str:
        """Name a class within a sentence: ``versicolor``, or ``class 2`` where it goes by its number."""
        return self[position] if self.named and not self.numbered else f"class {self[position]}"

    def key(self, shown: Iterable[int]) -> Iterator[Line]:
        """Yield a blank line and the whole name of each number, if classes go by numbers."""
        if not self.numbered:
            return
        yield ""
        positions = sorted(shown)
        front = len(str(positions[-1] + 1))
        for position in positions:
            first = f"{self[position].rjust(front)} = "
            name = self.screen.clean(self.classes[position])
            yield from wrap(name, self.screen.width, first=first, rest=" " * len(first))


def digits(text: str) -> int:
    """Return how many digits a name has."""
    return sum(map(str.isdigit, text))
