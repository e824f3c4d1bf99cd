"""``softmax practice``: the command, one line read or marked, and a session of exercises.

Exercises, marking and hints are in tutor; what is kept between days is in io.
"""

from softmax_cli.commands.practice.command import EPILOG, practice

__all__ = ["EPILOG", "practice"]
