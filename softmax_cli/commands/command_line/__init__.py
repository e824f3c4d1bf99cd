"""What the command lines of all commands share: options, their groups, completion, what was meant.

To add an option that several commands take, add it to its group in `groups`. Nothing here reads or computes.
"""
