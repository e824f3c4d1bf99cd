"""One case on the board: its lines in symbols, with the numbers put in, and in letters."""

import math
from collections.abc import Callable
from functools import cached_property

from softmax_cli.core.formula.tree import Derivative, Node, Number, Symbol, names, replaced, walk
from softmax_cli.render.derivation.drawing import Drawing, decimal, people
from softmax_cli.render.derivation.words import shortest
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.notation import L, Label, S, named
from softmax_cli.tutor.printers.numbers import NumberPrinter, ShownDoubles
from softmax_cli.tutor.rules import CHAIN, CONSTANT, EXPONENTIAL, JOINING, SIMPLIFYING

_NOTES = {
    CONSTANT: "constant rule",
    EXPONENTIAL: "exponential rule",
    CHAIN: "chain rule",
    SIMPLIFYING: "one term left",
}
_DIGITS = range(4, 10)
_FOLLOWS = 1e-3
"""A unit of the last of four digits."""


class CaseColumn:
    """One case on the board.

    Parameters
    ----------
    drawing
        What writes its formulas.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.lesson = drawing.lesson
        self.derivation = drawing.lesson.derivation
        self._shown: dict[tuple[Node, int], str] = {}

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Its steps: all but the one that joins both cases."""
        return tuple(step for step in self.derivation.steps if step.rule is not JOINING)

    @cached_property
    def result(self) -> str:
        """What it comes to."""
        end = self.steps[-1]
        value = self.value(end.rhs)
        sides = f"{self.drawing.formula(end.lhs)} = {self.drawing.formula(end.rhs)}"
        return f"{sides} = {value}" if value and not isinstance(end.rhs, Number) else sides

    @property
    def sides(self) -> tuple[Node, Symbol]:
        """What is differentiated, and with respect to what."""
        claim = self.derivation.claim
        assert isinstance(claim, Derivative)
        return claim.of, claim.wrt

    @property
    def case(self) -> str:
        """Which case it is: of i and j, or of a loss's target."""
        d = self.derivation
        if d.target is not None:
            return "the target" if d.target == d.wrt else "another class"
        return self.drawing.line.typeset("i = j" if d.of == d.wrt else "i != j")

    def label(self, place: int | None) -> str:
        """Return what a class is called: its name, or its number."""
        number = (place or 0) + 1
        return self.drawing.names.label(Label(number)) if self.lesson.named else str(number)

    def line(self, step: Step) -> str:
        """Return a line; of the chain, without the left-hand side that stands above it."""
        rhs = f"= {self.drawing.formula(step.rhs)}"
        return rhs if step.lhs == self.derivation.claim else f"{self.drawing.formula(step.lhs)} {rhs}"

    def note(self, step: Step) -> str:
        """Return the rule of a line that is worked out beside the chain."""
        name = "" if step.lhs == self.derivation.claim else _NOTES.get(step.rule, "")
        return f" ({name})" if name else ""

    def substituted(self, step: Step) -> tuple[str, str]:
        """Return a line with its numbers, and its value, each after its sign; nothing without numbers."""
        value = self.value(step.rhs)
        if not value or isinstance(step.rhs, Number):
            return "", ""
        numbers = self.numbers(step.rhs)
        if not numbers:
            return f"{'≈' if self.drawing.screen.unicode else '~'} {value}", ""
        return f"= {numbers}", "" if numbers == value else f" = {value}"

    def numbers(self, x: Node) -> str:
        """Return an expression with numbers for its names, in enough digits for its value to follow.

        Nothing if the value cannot be worked out from the numbers: they are beyond doubles, or too close to
        each other.
        """
        value = self.lesson.value(x)
        for many in _DIGITS:
            digits = self._digits(many)
            try:
                followed = ShownDoubles(digits).value(x)
            except (ArithmeticError, ValueError):  # a division by what is shown as 0, or beyond doubles
                continue
            if value is not None and math.isclose(followed, value, rel_tol=_FOLLOWS):
                screen = self.drawing.screen
                printer = NumberPrinter(self.drawing.names, unicode=screen.unicode, digits=digits)
                return str(printer.of(self._shortened(x)))
        return ""

    def _shortened(self, x: Node) -> Node:
        """Return an expression with its long sums cut short, except in a derivative, which is one number."""
        slopes = [part for part, _ in walk(x) if isinstance(part, Derivative)]
        return replaced(self.drawing.abridged(x), {self.drawing.abridged(slope): slope for slope in slopes})

    def _digits(self, many: int) -> Callable[[Node], str]:
        def digits(leaf: Node) -> str:
            key = leaf, many
            if key not in self._shown:
                value = self.lesson.value(leaf)
                self._shown[key] = "nan" if value is None else decimal(value, many)
            return self._shown[key]

        return digits

    def value(self, x: Node) -> str:
        """Return the value of an expression to four digits; nothing without numbers."""
        value = self.lesson.value(x)
        return "" if value is None else self.drawing.line.signed(people(value))

    def undefined(self) -> list[Symbol]:
        """Return the sums and losses that its lines use and do not define."""
        lines = list(self.derivation.walk())
        used = {name for step in lines for side in (step.lhs, step.rhs) for name in names(side)}
        return [name for name in (S, L) if name in used and name not in {step.lhs for step in lines}]

    def meant(self, name: Symbol) -> str:
        """Return what a name stands for."""
        return self.drawing.formula(self.derivation.definitions[name])

    def raw_outputs(self) -> str:
        """Return the logits, with their numbers where there are any."""
        numbers = self.lesson.logits
        if numbers is None:
            names = self._listed("z", lambda m: "")
            return f"{names}: the network's raw output values (logits), one for each class"
        return self._listed("z", lambda m: shortest(numbers[m])) + " (the logits)"

    def values(self, letter: str) -> str:
        """Return the values of a family of names."""
        return self._listed(letter, lambda m: self.value(named(f"{letter}_{m + 1}")))

    def definitions(self, letter: str) -> str:
        """Return what a family of names stands for."""
        return self._listed(letter, lambda m: self.meant(named(f"{letter}_{m + 1}")))

    def _listed(self, letter: str, value: Callable[[int], str]) -> str:
        dots, places = self.drawing.line.dots, self.drawing.places(self.drawing.manner.longest)
        return ", ".join(dots if m is None else self._named(letter, m, value(m)) for m in places)

    def _named(self, letter: str, m: int, text: str) -> str:
        name = self.drawing.formula(named(f"{letter}_{m + 1}"))
        return f"{name} = {self.drawing.line.signed(text)}" if text else name

    def in_letters(self, x: Node) -> str:
        """Return an expression with i and j for the two classes that it is about."""
        d = self.derivation
        places = {"i": d.of, "j": d.wrt} if d.of != d.wrt else {"i": d.of}
        letters: dict[Node, Node] = {named(f"z_{(d.wrt or 0) + 1}"): named("z_j")}
        for letter, place in places.items():
            if place is not None:
                letters |= {named(f"{name}_{place + 1}"): named(f"{name}_{letter}") for name in "py"}
        return self.drawing.formula(replaced(x, letters))
