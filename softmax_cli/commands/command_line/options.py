"""The options that commands share: each declared once, with its help and its completion."""

import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, TypeAlias

import typer

from softmax_cli.core.functions import FUNCTIONS, Function, losses
from softmax_cli.errors import InputError
from softmax_cli.io.formats import DELIMITERS, FORMATS, INPUT_FORMATS

DTYPES = ("float32", "float64")
_COUNT = re.compile(r"0*[1-9][0-9]{0,8}")


def values(names: tuple[str, ...]) -> Callable[[str], list[str]]:
    """Return a completion that offers `names`."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in names if name.startswith(incomplete)]

    return complete


def _files_and_folders(incomplete: str) -> list[str]:
    """Complete a path; what reads as a number needs no completion."""
    folder, start = os.path.split(incomplete)
    try:
        names = sorted(os.listdir(folder or "."))
    except OSError:
        return []
    found = [name for name in names if name.startswith(start) and (start or not name.startswith("."))]
    paths = [os.path.join(folder, name) for name in found]
    return [f"{path}/" if os.path.isdir(path) else path for path in paths]


Logits: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[LOGITS]...",
        help="Numbers (1.43 -0.4 0.23), named numbers (setosa=1.43 ...), files (.csv .tsv .txt .json .jsonl "
        ".npy .parquet .arrow; .gz .zst), or - for standard input, read too when something is piped "
        "in.",
        show_default=False,
        autocompletion=_files_and_folders,
    ),
]
Columns: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        "-c",
        metavar="COLUMNS",
        help="The logit columns: names, 1-based numbers, ranges (3-5, 3-), globs ('digit_*'), and what to "
        "leave out ('!id'); may be given again. The others are kept.",
    ),
]
Classes: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--classes",
        metavar="A,B,C",
        help="Names of the classes, if the input has none or others.",
    ),
]
Temperature: TypeAlias = Annotated[
    str, typer.Option("--temperature", "-T", metavar="T", help="softmax(z / T), T > 0.")
]
TemperatureOrCalibration: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--temperature", "-T", metavar="T", help="softmax(z / T), T > 0. Default: 1, or the calibration's."
    ),
]
Format: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help=f"One of {', '.join(FORMATS)}. Default: by the ending of --output, else a table at a terminal "
        "and csv in a pipe.",
        autocompletion=values(FORMATS),
    ),
]
Output: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to FILE, all or nothing; format by its ending (.csv.gz, .csv.zst compress). - is "
        "standard output, FOLDER/ takes one result for each file.",
        autocompletion=_files_and_folders,
    ),
]
Precision: TypeAlias = Annotated[
    str | None,
    typer.Option("--precision", metavar="N", help="Round machine formats to N significant digits."),
]
Header: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--header/--no-header",
        help="Whether the first line names the columns (default: when a cell is no number).",
        show_default=False,
    ),
]
Delimiter: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--delimiter",
        metavar="CHARACTER",
        help=f"The character between cells, or one of {', '.join(DELIMITERS)} (default: sniffed).",
        autocompletion=values(DELIMITERS),
    ),
]
InputFormat: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--input-format",
        metavar="FORMAT",
        help=f"One of {', '.join(INPUT_FORMATS)} (default: by the file's ending, or sniffed).",
        autocompletion=values(INPUT_FORMATS),
    ),
]
Resume: TypeAlias = Annotated[
    bool, typer.Option("--resume", help="With -o FOLDER/: skip the files whose result is there and newer.")
]
Long: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--long",
        metavar="CLASS,LOGIT[,ROW]",
        help="The columns of a table with one line a class; lines of one ROW are one vector.",
    ),
]
Decimal: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--decimal",
        metavar="SIGN",
        help="The decimal sign of delimited text: . (default) or a comma.",
        autocompletion=values((".", ",")),
    ),
]
Dtype: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--dtype",
        metavar="TYPE",
        help=f"Compute in {' or '.join(DTYPES)} (default: text in float64, binary formats as the input).",
        autocompletion=values(DTYPES),
    ),
]
Cluster: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="With -o FOLDER/: run a task a file on Dask, by its scheduler's address or file.",
    ),
]
Quiet: TypeAlias = Annotated[bool, typer.Option("--quiet", "-q", help="No notes and no progress on stderr.")]
FunctionName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--function",
        metavar="NAME",
        help=f"One of {', '.join(FUNCTIONS)}.",
        autocompletion=values(tuple(FUNCTIONS)),
    ),
]
Target: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--target",
        metavar="CLASS",
        help=f"The true class, by name or 1-based number ({', '.join(losses())}).",
    ),
]
TargetColumn: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--target-column", metavar="COLUMN", help="The column that holds the true class of each row."
    ),
]


WeightColumn: TypeAlias = Annotated[
    str | None,
    typer.Option("--weight-column", metavar="COLUMN", help="The column that holds the weight of each row."),
]
Soft: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--soft",
        metavar="COLUMNS",
        help="The columns that hold a distribution over the classes, in place of one true class.",
    ),
]
Ignore: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="LABEL",
        help="Leave out the rows with this label, such as -100; may be repeated.",
    ),
]
From: TypeAlias = Annotated[
    str,
    typer.Option(
        "--from",
        metavar="KIND",
        help="What the numbers are: logits, or probs (probabilities).",
        autocompletion=values(("logits", "probs")),
    ),
]
CalibrationFile: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--calibration",
        metavar="FILE",
        help="Apply what `softmax calibrate -o FILE` wrote.",
        autocompletion=_files_and_folders,
    ),
]


def positive(text: str, option: str) -> float:
    """Return the number that an option like ``--temperature`` holds.

    Raises
    ------
    InputError
        Unless it is a finite number above 0.
    """
    from softmax_cli.io.cells.numbers import NotANumberError, read_number

    try:
        number = read_number(text)
    except NotANumberError:
        number = 0.0
    if not 0.0 < number < float("inf"):
        raise InputError(f"{text!r} is not a finite number above 0", where=option)
    return number


def whole(text: str | None, option: str, *, least: int = 1) -> int | None:
    """Return the count that an option like ``--top`` holds, or None where it is not given.

    Raises
    ------
    InputError
        Unless it is a whole number from 1 to 999,999,999.
    """
    if text is None:
        return None
    if not _COUNT.fullmatch(text):
        raise InputError(f"{text!r} is not a whole number above 0", where=option)
    return int(text)


def count(text: str, option: str) -> int:
    """Return the whole number, 0 among them, that an option like ``--seed`` holds.

    Raises
    ------
    InputError
        Unless it is a whole number from 0 to 999,999,999.
    """
    if not re.fullmatch(r"0*[0-9]{1,9}", text):
        raise InputError(f"{text!r} is not a whole number", where=option)
    return int(text)


def not_negative(text: str, option: str) -> float:
    """Return the finite number, 0 among them, that an option like ``--l2`` holds.

    Raises
    ------
    InputError
        Unless it is one.
    """
    from softmax_cli.io.cells.numbers import NotANumberError, read_number

    try:
        number = read_number(text)
    except NotANumberError:
        number = -1.0
    if not 0.0 <= number < float("inf"):
        raise InputError(f"{text!r} is not a finite number of at least 0", where=option)
    return number


def one_of(word: str, known: tuple[str, ...], option: str) -> str:
    """Return a word that is among those known.

    Raises
    ------
    InputError
        Where it is not.
    """
    if word not in known:
        from softmax_cli.io.cells.wording import unknown

        raise unknown(word, known, option.lstrip("-"), where=option)
    return word


def function(name: str, target: str | None) -> Function:
    """Return the line of the function table that ``--function`` names.

    Parameters
    ----------
    name
        What the option says.
    target
        The option that gives the true class, or None.

    Raises
    ------
    InputError
        For an unknown name; and unless a target is given exactly where the function needs one.
    """
    found = FUNCTIONS.get(name)
    if found is None:
        raise InputError(f"no function {name!r}", where="--function", hint=f"one of {', '.join(FUNCTIONS)}")
    if found.scalar and target is None:
        raise InputError(f"{name} needs the true class", hint="--target CLASS or --target-column COLUMN")
    if target is not None and not found.scalar:
        raise InputError(f"{name} takes no target", where=target, hint=f"--function {losses()[0]}")
    return found


def listed(names: Sequence[str]) -> str:
    """Return names as a list in words: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def at_most_one(**given: bool) -> None:
    """Refuse options that exclude each other, named by their keywords."""
    chosen = [f"--{name.replace('_', '-')}" for name, value in given.items() if value]
    if len(chosen) > 1:
        raise InputError(f"{' and '.join(chosen)} do not go together")


def need_logits(logits: list[str] | None, example: str) -> list[str]:
    """Return the words of the command line, or refuse to wait for a person to type a CSV file."""
    if not logits and (sys.stdin is None or sys.stdin.isatty()):
        raise InputError("no logits: give numbers, name a file, or pipe one in", hint=example)
    return logits or []
