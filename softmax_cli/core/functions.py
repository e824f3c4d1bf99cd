"""The table of differentiable functions: their names, their modules, and what the other rooms ask of them.

To add a function, write its module beside the others and add its line here; `jacobian` and `check` then
take it by name, and `derive` once the tutor has a narrative for it. No code compares names: what a room needs
to know of a function stands on its line. Reading the table imports no numpy: ``--help`` names the functions.
"""

import importlib
from types import ModuleType
from typing import NamedTuple


class Function(NamedTuple):
    """A differentiable function of logits.

    Parameters
    ----------
    name
        As the command line writes it.
    module
        The module of core that holds `value`, `jacobian` (`gradient` for a scalar function), `jvp` and `vjp`;
        `softmax_cli.core.differentiate` explains their parameters.
    formula
        The function in one line of plain text.
    symbol
        How one of its values is written in a formula.
    output
        What one of its values is, in words.
    values
        What ``check --as`` calls its values, or None where they cannot be checked.
    scalar
        True for a loss: it has one value, takes a target, and its derivative is a gradient.
    elementwise
        True where each value depends on its own logit alone: the Jacobian is diagonal.
    logarithm
        True where its values are logarithms of probabilities.
    shift_invariant
        True where the same number added to every logit changes nothing: each row of the Jacobian sums to 0.
    symmetric
        True where the Jacobian is symmetric.
    """

    name: str
    module: str
    formula: str
    symbol: str = "f_i"
    output: str = "the output"
    values: str | None = None
    scalar: bool = False
    elementwise: bool = False
    logarithm: bool = False
    shift_invariant: bool = False
    symmetric: bool = False

    def load(self) -> ModuleType:
        """Import and return the module that computes it."""
        return importlib.import_module(f"softmax_cli.core.{self.module}")

    @property
    def answers(self) -> tuple[str, ...]:
        """The kinds of answer that can be checked, the usual one first."""
        if self.scalar:
            return ("gradient", "loss")
        return ("jacobian", "vjp", "jvp", *([self.values] if self.values else []))


FUNCTIONS = {
    function.name: function
    for function in (
        Function(
            "softmax",
            "softmax",
            "p_i = exp(z_i / T) / sum_j exp(z_j / T)",
            symbol="p_i",
            output="the probability",
            values="probabilities",
            shift_invariant=True,
            symmetric=True,
        ),
        Function(
            "log-softmax",
            "log_softmax",
            "log p_i = z_i / T - log sum_j exp(z_j / T)",
            symbol="log p_i",
            output="the log-probability",
            values="log-probabilities",
            logarithm=True,
            shift_invariant=True,
        ),
        Function(
            "sigmoid",
            "sigmoid",
            "s_i = 1 / (1 + exp(-z_i / T))",
            symbol="s_i",
            output="the sigmoid",
            values="probabilities",
            elementwise=True,
            symmetric=True,
        ),
        Function(
            "cross-entropy",
            "cross_entropy",
            "L = -log p_target",
            symbol="L",
            output="the loss",
            scalar=True,
            shift_invariant=True,
        ),
    )
}


def losses() -> list[str]:
    """Return the names of the functions that take a target."""
    return [function.name for function in FUNCTIONS.values() if function.scalar]
