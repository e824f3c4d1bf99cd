"""Hints, three a step, made from the rule of the line: a question, the rule, the line itself."""

from softmax_cli.tutor.exercises.goal import Goal, Line

_POINTING = {
    "definition": "What does the name stand for?",
    "quotient": "It is a fraction, f / g. Which rule is for a fraction?",
    "exponential": "What is the derivative of e to the power of x?",
    "constant": "Does it contain the logit that moves?",
    "constant multiple": "Which number stands in front of what moves?",
    "sum": "Which of the terms contain {z}?",
    "logarithm": "What is inside the logarithm, and what is the derivative of that?",
    "logarithm of a quotient": "What does a logarithm make of a quotient?",
    "chain": "What is the outer function, and what is the inner one?",
    "substitution": "What do the names in the line before stand for?",
    "factoring": "What do all terms have in common?",
    "splitting": "Which two fractions is it the product of?",
    "cancelling": "What cancels, and what is 0?",
    "simplifying": "Which terms are 0, and which factors are 1?",
    "one-hot target": "What do the y add up to, when one of them is 1?",
    "Kronecker delta": "Is it the same class twice, or are they two?",
}
"""A question for each rule; {z} is the logit that moves."""


def hints(goal: Goal, line: Line) -> tuple[str, str, str]:
    """Return the three hints for a line.

    Examples
    --------
    >>> goal = Goal("log-softmax", 1, 2)
    >>> last = [line for line in goal.lines if line.row.chain][-2]
    >>> hints(goal, last)[2]
    'The line is: -p_2'
    """
    row = line.row
    pointing = _POINTING.get(row.rule, "What can be done with the line before?")
    logit = f"z_{goal.classes[goal.wrt - 1]}"
    rule = f"{row.rule[:1].upper()}{row.rule[1:]}: {row.statement}. {goal.sentence(row.why)}"
    return pointing.replace("{z}", logit), rule, f"The line is: {goal.written(line.right)}"
