"""A derivation with its classes, and with the numbers of its logits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from softmax_cli.core.formula.tree import Node
from softmax_cli.tutor.derivation import Derivation

if TYPE_CHECKING:
    from softmax_cli.tutor.numbers import CrossCheck, Reals, mpf


@dataclass(frozen=True)
class Lesson:
    """A proved derivation with its classes and numbers.

    Parameters
    ----------
    derivation
        The proved steps.
    classes
        The names of the k classes.
    named
        False if the names are only our own numbering.
    temperature
        T.
    logits
        The k logits, or None if no numbers are given.
    verdicts
        What SymPy says about each line, by step id, or None if it was not asked.
    """

    derivation: Derivation
    classes: tuple[str, ...]
    named: bool = False
    temperature: float = 1.0
    logits: tuple[float, ...] | None = None
    verdicts: Mapping[str, str] | None = None

    @cached_property
    def numbers(self) -> Reals | None:
        """The numbers in which the lines are evaluated."""
        if self.logits is None or not self.derivation.k:
            return None
        from softmax_cli.tutor.numbers import reals

        return reals(self.derivation, self.logits, self.temperature)

    def value(self, x: Node) -> mpf | None:
        """Return the value of an expression at the logits, or None if there are none."""
        return None if self.numbers is None else self.numbers.cleared(x)

    @cached_property
    def result(self) -> float | None:
        """The value of the answer."""
        value = self.value(self.derivation.result)
        return None if value is None else float(value) + 0.0  # never -0.0

    @cached_property
    def check(self) -> CrossCheck | None:
        """The answer, computed once more by the complex step."""
        if self.logits is None or self.result is None:
            return None
        from softmax_cli.tutor.numbers import check

        return check(self.derivation, self.result, self.logits, self.temperature)
