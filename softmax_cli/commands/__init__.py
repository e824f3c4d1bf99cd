"""The command line: one module a subcommand, a folder where it needs more.

A command is a plain function, and short: its words and options with their defaults, one call into core,
tutor, checking or learning, one call to show. Its annotations declare the options to Typer; they are text,
which `parsing` alone evaluates, so that a command with nothing to parse runs without Typer (`app` decides).
`table` names the commands, `command_line` has what options share, `running` the way from words to results.

To add a command, write its module, with a function of its name and an ``EPILOG`` of examples, and add its
line to ``table.COMMANDS``. No mathematics here, and no printing.
"""
