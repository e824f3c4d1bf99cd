"""``softmax train``: the command, and what it needs besides."""

from softmax_cli.commands.train.command import EPILOG, train

__all__ = ["EPILOG", "train"]
