"""The commands of ``softmax explore`` in words: one sentence for each line read."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from softmax_cli.errors import InputError, LogitsError

if TYPE_CHECKING:
    from softmax_cli.learning.exploration import Move, Point

HINT = "raise CLASS AMOUNT, lower CLASS AMOUNT, set CLASS VALUE, temperature T, reset"


def obey(start: "Point", classes: tuple[str, ...], names: list[str]) -> None:
    """Read commands from standard input, and say by the classes' `names` what each changes.

    A line that is not a command is refused by its number; at a terminal, the next line is awaited.
    """
    from softmax_cli.render.layout.glyphs import clean
    from softmax_cli.render.live.sentences import sentence, standing

    names = [clean(name) for name in names]
    waiting = sys.stdin is not None and sys.stdin.isatty()
    explorer = _Explorer(start, start, classes)
    if waiting:
        _print(f"{standing(start, names)}\n{HINT}")
    said = False
    for number, line in enumerate(sys.stdin or (), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            move = explorer.take(line.split(), where=f"<stdin>:{number}")
        except InputError as error:
            if not waiting:
                raise
            _print(f"{error.what}; {error.hint or HINT}")
            continue
        said = True
        _print(standing(explorer.point, names) if move is None else sentence(move, names))
    if not said and not waiting:
        _print(standing(start, names))


@dataclass(slots=True)
class _Explorer:
    """The first and the current point of the exploration."""

    start: "Point"
    point: "Point"
    classes: tuple[str, ...]

    def take(self, words: list[str], *, where: str) -> "Move | None":
        """Carry out a command, and return the move; None for a reset."""
        if words == ["reset"]:
            self.point = self.start
            return None
        moves: dict[str, Callable[[float, float], float]] = {
            "raise": _sum,
            "lower": lambda z, amount: _sum(z, -amount),
            "set": lambda z, value: value,
        }
        if words[0] == "temperature" and len(words) == 2:
            move = self._heat(words[1], where)
        elif words[0] in moves and len(words) >= 3:
            move = self._move(" ".join(words[1:-1]), words[-1], moves[words[0]], where)
        else:
            raise InputError(f"{' '.join(words)[:60]!r} is no command", where=where, hint=HINT)
        self.point = move.after
        return move

    def _move(self, name: str, text: str, change: Callable[[float, float], float], where: str) -> "Move":
        from softmax_cli.io.table.class_lookup import find_class
        from softmax_cli.learning.exploration import moved

        j = find_class(name, self.classes, where=where)
        value = change(self.point.logits[j], _number(text, where))
        try:
            return moved(self.point, j, value)
        except LogitsError as error:
            raise InputError(error.what, where=where) from None

    def _heat(self, text: str, where: str) -> "Move":
        from softmax_cli.learning.exploration import heated

        temperature = _number(text, where)
        if not 0 < temperature < float("inf"):
            raise InputError(f"{text!r} is no temperature: it is finite and above 0", where=where)
        return heated(self.point, temperature)


def _number(text: str, where: str) -> float:
    from softmax_cli.io.cells.numbers import NotANumberError, read_number

    try:
        return read_number(text)
    except NotANumberError as error:
        raise InputError(str(error), where=where) from None


def _sum(z: float, amount: float) -> float:
    """Add as one would on paper: 0.23 and 0.01 are 0.24, not its neighbour."""
    return float(Decimal(repr(z)) + Decimal(repr(amount)))


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201  the result
