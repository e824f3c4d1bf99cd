"""The functions that the tutor can derive, each with the module that tells how.

To add a function, write its module in `narratives` and add its line here. A module holds ``claim(case)``,
what is worked out; ``definitions(case)``, what the names stand for; ``MEANING``, what the answer says for
i = j, for i != j, and for any i and j; and ``ROUTES``, the narratives by name, the usual one first: functions
of a `Case` that yield the steps.
``GENERAL = True`` says that its usual route can be told for any number of classes, ``FOLLOW_UPS = True`` that
the follow-ups are about it.
"""

from importlib import import_module
from types import ModuleType

from softmax_cli.errors import InputError

NARRATIVES = {
    "softmax": "softmax",
    "log-softmax": "log_softmax",
    "sigmoid": "sigmoid",
    "cross-entropy": "cross_entropy",
}

FOLLOW_UPS = ("rows", "columns", "symmetry", "shift", "hessian", "two-classes", "one-over-t", "temperature")
"""The names of what follows from the derivative of softmax, in the order in which they are told."""


def narrative(function: str) -> ModuleType:
    """Import and return the module that tells a function's derivation.

    Raises
    ------
    InputError
        For a function without one.
    """
    check_told(function)
    return import_module(f"softmax_cli.tutor.narratives.{NARRATIVES[function]}")


def check_told(function: str) -> None:
    """Refuse a function that has no narrative, before sympy is imported."""
    if function not in NARRATIVES:
        raise InputError(
            f"the tutor cannot derive {function} yet",
            where="--function",
            hint=f"one of {', '.join(NARRATIVES)}",
        )
