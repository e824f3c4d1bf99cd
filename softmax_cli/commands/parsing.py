"""Command lines with options: the Typer application, made from the table and the commands' signatures.

Annotations of commands are evaluated only here: ``opt`` in them stands for `command_line.options`, which
imports typer, and which no command imports.
"""

import inspect
import os
import sys
from collections.abc import Callable, Collection, Sequence
from functools import cache, wraps
from itertools import groupby
from typing import Annotated, Any, TypeVar, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from softmax_cli.commands.command_line import completion, options
from softmax_cli.commands.command_line.words import is_option
from softmax_cli.commands.table import COMMANDS, COMPLETION, PROGRAM
from softmax_cli.errors import ExitCode, ReaderGoneError

Ended = TypeVar("Ended")


class _Grouped(TyperGroup):
    """A group that lists its commands under their headings."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, one section for each group."""
        width = max(map(len, COMMANDS))
        for group, commands in groupby(COMMANDS.values(), key=lambda command: command.group):
            with formatter.section(group):
                formatter.write_dl([(f"{name:{width}}", summary) for name, _, summary in commands])


class _Numeric(TyperCommand):
    """A Typer command that takes ``-0.4``, ``-.5``, ``-1e-3`` and ``-inf`` as arguments, not as options.

    ``ignore_unknown_options`` would read ``-inf`` as ``-i -n -f``, and a misspelt option as a number.
    """

    def make_parser(self, ctx: Any) -> Any:
        """Return Typer's parser, changed to let numbers pass."""
        parser: Any = super().make_parser(ctx)
        process_option = parser._process_opts  # the one private name used; Typer's upper bound guards it

        def number_or_option(argument: str, state: Any) -> None:
            if is_option(argument):
                process_option(argument, state)
            else:
                state.largs.append(argument)

        parser._process_opts = number_or_option
        return parser


def parsed(arguments: Sequence[str]) -> Any:
    """Run a command line that may hold options, and return what the command returns, or an exit code.

    Raises
    ------
    InputError
        For a command line that does not fit the options' declarations; a command raises its own errors.
    ReaderGoneError
        For a closed pipe, which would be exit code 1 in Typer.
    """
    arguments = list(arguments)
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:2], "--help"]
    if len(arguments) == 2 and arguments[0] in completion.OPTIONS:
        completion.install_or_show(arguments)
        return ExitCode.OK
    known = [word for word in arguments if word in COMMANDS][:1]
    group = _group(tuple(COMMANDS if COMPLETION in os.environ else known))
    try:
        return group(arguments, prog_name=PROGRAM, standalone_mode=False, terminal_width=_help_width())
    except typer.TyperException as error:
        from softmax_cli.commands.command_line.suggestions import as_input_error

        raise as_input_error(error, known) from error
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):
            raise ReaderGoneError("the reader of the output went away") from error
        raise


@cache
def _group(loaded: Sequence[str]) -> Any:
    return typer.main.get_command(application(loaded))


def application(loaded: Collection[str]) -> typer.Typer:
    """Return the application; of subcommands that are not `loaded`, it knows only the name."""
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
    for command in COMMANDS.values():
        if command.name in loaded:
            epilog = command.module.EPILOG
            app.command(command.name, cls=_Numeric, epilog=epilog)(declared(command.function))
        elif not loaded:
            app.command(command.name)(_root)
    return app


def declared(command: Callable[..., Ended]) -> Callable[..., Ended]:
    """Return a command with its annotations evaluated, and each group replaced by its options.

    The command is still called with the groups themselves.
    """
    hints = _declarations(command)
    parameters: list[inspect.Parameter] = []
    groups: dict[str, Any] = {}
    for name, parameter in inspect.signature(command).parameters.items():
        group = hints[name]
        if not hasattr(group, "_fields"):
            parameters.append(parameter.replace(annotation=group))
            continue
        groups[name] = group
        hints |= _declarations(group)
        parameters += [
            inspect.Parameter(option, parameter.kind, default=default, annotation=hints[option])
            for option, default in group._field_defaults.items()
        ]
    parameters = [parameter.replace(default=_as_text(parameter.default)) for parameter in parameters]

    @wraps(command)
    def expanded(**given: Any) -> Ended:
        for name, group in groups.items():
            given[name] = group(**{option: given.pop(option) for option in group._fields})
        return command(**given)

    expanded.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    expanded.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return expanded


def _as_text(default: object) -> object:
    """Return a number as one would type it: that is what help shows, and what is read."""
    is_number = isinstance(default, int | float) and not isinstance(default, bool)
    return repr(default).removesuffix(".0") if is_number else default


def _declarations(annotated: Any) -> dict[str, Any]:
    return get_type_hints(annotated, localns={"opt": options}, include_extras=True)


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


def _help_width() -> int:
    """Return the width of help texts: the terminal's, or 80 without one."""
    try:
        return max(40, min(100, os.get_terminal_size(sys.stdout.fileno()).columns))
    except (OSError, ValueError, AttributeError):
        return 80
