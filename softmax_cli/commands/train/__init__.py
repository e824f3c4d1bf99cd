"""``softmax train``: the command, and the run that its options ask for.

Models and data are in learning, pictures in render.
"""

from softmax_cli.commands.train.command import EPILOG, train

__all__ = ["EPILOG", "train"]
