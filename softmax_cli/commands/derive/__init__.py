"""``softmax derive``: the command, and what it needs besides."""

from softmax_cli.commands.derive.command import EPILOG, derive

__all__ = ["EPILOG", "derive"]
