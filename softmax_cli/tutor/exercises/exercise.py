"""What an exercise is: something that is asked, marked, hinted at, and can be solved and broken."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.floats import Given, number
from softmax_cli.tutor.exercises.goal import Goal, Line
from softmax_cli.tutor.exercises.marking import Mark, mark, unread
from softmax_cli.tutor.exercises.naming.edits import edits
from softmax_cli.tutor.exercises.naming.named import More

_CLOSE = 0.005
"""A number is right that is this near, relatively, or a tenth of it absolutely."""


@dataclass(frozen=True)
class Exercise(ABC):
    """Something that is asked.

    Parameters
    ----------
    id
        A stable name: skill, kind and classes.
    skill, kind
        What it practises, and how.
    ask
        The question, in a sentence or two.
    shown
        The lines that are given.
    hints
        For each step three: a question that points the way, the rule, the answer.
    """

    id: str
    skill: str
    kind: str
    ask: str
    shown: tuple[str, ...]
    hints: tuple[tuple[str, str, str], ...]

    @property
    def first(self) -> int:
        """The number of the first line that is asked for."""
        return 1

    @abstractmethod
    def mark(self, answer: str, after: str | None = None, *, known: More = tuple) -> Mark:
        """Mark an answer, given the line before it."""

    @abstractmethod
    def solution(self) -> list[str]:
        """Return answers that are right, the last of them done."""

    @abstractmethod
    def mistake(self) -> str:
        """Return an answer that is wrong."""


@dataclass(frozen=True)
class Deriving(Exercise):
    """The lines of a derivative, from the first that is missing."""

    goal: Goal
    given: tuple[Line, ...]
    rest: tuple[Line, ...]

    @property
    def first(self) -> int:
        """The number of the first line that is asked for."""
        return len(self.given) + 1

    def mark(self, answer: str, after: str | None = None, *, known: More = tuple) -> Mark:
        """Mark a line, given the line before it."""
        if after is None and self.given:
            after = self.goal.written(self.given[-1].right)
        return mark(answer, self.goal, after, known=known)

    def solution(self) -> list[str]:
        """Return the lines of the derivation."""
        return [self.goal.written(line.right) for line in self.rest]

    def mistake(self) -> str:
        """Return the first missing line with one edit."""
        last = self.rest[0].right
        values = self.goal.answer
        return next(
            self.goal.written(edit.tree)
            for edit in edits(last, self.goal)
            if not self.goal.equal(edit.tree, values)
        )


@dataclass(frozen=True)
class Choosing(Exercise):
    """One of some answers; `right` is its number, counted from 1."""

    options: tuple[str, ...]
    right: int
    why: str
    against: tuple[str, ...] = field(default=())
    """For each option, why it is not the right one; may be left out."""

    def mark(self, answer: str, after: str | None = None, *, known: More = tuple) -> Mark:
        """Mark the number of an option, or the option itself."""
        wanted = answer.strip().casefold()
        names = [option.casefold() for option in self.options]
        number = wanted.rstrip(".)")
        if number.isdecimal() and 1 <= int(number[:3]) <= len(names):
            chosen = int(number[:3])
        elif wanted in names:
            chosen = names.index(wanted) + 1
        else:
            return Mark("unread", f"The answer is a number from 1 to {len(names)}.")
        read_as = self.options[chosen - 1]
        if chosen == self.right:
            return Mark("done", self.why, read_as=read_as)
        said = self.against[chosen - 1] if self.against else "That is not it."
        return Mark("wrong", said, f"chose-{chosen}", read_as)

    def solution(self) -> list[str]:
        """Return the number of the right option."""
        return [str(self.right)]

    def mistake(self) -> str:
        """Return the number of another option."""
        return str(self.right % len(self.options) + 1)


@dataclass(frozen=True)
class Reckoning(Exercise):
    """A number, to two or three digits; expressions in the given numbers will do too."""

    goal: Goal
    given: Given
    value: float
    why: str
    slips: tuple[tuple[str, str, float], ...]
    """Names of mistakes, what to say, and the numbers that they lead to."""

    def mark(self, answer: str, after: str | None = None, *, known: More = tuple) -> Mark:
        """Mark a number."""
        try:
            value = number(read_line(answer, self.goal.setting), self.given)
        except FormulaError as error:
            return unread(error)
        read_as = f"{value:.4g}"
        if _close(value, self.value):
            return Mark("done", self.why, read_as=read_as)
        for cause, message, wrong in self.slips:
            if _close(value, wrong):
                return Mark("wrong", message, cause, read_as)
        return Mark("wrong", "That is not the number.", None, read_as)

    def solution(self) -> list[str]:
        """Return the number."""
        return [f"{self.value:.6g}"]

    def mistake(self) -> str:
        """Return another number."""
        return f"{2 * self.value + 1:.6g}"


@dataclass(frozen=True)
class Ordering(Exercise):
    """Lines that are out of order; `order` names them by their letters in the right order."""

    order: str

    def mark(self, answer: str, after: str | None = None, *, known: More = tuple) -> Mark:
        """Mark an order of letters."""
        letters = "".join(sign for sign in answer.casefold() if sign.isalpha())
        if sorted(letters) != sorted(self.order):
            return Mark("unread", f"The answer is letters in order: {' '.join(self.order[::-1])}.")
        read_as = " ".join(letters)
        if letters == self.order:
            return Mark("done", "Each line follows from the one before.", read_as=read_as)
        place = next(i for i, letter in enumerate(letters) if letter != self.order[i])
        said = f"Line {letters[place]} cannot come in place {place + 1}: it needs what another line brings."
        return Mark("wrong", said, "order", read_as)

    def solution(self) -> list[str]:
        """Return the right order."""
        return [" ".join(self.order)]

    def mistake(self) -> str:
        """Return the wrong way round."""
        return " ".join(self.order[::-1])


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= max(_CLOSE * abs(b), _CLOSE / 10)


def shuffled(options: Sequence[str], right: str) -> tuple[tuple[str, ...], int]:
    """Return options without doubles, and the number of the right one among them."""
    kept = tuple(dict.fromkeys(options))
    return kept, kept.index(right) + 1
