"""``softmax train``: the command, and the run that its options ask for.

The models and the data are in learning, the pictures in render.
"""

from softmax_cli.commands.train.command import EPILOG, train

__all__ = ["EPILOG", "train"]
