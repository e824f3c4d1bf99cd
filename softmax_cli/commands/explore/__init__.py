"""``softmax explore``: the command, and what it needs besides."""

from softmax_cli.commands.explore.command import EPILOG, explore

__all__ = ["EPILOG", "explore"]
