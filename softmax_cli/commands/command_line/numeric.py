"""A command whose arguments may be negative numbers."""

import re
from typing import Any

from typer.core import TyperCommand

_NEGATIVE_NUMBER = re.compile(r"-(?:\d|\.\d|inf(?:inity)?\b|nan\b)", re.IGNORECASE)


class NumericCommand(TyperCommand):
    """A Typer command that takes ``-0.4``, ``-.5``, ``-1e-3`` and ``-inf`` for arguments, not for options.

    ``ignore_unknown_options`` will not do: it reads ``-inf`` as ``-i -n -f``, and a misspelt option as a
    number.
    """

    def make_parser(self, ctx: Any) -> Any:
        """Return Typer's parser, told to pass numbers by."""
        parser: Any = super().make_parser(ctx)
        process_option = parser._process_opts  # the one private name used; Typer's upper bound guards it

        def number_or_option(argument: str, state: Any) -> None:
            if _NEGATIVE_NUMBER.match(argument):
                state.largs.append(argument)
            else:
                process_option(argument, state)

        parser._process_opts = number_or_option
        return parser
