"""Practising one exercise, an answer a line: at a terminal, in a pipe, or as objects."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import Any

from softmax_cli.commands.practice.answers import at_terminal, reader
from softmax_cli.commands.practice.lines import known_mistakes, write
from softmax_cli.errors import ExitCode
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.results import practice as view
from softmax_cli.tutor.exercises.choices import rule_of
from softmax_cli.tutor.exercises.exercise import Deriving, Exercise
from softmax_cli.tutor.exercises.marking import FOLLOWS, Mark
from softmax_cli.tutor.exercises.naming.named import prepare

_HINT, _BACK, _SKIP, _QUIT = ({"?", "hint"}, {"back", "b"}, {"skip"}, {"quit", "q", "exit"})


@dataclass
class Stream:
    """One object a line, for programs: only marks and hints."""

    read: Callable[[str], str | None]
    asks_back: bool
    """Whether a right line is followed by the question which rule gave it."""

    def opening(self, due: int, new: int) -> None:
        """Say nothing."""

    def asked(self, exercise: Exercise) -> None:
        """Say nothing: the first object names the exercise."""

    def say(self, sentence: str) -> None:
        """Say nothing: a program needs no more."""

    def answer(self, number: int) -> str | None:
        """Return the next answer; None at the end of the input."""
        return self.read("")

    def marked(self, exercise: Exercise, number: int, answer: str, found: Mark, more: str) -> None:
        """Write how an answer was marked."""
        message = found.message if found.verdict == "done" else f"{found.message} {more}".rstrip()
        self._write(exercise, number, answer, found.read_as, found.verdict, found.cause, message, found.hint)

    def hinted(self, exercise: Exercise, number: int, hint: str) -> None:
        """Write a hint."""
        self._write(exercise, number, "?", None, "no-progress", None, "A hint.", hint)

    def _write(self, exercise: Exercise, *values: Any) -> None:
        keys = ("exercise", "line", "answer", "read_as", "verdict", "cause", "message", "hint")
        write(dict(zip(keys, (exercise.id, *values), strict=True)))


@dataclass
class Talk(Stream):
    """A conversation at a terminal, in the same words in a pipe."""

    screen: Screen

    def opening(self, due: int, new: int) -> None:
        """Say what is due."""
        self._show(view.opening(due, new, self.screen.width))

    def asked(self, exercise: Exercise) -> None:
        """Give the exercise."""
        self._show(view.asked(exercise, self.screen.width))

    def answer(self, number: int) -> str | None:
        """Return the next answer; None at the end of the input."""
        answer = self.read(f"{number or '':>2}> ")
        if self.screen.interactive:
            self.screen = Screen.for_output(sys.stdout)  # the window may have another size now
        return answer

    def marked(self, exercise: Exercise, number: int, answer: str, found: Mark, more: str) -> None:
        """Say how an answer was marked."""
        self._show(view.marked(found, answer, len(f"{number:>2}> "), self.screen.width, more))

    def hinted(self, exercise: Exercise, number: int, hint: str) -> None:
        """Give a hint."""
        self._show(f"    {line}" for line in view.wrapped(hint, self.screen.width - 4))

    def say(self, sentence: str) -> None:
        """Say something else."""
        self._show(view.wrapped(sentence, self.screen.width))

    def _show(self, lines: Iterator[Line] | Sequence[Line]) -> None:
        self.screen.show(self._clean(line) for line in lines)

    def _clean(self, line: Line) -> Line:
        if isinstance(line, str):
            return self.screen.clean(line)
        return tuple((self.screen.clean(text), style) for text, style in line)


@dataclass
class Play:
    """One exercise while it is being done."""

    exercise: Exercise
    teller: Stream
    after: str = ""
    """The sentence that says what comes next, once it is done."""
    number: int = 0
    before: str | None = None
    """The last right line."""
    pending: tuple[int, str] | None = None
    """A wrong line that is still to be mended, after its number."""
    step: int = 0
    hints: int = 0
    given_away: bool = False
    """Whether a third hint was asked for, so that the exercise does not count."""
    _over: str | None = field(default=None)

    def run(self) -> str:
        """Ask until the exercise ends, and return how: done, skip, or quit."""
        self.number = self.exercise.first
        self.teller.asked(self.exercise)
        if self.teller.asks_back and isinstance(self.exercise, Deriving):
            # while the learner reads and types, there is time to prepare for a wrong line
            goal = self.exercise.goal
            Thread(target=prepare, args=(goal, lambda: known_mistakes(goal)), daemon=True).start()
        while self._over is None:
            answer = self.teller.answer(self.number)
            if answer is None:
                return "quit"
            self._take(answer)
        return self._over

    def _take(self, answer: str) -> None:
        word = answer.strip().casefold()
        if word in _HINT:
            self._hint()
        elif word in _BACK:
            self._back()
        elif word in _SKIP:
            self._over = "skip"
        elif word in _QUIT:
            self._over = "quit"
        else:
            self._mark(answer.strip())

    def _hint(self) -> None:
        hints = self.exercise.hints[min(self.step, len(self.exercise.hints) - 1)]
        place = min(self.hints, 2)
        self.given_away = self.given_away or place == 2
        self.hints += 1
        self.teller.hinted(self.exercise, self.number, f"{place + 1}/3 {hints[place]}")

    def _back(self) -> None:
        if self.pending is None:
            self.teller.say("There is no line to mend.")
        else:
            self.number = self.pending[0]

    def _mark(self, answer: str) -> None:
        after = self.before
        if self.pending is not None and self.number > self.pending[0]:
            after = self.pending[1]
        goal = self.exercise.goal if isinstance(self.exercise, Deriving) else None
        found = self.exercise.mark(
            answer, after, known=tuple if goal is None else lambda: known_mistakes(goal)
        )
        if found.cause == FOLLOWS and self.pending is not None:
            said = f"It follows from your line {self.pending[0]}, which is still wrong: the method is right."
            found = replace(found, message=said)
        number, more = self.number, self._next(answer, found)
        self.teller.marked(self.exercise, number, answer, found, more)
        if found.verdict == "right" and self.teller.asks_back:
            self._ask_back(answer)

    def _ask_back(self, answer: str) -> None:
        """Ask which rule gave a line; the rule is named whatever the answer is."""
        question = None if not isinstance(self.exercise, Deriving) else rule_of(self.exercise, answer)
        if question is not None:
            options = "   ".join(f"{i}  {rule}" for i, rule in enumerate(question.options, start=1))
            self.teller.say(f"    Which rule gave it?   {options}")
            chosen = self.teller.answer(0)
            if chosen is not None:
                self.teller.marked(self.exercise, 0, chosen, question.mark(chosen), "")

    def _next(self, answer: str, found: Mark) -> str:
        """Move on as the mark allows, and return what the learner should do next."""
        if found.verdict == "done":
            self._over = "done"
            return "" if self.given_away else self.after
        if found.verdict == "right":
            self.before, self.pending = answer, None
            self.number += 1
            self.step, self.hints = self.step + 1, 0
        elif found.verdict == "wrong" and isinstance(self.exercise, Deriving):
            return self._after_wrong(answer, found)
        return ""

    def _after_wrong(self, answer: str, found: Mark) -> str:
        if self.pending is not None and self.number > self.pending[0]:
            self.number = self.pending[0]
            return "" if found.cause == FOLLOWS else f"Mend line {self.number} first."
        self.pending = (self.number, answer)
        self.number += 1
        return f"Mend line {self.number - 1} (back), or go on."


def teller(json_lines: bool) -> Stream:
    """Return the teller for a person or for a program."""
    screen = Screen.for_output(sys.stdout)
    read = reader(screen)
    return Stream(read, False) if json_lines else Talk(read, read is at_terminal, screen)


def code(done: bool) -> int:
    """Return the exit code of a run."""
    return ExitCode.OK if done else ExitCode.DIFFERENT
