"""``--install-completion SHELL`` and ``--show-completion SHELL``; Typer's own would detect the shell."""

from collections.abc import Sequence

import typer

from softmax_cli.commands.table import COMPLETION, PROGRAM
from softmax_cli.errors import InputError

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
OPTIONS = ("--install-completion", "--show-completion")


def install_or_show(arguments: Sequence[str]) -> None:
    """Install completion for the named shell, or print its script."""
    from typer._completion_shared import get_completion_script, install  # Typer's upper bound guards it

    option, shell = arguments
    if shell not in SHELLS:
        raise InputError(f"no completion for {shell!r}", where=option, hint=f"one of {', '.join(SHELLS)}")
    if option == "--show-completion":
        typer.echo(get_completion_script(prog_name=PROGRAM, complete_var=COMPLETION, shell=shell))
        return
    _, path = install(shell=shell, prog_name=PROGRAM, complete_var=COMPLETION)
    typer.echo(f"{shell} completion installed in {path}")
    typer.echo("It takes effect in the next shell")
