"""The Typer application: the subcommands, and what all of them share."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from softmax_cli.commands.numeric import NumericCommand
from softmax_cli.errors import ExitCode, InputError, ReaderGoneError

COMMANDS = ("probs", "jacobian", "derive", "check")
"""The subcommands: each is the function of that name in the module of that name."""


def _app(names: Sequence[str]) -> typer.Typer:
    """Return the application with some of the subcommands: a run needs one, and starts sooner so."""
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
    app.callback()(_root)
    for name in names:
        module = import_module(f"softmax_cli.commands.{name}")
        app.command(name, cls=NumericCommand, epilog=module.EPILOG)(getattr(module, name))
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
    known = [word for word in arguments[:1] if word in COMMANDS]
    app = _app(known or COMMANDS)
    try:
        code = app(list(arguments), prog_name="softmax", standalone_mode=False, terminal_width=_help_width())
    except typer.TyperException as error:
        raise _as_input_error(error, known) from error
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


def _as_input_error(error: typer.TyperException, known: Sequence[str]) -> InputError:
    message = error.format_message()
    return InputError(
        f"{message[:1].lower()}{message[1:].rstrip('.')}", hint=" ".join(["softmax", *known, "--help"])
    )
