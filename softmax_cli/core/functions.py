"""The table of differentiable functions: a name, and the module that knows its mathematics.

To add a function is to write its module beside the others and to add its line here; `jacobian`, `derive` and
`check` then take it by name. Reading the table imports no numpy, so that ``--help`` can name the functions.
"""

import importlib
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Function:
    """A differentiable function of logits.

    Parameters
    ----------
    name
        As the command line writes it.
    module
        The module of core that holds `value`, `jacobian` (`gradient` for a scalar function), `jvp` and `vjp`.
    formula
        The function in one line of plain text.
    scalar
        True where it gives one number, not one a class: then its derivative is a gradient, and it takes a
        target.
    """

    name: str
    module: str
    formula: str
    scalar: bool = False

    def load(self) -> ModuleType:
        """Import and return the module that computes it."""
        return importlib.import_module(f"softmax_cli.core.{self.module}")


FUNCTIONS = {
    function.name: function
    for function in (
        Function("softmax", "softmax", "p_i = exp(z_i / T) / sum_j exp(z_j / T)"),
        Function("log-softmax", "log_softmax", "log p_i = z_i / T - log sum_j exp(z_j / T)"),
        Function("sigmoid", "sigmoid", "s_i = 1 / (1 + exp(-z_i / T))"),
        Function("cross-entropy", "cross_entropy", "L = -log p_target", scalar=True),
    )
}
