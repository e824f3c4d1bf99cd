"""Hints, three a step, made from the rule of the line: a question, the rule, the line itself."""

from softmax_cli.core.formula.tree import Derivative, walk
from softmax_cli.tutor.exercises.goal import Goal, Line

_POINTING = {
    "definition": "What does the name stand for?",
    "quotient": "It is a fraction, f / g. Which rule is for a fraction?",
    "exponential": "What is the derivative of e to the power of x?",
    "constant": "Does {before} contain {z}?",
    "constant multiple": "Which number stands in front of what moves?",
    "sum": "Which terms of {before} contain {z}?",
    "logarithm": "What is inside the logarithm, and what is the derivative of that?",
    "logarithm of a quotient": "What does a logarithm make of a quotient?",
    "chain": "What is the outer function, and what is the inner one?",
    "substitution": "Which parts of {before} have a short name?",
    "factoring": "What do the terms of {before} have in common?",
    "splitting": "Which two fractions is {before} the product of?",
    "cancelling": "What cancels in {before}, and what is 0?",
    "simplifying": "What in {before} is 0, is 1, or has a short name?",
    "one-hot target": "What do the y add up to, when one of them is 1?",
    "Kronecker delta": "Is it the same class twice, or are they two?",
}
"""A question for each rule; {before} is the line before, {z} the logit that moves."""
_UNWORKED = "What is each derivative in {before}? Which of its terms contain {z}?"
"""The question if the line before still has derivatives in it."""


def hints(goal: Goal, line: Line, before: Line | None) -> tuple[str, str, str]:
    """Return the three hints for a line, given the one before it.

    Examples
    --------
    >>> goal = Goal("log-softmax", 1, 2)
    >>> before, last = [line for line in goal.lines if line.row.chain][-3:-1]
    >>> hints(goal, last, before)[0]
    'What in 0 - e^z_2 / S is 0, is 1, or has a short name?'
    """
    row = line.row
    pointing = _POINTING.get(row.rule, "What can be done with the line before?")
    nodes = walk(before.right) if before is not None and row.rule == "substitution" else ()
    if any(isinstance(node, Derivative) for node, _ in nodes):
        pointing = _UNWORKED
    written = "the expression" if before is None else goal.written(before.right)
    pointing = pointing.replace("{before}", written).replace("{z}", goal.written(goal.logit))
    rule = f"{row.rule[:1].upper()}{row.rule[1:]}: {row.statement}. {goal.sentence(row.why)}"
    return pointing, rule, f"The line is: {goal.written(line.right)}"
