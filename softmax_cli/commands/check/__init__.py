"""``softmax check``: the command, and what it needs besides."""

from softmax_cli.commands.check.command import EPILOG, check

__all__ = ["EPILOG", "check"]
