"""The Typer application: the subcommands, and what all of them share."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from softmax_cli.commands import check, jacobian, probs
from softmax_cli.commands.numeric import NumericCommand
from softmax_cli.errors import ExitCode, InputError

app = typer.Typer(
    name="softmax",
    help="The calculator and tutor for the softmax function and its derivative.",
    epilog="""\b
Examples:
  softmax probs 1.43 -0.4 0.23 --classes setosa,versicolor,virginica
  softmax jacobian 1.43 -0.4 0.23
  softmax COMMAND --help
""",
    rich_markup_mode=None,  # plain help starts twice as fast, and can be searched with grep
    pretty_exceptions_enable=False,
    invoke_without_command=True,
)
for name, module in (("probs", probs), ("jacobian", jacobian), ("check", check)):
    app.command(name, cls=NumericCommand, epilog=module.EPILOG)(getattr(module, name))


def _show_version(wanted: bool) -> None:
    if wanted:
        from softmax_cli._version import __version__

        typer.echo(f"softmax {__version__}")
        raise typer.Exit


@app.callback()
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
    """
    try:
        code = app(list(arguments), prog_name="softmax", standalone_mode=False, terminal_width=_help_width())
    except typer.TyperException as error:
        raise _as_input_error(error) from error
    return code if isinstance(code, int) else ExitCode.OK


def _help_width() -> int:
    """Return the width that help is laid out for: the terminal's, or 80 where nobody looks."""
    try:
        return max(40, min(100, os.get_terminal_size(sys.stdout.fileno()).columns))
    except (OSError, ValueError, AttributeError):
        return 80


def _as_input_error(error: typer.TyperException) -> InputError:
    message = error.format_message()
    context: typer.Context | None = getattr(error, "ctx", None)
    command = "softmax" if context is None else context.command_path
    return InputError(f"{message[:1].lower()}{message[1:].rstrip('.')}", hint=f"{command} --help")
