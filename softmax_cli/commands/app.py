"""The way into every command: called at once where there is nothing to parse, else through Typer."""

import os
from collections.abc import Callable, Sequence
from typing import Any

from softmax_cli.commands.command_line.words import is_option
from softmax_cli.commands.table import COMMANDS, COMPLETION
from softmax_cli.errors import ExitCode


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code.

    A command is a plain function: its defaults are those of its options, and its ``logits`` are the words of
    the command line. Where no word can be an option, it is called as it is, and Typer, which takes as long to
    import as half of numpy, stays away.

    Raises
    ------
    SoftmaxError
        As the command does; for a command line that the options' declarations refuse.
    """
    command = without_options(arguments)
    if command is None:
        from softmax_cli.commands.parsing import parsed

        code = parsed(arguments)
    else:
        code = command(list(arguments[1:]))
    return code if isinstance(code, int) else ExitCode.OK


def without_options(arguments: Sequence[str]) -> Callable[[list[str]], Any] | None:
    """Return the command whose logits all the other words are; None where there is something to parse."""
    if not arguments or arguments[0] not in COMMANDS or COMPLETION in os.environ:
        return None
    if any(map(is_option, arguments[1:])):
        return None
    function = COMMANDS[arguments[0]].function
    return function if function.__code__.co_varnames[0] == "logits" else None
