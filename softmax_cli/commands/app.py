"""The way into every command: called at once if there is nothing to parse, else through Typer."""

import os
from collections.abc import Callable, Sequence
from typing import Any

from softmax_cli.commands.command_line.words import is_option
from softmax_cli.commands.table import COMMANDS, COMPLETION
from softmax_cli.errors import ExitCode


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code.

    A command is a plain function whose defaults are those of its options, and whose ``logits`` are the words
    of the command line. If no word can be an option, it is called directly, without Typer, whose import takes
    half as long as numpy's.
    """
    command = without_options(arguments)
    if command is None:
        from softmax_cli.commands.parsing import parsed

        code = parsed(arguments)
    else:
        code = command(list(arguments[1:]))
    return code if isinstance(code, int) else ExitCode.OK


def without_options(arguments: Sequence[str]) -> Callable[[list[str]], Any] | None:
    """Return the command if all the other words are its logits; None if there is something to parse."""
    if not arguments or arguments[0] not in COMMANDS or COMPLETION in os.environ:
        return None
    if any(map(is_option, arguments[1:])):
        return None
    function = COMMANDS[arguments[0]].function
    return function if function.__code__.co_varnames[0] == "logits" else None
