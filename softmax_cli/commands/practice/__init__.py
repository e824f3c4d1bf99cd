"""``softmax practice``: the command, and what it needs besides."""

from softmax_cli.commands.practice.command import EPILOG, practice

__all__ = ["EPILOG", "practice"]
