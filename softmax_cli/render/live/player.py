"""A training to watch: its steps as they are taken, and back again, at a pace that the eye can follow."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from softmax_cli.learning.experiment import Experiment
from softmax_cli.learning.training import TrainingStep

_SECONDS = 12.0
"""How long a training lasts on screen, unless sped up."""

_FASTEST, _SLOWEST = 0.0, 2.0

_MOST_KEPT = 20_000_000
"""The most numbers of past steps that are kept to go back to."""


@dataclass(slots=True)
class Player:
    """Plays the steps of an experiment.

    Parameters
    ----------
    experiment
        Whose steps are taken as they are shown.
    watched
        The row (0-based) whose probabilities are followed.
    """

    experiment: Experiment
    watched: int
    pause: float = field(init=False)
    """Seconds between two steps."""
    history: list[TrainingStep] = field(init=False, default_factory=list)
    losses: list[float] = field(init=False, default_factory=list)
    place: int = field(init=False, default=0)
    playing: bool = field(init=False, default=True)
    finished: bool = field(init=False, default=False)
    _coming: Iterator[TrainingStep] = field(init=False)

    def __post_init__(self) -> None:
        self.pause = min(0.25, _SECONDS / max(1, self.experiment.plan.steps))
        self._coming = self.experiment.steps()
        self._take()

    @property
    def step(self) -> TrainingStep:
        """The step that is shown."""
        return self.history[self.place]

    def press(self, key: str) -> bool:
        """Take a key; return False if it ends the watching."""
        if key in _QUIT:
            return False
        if key == " ":
            self.playing = not self.playing and not self._at_end
        elif key in _FORWARD:
            self.playing = False
            self.forward()
        elif key in _BACK:
            self.playing = False
            self.place = max(0, self.place - 1)
        elif key in {"+", "="}:
            self.pause = max(_FASTEST, self.pause / 2 if self.pause > 0.002 else 0.0)
        elif key == "-":
            self.pause = min(_SLOWEST, max(0.002, self.pause * 2))
        return True

    def forward(self) -> None:
        """Go one step forward; at the end, stay."""
        if self.place + 1 < len(self.history):
            self.place += 1
        else:
            self._take()

    def finish(self) -> None:
        """Take the remaining steps without showing them."""
        while not self.finished:
            self._take()

    @property
    def _at_end(self) -> bool:
        return self.finished and self.place == len(self.history) - 1

    def _take(self) -> None:
        step = next(self._coming, None)
        if step is None:
            self.finished, self.playing = True, False
            return
        self.history.append(step)
        self.losses.append(step.state.loss)
        if len(self.history) * step.state.logits.size > _MOST_KEPT:
            del self.history[0]
        self.place = len(self.history) - 1


_QUIT = frozenset({"q", "Q", "\x1b", "\x04", ""})
_FORWARD = frozenset({"\x1b[C", "\x1bOC", "\x1b[B", "\x1bOB", "n"})
_BACK = frozenset({"\x1b[D", "\x1bOD", "\x1b[A", "\x1bOA", "b"})
