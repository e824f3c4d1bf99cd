"""Somebody's code: loaded from a file, made into subjects, and run so that it cannot take us down.

User code is run here and nowhere else: through `running.run`, under its limits. Nothing here knows a formula.
"""
