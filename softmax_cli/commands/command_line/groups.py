"""Groups of options that commands share: a command takes a group as one parameter.

A parameter ``reading: Reading = Reading()`` stands for the options of the group. A new option of a group is
added to its class, and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.delivery import Delivery
from softmax_cli.errors import InputError
from softmax_cli.io.options import LabelOptions, ReadOptions

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt


class Labels(NamedTuple):
    """Where the true classes and the weights are, for a command that needs them."""

    target: opt.Target = None
    target_column: opt.TargetColumn = None
    soft: opt.Soft = None
    weight_column: opt.WeightColumn = None
    ignore: opt.Ignore = None

    def options(self) -> LabelOptions:
        """Return the options for io, of which only one may give the true classes."""
        val.at_most_one(target=self.target, target_column=self.target_column, soft=self.soft)
        if self.ignore and self.target_column is None:
            raise InputError("there is no column of labels", where="--ignore", hint="--target-column COLUMN")
        ignore = tuple(self.ignore or ())
        return LabelOptions(self.target, self.target_column, self.soft, self.weight_column, ignore)


class Reading(NamedTuple):
    """How logits are read."""

    columns: opt.Columns = None
    classes: opt.Classes = None
    long: opt.Long = None
    header: opt.Header = None
    delimiter: opt.Delimiter = None
    decimal: opt.Decimal = None
    input_format: opt.InputFormat = None

    def options(self, labels: LabelOptions | None = None) -> ReadOptions:
        """Return the options for io, with the columns of labels and weights if there are any."""
        labels = labels or LabelOptions()
        val.at_most_one(columns=self.columns, long=self.long)
        if self.decimal not in (None, ".", ","):
            what = f"{self.decimal!r} is not a decimal sign"
            raise InputError(what, where="--decimal", hint="a comma or a point")
        return ReadOptions(
            **self._asdict(),
            target_column=labels.target_column,
            weight_column=labels.weight_column,
            soft=labels.soft,
        )


class LocalDelivery(Delivery):
    """The same for a command that runs on one machine."""

    cluster: opt.NoCluster


class PageDelivery(Delivery):
    """The same for results that can be explained on a page."""

    format: opt.PageFormat
