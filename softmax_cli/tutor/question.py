"""What a person asks the tutor; needs no sympy, so that a wrong question is refused at once."""

from dataclasses import dataclass

from softmax_cli.core.functions import FUNCTIONS


@dataclass(frozen=True)
class Question:
    """What is asked.

    Parameters
    ----------
    function
        The function's name.
    classes
        The names of the classes, at least two; of the sigmoid, at least one.
    named
        False if they are only our own numbering.
    temperature
        T; it is not written if it is 1.
    logits
        One for each class, or None: symbols alone.
    of, wrt, target
        0-based classes; None asks for both cases, i = j and i != j.
    route
        A route of the function; None for the usual one.
    """

    function: str
    classes: tuple[str, ...]
    named: bool = False
    temperature: float = 1.0
    logits: tuple[float, ...] | None = None
    of: int | None = None
    wrt: int | None = None
    target: int | None = None
    route: str | None = None

    @property
    def scalar(self) -> bool:
        """Whether the function has one output."""
        return FUNCTIONS[self.function].scalar

    def pairs(self) -> list[tuple[int, int]]:
        """Return the (i, j) that are asked for; of a scalar function, i is the target."""
        i = self.target if self.scalar else self.of
        j = self.wrt
        if i is not None and j is not None:
            return [(i, j)]
        given = next((m for m in (i, j) if m is not None), 0)
        if len(self.classes) == 1:
            return [(given, given)]
        other = 1 if given == 0 else 0
        return [(given, given), (given, other) if j is None else (other, given)]
