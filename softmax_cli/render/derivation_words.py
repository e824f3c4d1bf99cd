"""What every format says in the same words: the names of steps, and what was proved."""

from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.lesson import Lesson

TITLES = {
    "naming": "Name the parts",
    "f-prime": "The top, f'",
    "g-prime": "The bottom, g'",
    "s-prime": "The derivative of the sum",
    "inner": "The derivative of the first term",
    "logarithm": "The derivative of the logarithm",
    "substitute": "Put the pieces in",
    "recognise": "Recognise the probabilities",
    "join": "Both cases in one formula",
    "take-apart": "Take the logarithm apart",
    "jacobian": "Put the Jacobian in",
    "one-hot": "The target is one-hot",
    "weighted-sum": "The derivative of the second sum",
}


def title(step: Step) -> str:
    """Return the heading of a step."""
    return TITLES.get(step.id, step.id.replace("-", " ").capitalize())


def proof(lesson: Lesson) -> str:
    """Return what was proved, in one sentence."""
    count = sum(1 for _ in lesson.derivation.walk())
    return f"All {count} lines are proved: both sides are equal for all logits."
