"""The user's code: loaded from a file, made into subjects, and run so that it cannot take the program down.

It runs here and nowhere else, through `running.run`, under its limits. Nothing here knows a formula.
"""
