"""What every exercise is made from: a skill, a kind, a derivative, and random numbers."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from softmax_cli.tutor.exercises.goal import Goal, Line
from softmax_cli.tutor.exercises.marking import begun, is_answer
from softmax_cli.tutor.exercises.skills import Skill

Tables: TypeAlias = Callable[[str], Sequence[Mapping[str, str]]]
"""The tables of `check`'s catalogue by name, as their lines."""


@dataclass(frozen=True)
class Draw:
    """What an exercise is made with.

    Parameters
    ----------
    skill, kind
        What it practises, and how.
    goal
        The derivative it is about.
    rng
        Draws the rest.
    tables
        The catalogue of `check`.
    """

    skill: Skill
    kind: str
    goal: Goal
    rng: random.Random
    tables: Tables

    @property
    def names(self) -> tuple[str, str, str]:
        """The id of the exercise, its skill, and its kind."""
        goal, skill = self.goal, self.skill.name
        classes = "i-j" if goal.general else f"{goal.classes[goal.of - 1]}-{goal.classes[goal.wrt - 1]}"
        return f"{skill}/{self.kind}/{classes}", skill, self.kind


def chain(goal: Goal) -> list[Line]:
    """Return the lines about the derivative, to the first that is an answer; to the last, of a loss."""
    lines = [line for line in goal.lines if line.row.chain]
    if goal.function == "cross-entropy":
        return lines
    end = next(i for i, line in enumerate(lines) if is_answer(line.right))
    return lines[: end + 1]


def question(goal: Goal) -> str:
    """Return what is asked for, in a sentence or two."""
    name = goal.written(goal.claim.of)
    name = "the loss L" if name == "L" else name
    found = f"Find the derivative of {name} with respect to {goal.written(goal.logit)}"
    if goal.general:
        return f"{found}, for any number K of classes: one line for i = j and for i != j."
    if goal.function == "cross-entropy":
        return f"{found}. The true class is {goal.classes[goal.of - 1]}."
    return f"{found}: {'the same class' if goal.same else 'two different classes'}."


def reason(row: Mapping[str, str]) -> str:
    """Return what to say about a mistake of `check`'s catalogue, as sentences."""
    return f"{begun(row['title'])}. {row['why']}"
