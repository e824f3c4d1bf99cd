"""What command lines share: options, their groups and values, completion, suggestions for misspelt words.

To add an option that several commands take, declare it in `options` and add it to its group in `groups`.
Nothing here reads or computes. `options`, `completion` and `suggestions` import typer, and only `parsing`
imports them.
"""
