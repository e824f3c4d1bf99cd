"""What every exercise is made with: a skill, a kind, a derivative, and a source of chance."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from softmax_cli.tutor.exercises.exercise import Choosing
from softmax_cli.tutor.exercises.goal import Goal, Line
from softmax_cli.tutor.exercises.marking import is_answer
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
    def id(self) -> str:
        """The name of the exercise."""
        goal = self.goal
        return f"{self.skill.name}/{self.kind}/{goal.classes[goal.of - 1]}-{goal.classes[goal.wrt - 1]}"


def chain(goal: Goal) -> list[Line]:
    """Return the lines from the first about the derivative to the first that is an answer."""
    found: list[Line] = []
    for line in goal.lines:
        if line.row.chain:
            found.append(line)
            if is_answer(line.right):
                break
    return found


def question(goal: Goal) -> str:
    """Return what is asked for, in a sentence."""
    claim = goal.written(goal.claim)
    target = f" The true class is {goal.classes[goal.of - 1]}." if goal.function == "cross-entropy" else ""
    return f"Find {claim}: {'the same class' if goal.same else 'two different classes'}.{target}"


def choosing(
    draw: Draw,
    ask: str,
    shown: Sequence[str],
    options: tuple[str, ...],
    right: int,
    why: str,
    hint: tuple[str, str, str],
    against: tuple[str, ...] = (),
) -> Choosing:
    """Return a choice; `hint` is its three hints, `against` why each option is not the right one."""
    return Choosing(
        id=draw.id,
        skill=draw.skill.name,
        kind=draw.kind,
        ask=ask,
        shown=tuple(shown),
        hints=(hint,),
        options=options,
        right=right,
        why=why,
        against=against,
    )
