"""``softmax check``: the command, and what it needs besides.

`question` is what was asked, `run` and `functions` get the verdict, `deliver`, `document` and `sweep` hand it
over, `derive_hint` finds the derivation to recommend.
What is right or wrong is decided in checking, not here.
"""

from softmax_cli.commands.check.command import EPILOG, check

__all__ = ["EPILOG", "check"]
