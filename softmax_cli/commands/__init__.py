"""The command line: one module a subcommand, a folder where it needs more.

A command is short: its options, one call into core, tutor, checking or learning, one call to show. `app` has
the table of commands, which imports a module when it is called; `command_line` has what options share,
`running` the way from words to results. To add a command, write its module, with a function of its name and
an ``EPILOG`` of examples, and add its line to ``app.COMMANDS``. No mathematics here, and no printing.
"""
