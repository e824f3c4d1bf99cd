"""Where results go, and in which format."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.io.table.batch import Batch


class Delivery(NamedTuple):
    """Where results go, and in which format; a group of options, as those of `groups`."""

    format: opt.Format = None
    output: opt.Output = None
    precision: opt.Precision = None
    resume: opt.Resume = False
    cluster: opt.Cluster = None
    keep_parts: opt.KeepParts = False
    dtype: opt.Dtype = None
    quiet: opt.Quiet = False

    @property
    def is_folder(self) -> bool:
        """Whether there is one result for each file."""
        if self.output is None:
            return False
        from softmax_cli.io.many import is_folder

        return is_folder(self.output)

    @property
    def page(self) -> str | None:
        """The format of a page if one is asked for, by name or by the file's ending."""
        from softmax_cli.io.formats import PAGES

        ending = os.path.splitext(self.output or "")[1].lower()
        return self.format if self.format in PAGES.values() else None if self.format else PAGES.get(ending)

    def computed(self, rows: Iterator[Batch]) -> Iterator[Batch]:
        """Yield the rows in the type to compute in: double for text, unless ``--dtype`` says otherwise."""
        from softmax_cli.io.write import format_for

        dtype = self.dtype
        if dtype is None and not format_for(self.output, self.format, terminal=at_terminal()).binary:
            dtype = "float64"
        return rows if dtype is None else (batch.as_type(dtype) for batch in rows)


def at_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def is_watched() -> bool:
    """Return whether a person can see pictures move and press keys."""
    reading = sys.stdin is not None and sys.stdin.isatty()
    return reading and at_terminal() and os.environ.get("TERM") not in {None, "", "dumb"}
