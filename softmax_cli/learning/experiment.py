"""A training as a whole: the table, the plan, the steps as they come, and the outcome."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from softmax_cli.learning.model import Model
from softmax_cli.learning.network import Problem
from softmax_cli.learning.newton import Newton
from softmax_cli.learning.separation import Separation
from softmax_cli.learning.table import FeatureTable, Scale
from softmax_cli.learning.training import (
    Overshoot,
    Plan,
    Status,
    TrainingStep,
    descend,
    has_arrived,
    overshoot,
)

_EASY = 50_000_000
"""Rows times squared weights up to which gradient descent, too, is told whether best weights exist."""

_ENOUGH = 40
"""Newton steps by which that is known."""


@dataclass(slots=True)
class Experiment:
    """One training.

    Parameters
    ----------
    table, plan
        What is learned from, and how.
    newton
        Whether by Newton's method.
    about
        Where the table comes from, in words; "" for the user's own.
    noun
        What a row is called.
    """

    table: FeatureTable
    plan: Plan
    newton: bool = False
    about: str = ""
    noun: str = "row"
    scale: Scale = field(init=False)
    problem: Problem = field(init=False)
    last: TrainingStep | None = field(init=False, default=None)
    status: Status = field(init=False, default="stopped")
    overshot: Overshoot | None = field(init=False, default=None)
    overshoots: int = field(init=False, default=0)
    separation: Separation | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.scale = self.table.scale()
        self.problem = self.plan.problem(self.table, self.scale.standardised(self.table.values))

    def steps(self) -> Iterator[TrainingStep]:
        """Yield the steps from 0; the other fields are right when the last has been taken."""
        newton = Newton(self.problem, self.table, self.scale) if self.newton else None
        for step in descend(self.problem, self.plan) if newton is None else newton.steps(self.plan.steps):
            if self.last is not None and newton is None:
                shot = overshoot(self.last, step, self.plan)
                self.overshoots += shot is not None
                self.overshot = self.overshot or shot
            self.last = step
            yield step
        if newton is not None:
            self.status, self.separation = newton.status, newton.separation
        else:
            self.separation = self._separation()
            if self.separation is None and self.last is not None and has_arrived(self.last):
                self.status = "converged"

    def _separation(self) -> Separation | None:
        """Return the proof that gradient descent has no best weights to go to, where one is easy to have."""
        network = self.problem.network
        if self.plan.l2 or network.hidden or len(self.table) * network.size**2 > _EASY:
            return None
        newton = Newton(self.problem, self.table, self.scale)
        for _ in newton.steps(_ENOUGH):
            pass
        return newton.separation

    def model(self) -> Model:
        """Return the model that the last step has led to."""
        assert self.last is not None
        return Model.of(self.table, self.scale, self.problem.network, self.last.state.flat)
