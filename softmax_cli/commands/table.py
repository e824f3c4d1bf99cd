"""The table of subcommands; imports none of them, so that a long list costs no start-up time."""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

PROGRAM = "softmax"
COMPLETION = "_SOFTMAX_COMPLETE"
"""The environment variable by which a shell asks for completions."""


class Command(NamedTuple):
    """A subcommand: a function in a module of the same name, or in `command` of such a folder."""

    name: str
    group: str
    summary: str

    @property
    def module(self) -> ModuleType:
        """The module, imported when it is called; it also has ``EPILOG``, the examples of its help."""
        found = import_module(f"softmax_cli.commands.{self.name}")
        return import_module(f"{found.__name__}.command") if hasattr(found, "__path__") else found

    @property
    def function(self) -> Callable[..., Any]:
        """The function, which takes the words and options of the command line."""
        return getattr(self.module, self.name)  # type: ignore[no-any-return]


COMMANDS = {
    command.name: command
    for command in (
        Command("probs", "Numbers", "Turn logits into probabilities."),
        Command("jacobian", "Numbers", "Give the matrix of all derivatives."),
        Command("sample", "Numbers", "Draw classes at random."),
        Command("loss", "Trust", "Score probabilities against what came true."),
        Command("reliability", "Trust", "Show how far the confidence can be trusted."),
        Command("calibrate", "Trust", "Fit the temperature at which confidence means what it says."),
        Command("derive", "Learning", "Derive dp_i / dz_j step by step, as on a board."),
        Command("explore", "Learning", "Move a logit, and see which probabilities pay."),
        Command("train", "Learning", "Train a small network, and watch the derivative at work."),
        Command("sampled", "Learning", "Set sampled objectives beside the full softmax."),
        Command("practice", "Learning", "Practise the derivative line by line."),
        Command("check", "Checking", "Prove a derivative right, or say what is wrong with it."),
    )
}
"""The subcommands, in the order of the help."""
