"""``softmax derive``: the command, and the request that its options and logits make.

The tutor derives, and render draws: a new topic or narrative needs nothing here.
"""

from softmax_cli.commands.derive.command import EPILOG, derive

__all__ = ["EPILOG", "derive"]
