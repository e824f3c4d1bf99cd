"""The options that commands share, each declared once with its help and its completion."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, TypeAlias

import typer

from softmax_cli.commands.command_line import values as val
from softmax_cli.core.functions import FUNCTIONS, losses
from softmax_cli.errors import InputError
from softmax_cli.io.formats import DELIMITERS, FORMATS, INPUT_FORMATS

Completion: TypeAlias = Callable[[str], list[str]]
"""Completes the beginning of a word."""
Read: TypeAlias = Callable[[str, str], Any]
"""Reads the text of the option that it is given the name of, as those of `values` do."""
DTYPES = ("float32", "float64")
_BY_PLACE = " Default: by the ending of --output, else a table at a terminal and csv in a pipe."


def value(
    names: str, metavar: str, help: str, complete: Completion | None = None, read: Read | None = None
) -> Any:
    """Declare an option with a value, its text or what is `read` from it, by its `names` between blanks."""
    option, *_ = declared = names.split()

    def told(given: Any) -> Any:
        if read is None or given is None:
            return given
        return [read(one, option) for one in given] if isinstance(given, list) else read(given, option)

    how: dict[str, Any] = {} if read is None else {"parser": str, "callback": told}
    return typer.Option(*declared, metavar=metavar, help=help, autocompletion=complete, **how)


positive = partial(value, read=val.positive)
not_negative = partial(value, read=val.not_negative)
whole = partial(value, read=val.whole)
count = partial(value, read=val.count)
"""Declare options whose values are numbers, as `values` reads them."""


def choice(names: str, known: Sequence[str], metavar: str, help: str, read: Read | None = None) -> Any:
    """Declare an option whose value may be one of the `known`, which help lists at ``{}``."""
    return value(names, metavar, help.format(", ".join(known)), offered(known), read)


def one_of(names: str, known: Sequence[str], metavar: str, help: str, noun: str = "") -> Any:
    """Declare an option whose value is one of the `known`; the error calls another one a `noun`."""
    return choice(names, known, metavar, help, partial(val.one_of, known=known, noun=noun))


def format_among(known: Sequence[str], default: str) -> Any:
    """Declare ``--format``, whose help ends with the `default`."""
    return choice("--format -f", known, "FORMAT", f"One of {{}}.{default}")


def flag(names: str, help: str) -> Any:
    """Declare an option without a value."""
    return typer.Option(*names.split(), help=help, show_default=False)


def argument(metavar: str, help: str, complete: Completion | None = None) -> Any:
    """Declare words of the command line that are not options."""
    return typer.Argument(metavar=metavar, help=help, show_default=False, autocompletion=complete)


def offered(names: Sequence[str] | Callable[[], Sequence[str]], *, several: bool = False) -> Completion:
    """Return a completion of `names`, or of the comma-separated `several` of them.

    The names may come from a function, which is called when the shell asks, since it may load much.
    """

    def complete(incomplete: str) -> list[str]:
        before, comma, start = incomplete.rpartition(",") if several else ("", "", incomplete)
        known = names() if callable(names) else names
        return [f"{before}{comma}{name}" for name in known if name.startswith(start)]

    return complete


def files_and_folders(incomplete: str) -> list[str]:
    """Complete a path."""
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
    argument(
        "[LOGITS]...",
        "Numbers (1.43 -0.4 0.23), named numbers (setosa=1.43 ...), files (.csv .tsv .txt .json .jsonl "
        ".npy .parquet .arrow; .gz .zst), or - for standard input, read too when something is piped "
        "in.",
        files_and_folders,
    ),
]
Columns: TypeAlias = Annotated[
    list[str] | None,
    value(
        "--columns -c",
        "COLUMNS",
        "The logit columns: names, 1-based numbers, ranges (3-5, 3-), globs ('digit_*'), and what to "
        "leave out ('!id'); may be given again. The others are kept.",
    ),
]
Classes: TypeAlias = Annotated[
    str | None, value("--classes", "A,B,C", "Names of the classes, if the input has none or others.")
]
Temperature: TypeAlias = Annotated[float, positive("--temperature -T", "T", "softmax(z / T), T > 0.")]
TemperatureOrCalibration: TypeAlias = Annotated[
    float | None,
    positive("--temperature -T", "T", "softmax(z / T), T > 0. Default: 1, or the calibration's."),
]
Format: TypeAlias = Annotated[str | None, format_among(FORMATS, _BY_PLACE)]
PageFormat: TypeAlias = Annotated[str | None, format_among((*FORMATS, "html"), _BY_PLACE)]
Output: TypeAlias = Annotated[
    str | None,
    value(
        "--output -o",
        "FILE",
        "Write to FILE, all or nothing; format by its ending (.csv.gz, .csv.zst compress). - is "
        "standard output, FOLDER/ takes one result for each file.",
        files_and_folders,
    ),
]
Precision: TypeAlias = Annotated[
    int | None, whole("--precision", "N", "Round machine formats to N significant digits.")
]
Header: TypeAlias = Annotated[
    bool | None,
    flag(
        "--header/--no-header",
        "Whether the first line names the columns (default: when a cell is no number).",
    ),
]
Delimiter: TypeAlias = Annotated[
    str | None,
    choice(
        "--delimiter",
        DELIMITERS,
        "CHARACTER",
        "The character between cells, or one of {} (default: sniffed).",
    ),
]
InputFormat: TypeAlias = Annotated[
    str | None,
    choice(
        "--input-format", INPUT_FORMATS, "FORMAT", "One of {} (default: by the file's ending, or sniffed)."
    ),
]
Resume: TypeAlias = Annotated[
    bool, flag("--resume", "With -o FOLDER/: skip the files whose result is there and newer.")
]
Long: TypeAlias = Annotated[
    str | None,
    value(
        "--long",
        "CLASS,LOGIT[,ROW]",
        "The columns of a table with one line a class; lines of one ROW are one vector.",
    ),
]
Decimal: TypeAlias = Annotated[
    str | None,
    choice("--decimal", (".", ","), "SIGN", "The decimal sign of delimited text: . (default) or a comma."),
]
Dtype: TypeAlias = Annotated[
    str | None,
    one_of(
        "--dtype",
        DTYPES,
        "TYPE",
        f"Compute in {' or '.join(DTYPES)} (default: text in float64, binary formats as the input).",
        "type",
    ),
]
_CLUSTER = (
    "--cluster",
    "ADDRESS",
    "With -o FOLDER/: run a task a file on Dask, by its scheduler's address or file.",
)


def _no_cluster(_: str, option: str) -> None:
    hint = "probs, jacobian, loss, reliability and calibrate can run on a cluster"
    raise InputError("this command runs on one machine", where=option, hint=hint)


Cluster: TypeAlias = Annotated[str | None, value(*_CLUSTER)]
NoCluster: TypeAlias = Annotated[str | None, value(*_CLUSTER, read=_no_cluster)]
KeepParts: TypeAlias = Annotated[
    bool,
    flag(
        "--keep-parts",
        "With --cluster: leave the result of a large file in parts, NAME-00001-of-00009.csv and so on.",
    ),
]
Quiet: TypeAlias = Annotated[bool, flag("--quiet -q", "No notes and no progress on stderr.")]
FunctionName: TypeAlias = Annotated[str, choice("--function", tuple(FUNCTIONS), "NAME", "One of {}.")]
Target: TypeAlias = Annotated[
    str | None,
    value("--target", "CLASS", f"The true class, by name or 1-based number ({', '.join(losses())})."),
]
TargetColumn: TypeAlias = Annotated[
    str | None, value("--target-column", "COLUMN", "The column that holds the true class of each row.")
]
WeightColumn: TypeAlias = Annotated[
    str | None, value("--weight-column", "COLUMN", "The column that holds the weight of each row.")
]
Soft: TypeAlias = Annotated[
    str | None,
    value(
        "--soft",
        "COLUMNS",
        "The columns that hold a distribution over the classes, in place of one true class.",
    ),
]
Ignore: TypeAlias = Annotated[
    list[str] | None,
    value("--ignore", "LABEL", "Leave out the rows with this label, such as -100; may be repeated."),
]
From: TypeAlias = Annotated[
    str,
    one_of(
        "--from",
        ("logits", "probs"),
        "KIND",
        "What the numbers are: logits, or probs (probabilities).",
        "kind",
    ),
]
CalibrationFile: TypeAlias = Annotated[
    str | None,
    value("--calibration", "FILE", "Apply what `softmax calibrate -o FILE` wrote.", files_and_folders),
]
