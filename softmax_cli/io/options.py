"""What the options of a command say about its input."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from softmax_cli.io.table.missing import MissingRows

Note: TypeAlias = Callable[[str], None]
"""Takes a sentence for the user that is not an error."""


def first_given(options: Mapping[str, object]) -> str | None:
    """Return the first option that is given, whose value is not None."""
    return next((option for option, value in options.items() if value is not None), None)


class LabelOptions(NamedTuple):
    """Where the true classes and the weights of rows are; the columns as in ReadOptions.

    Parameters
    ----------
    target
        The class of all rows (``--target``).
    ignore
        The labels whose rows are left out (``--ignore``).
    """

    target: str | None = None
    target_column: str | None = None
    soft: str | None = None
    weight_column: str | None = None
    ignore: tuple[str, ...] = ()

    @property
    def given(self) -> str | None:
        """The option that gives the true classes, or None."""
        return first_given(
            {"--target": self.target, "--target-column": self.target_column, "--soft": self.soft}
        )


class Answers(NamedTuple):
    """Says that a file holds answers to compare, not logits.

    Parameters
    ----------
    keys
        The keys that JSON may hold them under, the likeliest first.
    classes
        The classes of the logits that they belong to.
    """

    keys: tuple[str, ...]
    classes: tuple[str, ...]


class LineMark(NamedTuple):
    """A place in a text, in bytes, and the numbers of lines and of records before it."""

    place: int = 0
    line: int = 0
    row: int = 0


class Part(NamedTuple):
    """A part of a large file, read apart from the others.

    Parameters
    ----------
    size, version
        The file's, from `streams.ranges.size_and_version`.
    rows
        The rows that are meant, 0-based from the first to the second; None for all of its lines.
    begin, end
        The lines of a text among which they are; a Parquet file has none.
    """

    size: int
    version: str
    rows: tuple[int, int] | None = None
    begin: LineMark = LineMark()
    end: LineMark = LineMark()


class ReadOptions(NamedTuple):
    """How to read logits, as the options of a command say.

    Parameters
    ----------
    columns
        The logit columns (``--columns``), given once or several times: see `table.columns.pick`.
    classes
        The classes' names (``--classes``), comma separated.
    header
        Whether the first line is a header; None: find out.
    delimiter
        A character, or one of DELIMITERS; None: find out.
    input_format
        One of INPUT_FORMATS; None: by the file's ending or its first bytes.
    target_column
        The kept column that names the target class; never a logit column.
    weight_column
        The kept column that holds each row's weight; never a logit column.
    soft
        The kept columns that hold a distribution over the classes, picked as ``columns`` are.
    long
        The columns of a long table (``--long``): class and logit, and perhaps row; comma separated.
    decimal
        The decimal sign of delimited text (``--decimal``); None for a point.
    answers
        Set if the numbers are answers to compare, not logits.
    features
        True if the numbers are features that a model learns from, not logits.
    missing
        Counts the rows with a missing value; None if these are errors.
    by_class
        True if each line is meant to be a class of one vector.
    part
        The part of one file that is meant; None for all of it.
    """

    columns: str | Sequence[str] | None = None
    classes: str | None = None
    header: bool | None = None
    delimiter: str | None = None
    input_format: str | None = None
    target_column: str | None = None
    weight_column: str | None = None
    soft: str | None = None
    long: str | None = None
    decimal: str | None = None
    answers: Answers | None = None
    features: bool = False
    missing: "MissingRows | None" = None
    by_class: bool = False
    part: Part | None = None

    def about_columns(self) -> bool:
        """Return whether an option says what some of the columns are for."""
        given = (self.columns, self.target_column, self.weight_column, self.soft, self.long)
        return any(option is not None for option in given)

    def for_text(self) -> str | None:
        """Return a given option that only makes sense for delimited text, or None."""
        return first_given(
            {"--header/--no-header": self.header, "--delimiter": self.delimiter, "--decimal": self.decimal}
        )
