"""The command line: one module for each subcommand, or a folder if it needs more.

A command is a short, plain function: its words and options with their defaults, one call into core, tutor,
checking or learning, and one call to show the result. Its annotations declare the options to Typer; they are
strings that only `parsing` evaluates, so that a command with nothing to parse runs without Typer (`app`
decides). `table` names the commands, `command_line` has what options share, `running` leads from words to
results.

To add a command, write its module (in a folder: `command`), with a function of its name and an ``EPILOG`` of
examples, and add its line to ``table.COMMANDS``. No mathematics here, and no printing.
"""
