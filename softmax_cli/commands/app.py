"""The Typer application: the subcommands, and what all of them share."""

import os
import sys
from collections.abc import Collection, Sequence
from importlib import import_module
from itertools import groupby
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup

from softmax_cli.commands.command_line import completion
from softmax_cli.commands.command_line.numeric import NumericCommand
from softmax_cli.errors import ExitCode, ReaderGoneError

PROGRAM = "softmax"


class Command(NamedTuple):
    """A subcommand: the function of its name in the module of its name, imported when it is called."""

    name: str
    group: str
    summary: str


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


class _Grouped(TyperGroup):
    """A group that lists its commands under their headings."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, a section for each of their groups."""
        width = max(map(len, COMMANDS))
        for group, commands in groupby(COMMANDS.values(), key=lambda command: command.group):
            with formatter.section(group):
                formatter.write_dl([(f"{name:{width}}", summary) for name, _, summary in commands])


def _app(loaded: Collection[str]) -> typer.Typer:
    """Return the application; of the subcommands that are not `loaded` it knows the name alone."""
    app = typer.Typer(
        name="softmax",
        cls=_Grouped,
        help="The calculator and tutor for the softmax function and its derivative.",
        epilog="""\b
Examples:
  softmax probs 1.43 -0.4 0.23 --classes setosa,versicolor,virginica
  softmax jacobian 1.43 -0.4 0.23
  softmax help COMMAND
""",
        rich_markup_mode=None,  # plain help starts twice as fast, and can be searched with grep
        pretty_exceptions_enable=False,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name in COMMANDS:
        if name in loaded:
            module = import_module(f"softmax_cli.commands.{name}")
            app.command(name, cls=NumericCommand, epilog=module.EPILOG)(getattr(module, name))
        elif not loaded:
            app.command(name)(_root)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        from softmax_cli._version import __version__

        typer.echo(f"softmax {__version__}")
        raise typer.Exit


def _root(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code.

    Raises
    ------
    InputError
        For a command line that the options' declarations refuse; a command raises its own errors.
    ReaderGoneError
        For a closed pipe, which Typer would end with 1.
    """
    arguments = list(arguments)
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:2], "--help"]
    if len(arguments) == 2 and arguments[0] in completion.OPTIONS:
        completion.install_or_show(arguments, PROGRAM)
        return ExitCode.OK
    known = [word for word in arguments if word in COMMANDS][:1]
    app = _app(COMMANDS if f"_{PROGRAM.upper()}_COMPLETE" in os.environ else known)
    try:
        code = app(arguments, prog_name=PROGRAM, standalone_mode=False, terminal_width=_help_width())
    except typer.TyperException as error:
        from softmax_cli.commands.command_line.suggestions import as_input_error

        raise as_input_error(error, known, COMMANDS) from error
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):
            raise ReaderGoneError("the reader of the output went away") from error
        raise
    return code if isinstance(code, int) else ExitCode.OK


def _help_width() -> int:
    """Return the width that help is laid out for: the terminal's, or 80 where nobody looks."""
    try:
        return max(40, min(100, os.get_terminal_size(sys.stdout.fileno()).columns))
    except (OSError, ValueError, AttributeError):
        return 80
