"""What the tutor can derive: functions, what follows from softmax, and topics, each with its table.

To add a function or a topic, write its table in `narratives` and add its line here.
"""

from softmax_cli.errors import InputError

NARRATIVES = {
    "softmax": "softmax",
    "log-softmax": "log_softmax",
    "sigmoid": "sigmoid",
    "cross-entropy": "cross_entropy",
}
"""The functions, and their tables."""

GENERAL = frozenset(("softmax", "log-softmax", "cross-entropy"))
"""Those whose first route can be told for any number of classes."""

FOLLOWED = frozenset(("softmax", "cross-entropy"))
"""Those that the follow-ups are about."""

FOLLOW_UPS = ("rows", "columns", "symmetry", "shift", "hessian", "two-classes", "one-over-t", "temperature")
"""The names of what follows from the derivative of softmax, in the order in which they are told."""

TOPICS = ("sampled", "nce", "network", "attention", "temperature")
"""The topics, as ``--function`` has them; their tables have the same names."""

NUMBERS = {
    "sampled": "softmax sampled",
    "nce": "softmax sampled",
    "network": "softmax train --walk",
    "temperature": "softmax calibrate --steps",
}
"""The commands that show the same with numbers."""


def table(function: str) -> str:
    """Return the name of a function's table.

    Raises
    ------
    InputError
        For a function without one.
    """
    check_told(function)
    return NARRATIVES[function]


def check_told(function: str) -> None:
    """Refuse a function that has no narrative."""
    if function not in NARRATIVES:
        raise InputError(
            f"the tutor cannot derive {function} yet",
            where="--function",
            hint=f"one of {', '.join(NARRATIVES)}",
        )
