"""What an exercise is: something that is asked, marked, hinted at, and can be solved and broken."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from softmax_cli.core.formula.doubles import Given, number
from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.goal import Goal, Line
from softmax_cli.tutor.exercises.marking import Mark, mark, unread
from softmax_cli.tutor.exercises.naming.edits import edits
from softmax_cli.tutor.exercises.naming.known import More
from softmax_cli.tutor.exercises.naming.named import either

_CLOSE = 0.005
"""A number this close is right: relatively, or to a tenth of it absolutely."""
_NEARLY = 0.1
"""A number this close, relatively, has been rounded too far."""
_MOST = 2
"""The most mistakes that are named for one number."""
_DECIMAL = re.compile(r"-?0*\.?0*(\d*\.?\d*)")


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
    against: tuple[tuple[str, str], ...]
    """For each option, the name of the mistake in it and what to say; empty for the right one."""

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
        cause, said = self.against[chosen - 1]
        return Mark("wrong", said, cause, read_as)

    def solution(self) -> list[str]:
        """Return the number of the right option."""
        return [str(self.right)]

    def mistake(self) -> str:
        """Return the number of another option."""
        return str(self.right % len(self.options) + 1)


@dataclass(frozen=True)
class Reckoning(Exercise):
    """A number, to two or three digits; expressions in the given numbers are accepted too."""

    goal: Goal
    given: Given
    value: float
    why: str
    slips: Callable[[], Iterable[Iterable[tuple[str, str, float]]]] = field(compare=False)
    """Returns names of mistakes, what to say, and the numbers that they lead to; the likelier first."""

    def mark(self, answer: str, after: str | None = None, *, known: More = tuple) -> Mark:
        """Mark a number."""
        try:
            value = number(read_line(answer, self.goal.setting), self.given)
        except FormulaError as error:
            return unread(error)
        read_as = f"{value:.4g}"
        digits = _digits(answer)
        if _close(value, self.value) or (digits > 1 and value == float(f"{self.value:.{digits}g}")):
            return Mark("done", self.why, read_as=read_as)
        for tier in self.slips():
            fitting = {cause: message for cause, message, wrong in tier if _close(value, wrong)}
            if fitting:
                return _named(fitting, read_as)
        if abs(value - self.value) <= _NEARLY * abs(self.value):
            return Mark("wrong", "Nearly: it is rounded too far. Give three digits.", "rounding", read_as)
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
    rules: tuple[str, ...]
    """The rule that gave each line, in the right order."""

    def mark(self, answer: str, after: str | None = None, *, known: More = tuple) -> Mark:
        """Mark an order of letters."""
        letters = "".join(sign for sign in answer.casefold() if sign.isalpha())
        if sorted(letters) != sorted(self.order):
            return Mark("unread", f"The answer is letters in order: {' '.join(self.order[::-1])}.")
        read_as = " ".join(letters)
        if letters == self.order:
            return Mark("done", "Each line follows from the one before.", read_as=read_as)
        letter = next(one for one, right in zip(letters, self.order, strict=True) if one != right)
        place = self.order.index(letter)
        said = f"Line {letter} has nothing worked out yet: it comes first."
        if place:
            said = (
                f"Line {letter} follows from line {self.order[place - 1]}, by the rule {self.rules[place]!r}."
            )
        return Mark("wrong", said, "order", read_as)

    def solution(self) -> list[str]:
        """Return the right order."""
        return [" ".join(self.order)]

    def mistake(self) -> str:
        """Return the reverse order."""
        return " ".join(self.order[::-1])


def _named(fitting: Mapping[str, str], read_as: str) -> Mark:
    """Return the mark of a number that these mistakes lead to; no name if they are many."""
    if len(fitting) > _MOST:
        return Mark("wrong", "That is not the number: more than one mistake leads to it.", None, read_as)
    cause, said = either(fitting)
    return Mark("wrong", said, cause, read_as)


def _digits(answer: str) -> int:
    """Return how many digits a number is written to; 0 for anything else."""
    found = _DECIMAL.fullmatch(answer.strip().replace("−", "-"))
    return len(found[1].replace(".", "")) if found else 0


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= max(_CLOSE * abs(b), _CLOSE / 10)
