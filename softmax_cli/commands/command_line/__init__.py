"""What the command lines of all commands share: options, their groups and values, completion, what was meant.

To add an option that several commands take, declare it in `options` and add it to its group in `groups`.
Nothing here reads or computes. Only `options`, `completion` and `suggestions` import typer, and only `parsing`
imports them.
"""
