"""The state of an exploration at a terminal: what the keys and the mouse do to it."""

from collections.abc import Callable

from softmax_cli.learning.exploration import Move, Point, heated, moved
from softmax_cli.render.layout.numbers import number
from softmax_cli.render.live.sentences import sentence

STEP, STRIDE = 0.1, 1.0
RANGE = 8.0
"""How far a slider goes to both sides; further for logits that start beyond."""

_CLOSE, _RIGHT = 0.05, 0.01
"""How far off a prediction may be and still be called close, or right."""


class Explorer:
    """An exploration.

    Parameters
    ----------
    start
        Where it begins, and where ``r`` returns to.
    names
        Of the classes, safe to print.
    """

    def __init__(self, start: Point, names: list[str]) -> None:
        self.start = self.point = start
        self.names = names
        self.chosen = 0
        self.pending = 0.0
        """How far the chosen logit is to move once a prediction has been given."""
        self.predicting = True
        self.guess = ""
        self.said = ""
        self.rounds = 0
        self.close = 0

    @property
    def reach(self) -> float:
        """How far the sliders go."""
        return max(RANGE, *(abs(z) for z in self.start.logits if abs(z) < 1e6))

    def press(self, key: str) -> bool:
        """Take a key; return False if it ends the exploration."""
        if key in _QUIT:
            return False
        if self.pending and (key.isdecimal() or key in {".", ","}):
            self.guess += key.replace(",", ".")
        elif self.pending and key in _DELETE:
            self.guess = self.guess[:-1]
        elif action := _KEYS.get(key):
            action(self)
        return True

    def choose(self, by: int) -> None:
        """Choose another class."""
        self._forget()
        self.chosen = (self.chosen + by) % len(self.names)

    def aim(self, by: float) -> None:
        """Move the chosen logit, or, before a prediction, set how far it will move."""
        if self.predicting:
            self.pending = round(self.pending + by, 9)
        else:
            self._move(by)

    def aim_at(self, j: int, value: float) -> None:
        """Choose a class, and move its logit to a value."""
        if j != self.chosen:
            self._forget()
            self.chosen = j
        by = value - self.point.logits[j]
        self.aim(round(by - self.pending, 1))

    def go(self) -> None:
        """Make the pending move, and judge the prediction by it."""
        if not self.pending:
            return
        guess = _read(self.guess)
        by, self.pending, self.guess = self.pending, 0.0, ""
        self._move(by)
        if guess is not None:
            self.said = f"{self._judged(guess)} {self.said}"

    def heat(self, factor: float) -> None:
        """Change the temperature by a factor."""
        self._forget()
        move = heated(self.point, round(min(100.0, max(0.01, self.point.temperature * factor)), 4))
        self._tell(move)

    def reset(self) -> None:
        """Go back to the start."""
        self._forget()
        self.point, self.said = self.start, "Back at the start."

    def switch(self) -> None:
        """Turn predictions on or off."""
        self._forget()
        self.predicting = not self.predicting

    def _move(self, by: float) -> None:
        value = self.point.logits[self.chosen] + by
        limit = self.reach
        value = min(limit, max(-limit, value)) if abs(value) != float("inf") else value
        self._tell(moved(self.point, self.chosen, round(value, 9)))

    def _tell(self, move: Move) -> None:
        self.point, self.said = move.after, sentence(move, self.names)

    def _judged(self, guess: float) -> str:
        off = abs(guess - self.point.p[self.chosen])
        self.rounds += 1
        self.close += off <= _CLOSE
        how = "right" if off <= _RIGHT else "close" if off <= _CLOSE else f"off by {number(off, digits=2)}"
        return f"You said {number(guess)}: {how}."

    def _forget(self) -> None:
        self.pending, self.guess = 0.0, ""


def _read(guess: str) -> float | None:
    try:
        return float(guess)
    except ValueError:
        return None


_QUIT = frozenset({"q", "Q", "\x1b", "\x04", ""})
_DELETE = frozenset({"\x7f", "\x08"})
_KEYS: dict[str, Callable[[Explorer], None]] = {
    **dict.fromkeys(("\x1b[A", "\x1bOA", "k"), lambda e: e.choose(-1)),
    **dict.fromkeys(("\x1b[B", "\x1bOB", "j", "\t"), lambda e: e.choose(1)),
    **dict.fromkeys(("\x1b[5~",), lambda e: e.choose(-10)),
    **dict.fromkeys(("\x1b[6~",), lambda e: e.choose(10)),
    **dict.fromkeys(("\x1b[C", "\x1bOC", "l", "+"), lambda e: e.aim(STEP)),
    **dict.fromkeys(("\x1b[D", "\x1bOD", "h", "-"), lambda e: e.aim(-STEP)),
    **dict.fromkeys(("\x1b[1;2C", "L", ">"), lambda e: e.aim(STRIDE)),
    **dict.fromkeys(("\x1b[1;2D", "H", "<"), lambda e: e.aim(-STRIDE)),
    **dict.fromkeys(("\r", "\n"), Explorer.go),
    "t": lambda e: e.heat(1.25),
    "T": lambda e: e.heat(0.8),
    "r": Explorer.reset,
    "p": Explorer.switch,
}
