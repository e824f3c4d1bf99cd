"""The functions that the tutor can derive, each with its routes. To add one is one module, and its line here.

A module holds `claim(case)`, what is worked out; `definitions(case)`, what the names stand for; and
`ROUTES`, the narratives by name, the first the usual one: functions of a `Case` that yield the steps.
"""

from types import ModuleType

from softmax_cli.tutor.narratives import cross_entropy, log_softmax, sigmoid, softmax

FUNCTIONS: dict[str, ModuleType] = {
    "softmax": softmax,
    "log-softmax": log_softmax,
    "sigmoid": sigmoid,
    "cross-entropy": cross_entropy,
}
