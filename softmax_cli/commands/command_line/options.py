"""The options that commands share, each declared once with its help and its completion."""

import os
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeAlias

import typer

from softmax_cli.commands.command_line.delivery import DTYPES
from softmax_cli.core.functions import FUNCTIONS, losses
from softmax_cli.io.formats import DELIMITERS, FORMATS, INPUT_FORMATS

_BY_PLACE = " Default: by the ending of --output, else a table at a terminal and csv in a pipe."


def choice(names: Sequence[str], *declarations: str, metavar: str, help: str) -> Any:  # noqa: A002
    """Declare an option whose value is one of `names`, which help lists at ``{}`` and the shell completes."""
    return typer.Option(
        *declarations, metavar=metavar, help=help.format(", ".join(names)), autocompletion=offered(names)
    )


def format_among(names: Sequence[str], default: str = "") -> Any:
    """Declare ``--format``, whose help ends with the `default`."""
    return choice(names, "--format", "-f", metavar="FORMAT", help=f"One of {{}}.{default}")


def offered(
    names: Sequence[str] | Callable[[], Sequence[str]], *, several: bool = False
) -> Callable[[str], list[str]]:
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
    typer.Argument(
        metavar="[LOGITS]...",
        help="Numbers (1.43 -0.4 0.23), named numbers (setosa=1.43 ...), files (.csv .tsv .txt .json .jsonl "
        ".npy .parquet .arrow; .gz .zst), or - for standard input, read too when something is piped "
        "in.",
        show_default=False,
        autocompletion=files_and_folders,
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
    typer.Option("--classes", metavar="A,B,C", help="Names of the classes, if the input has none or others."),
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
Format: TypeAlias = Annotated[str | None, format_among(FORMATS, _BY_PLACE)]
PageFormat: TypeAlias = Annotated[str | None, format_among((*FORMATS, "html"), _BY_PLACE)]
Output: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to FILE, all or nothing; format by its ending (.csv.gz, .csv.zst compress). - is "
        "standard output, FOLDER/ takes one result for each file.",
        autocompletion=files_and_folders,
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
    choice(
        DELIMITERS,
        "--delimiter",
        metavar="CHARACTER",
        help="The character between cells, or one of {} (default: sniffed).",
    ),
]
InputFormat: TypeAlias = Annotated[
    str | None,
    choice(
        INPUT_FORMATS,
        "--input-format",
        metavar="FORMAT",
        help="One of {} (default: by the file's ending, or sniffed).",
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
    choice(
        (".", ","),
        "--decimal",
        metavar="SIGN",
        help="The decimal sign of delimited text: . (default) or a comma.",
    ),
]
Dtype: TypeAlias = Annotated[
    str | None,
    choice(
        DTYPES,
        "--dtype",
        metavar="TYPE",
        help=f"Compute in {' or '.join(DTYPES)} (default: text in float64, binary formats as the input).",
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
KeepParts: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--keep-parts",
        help="With --cluster: leave the result of a large file in parts, NAME-00001-of-00009.csv and so on.",
    ),
]
Quiet: TypeAlias = Annotated[bool, typer.Option("--quiet", "-q", help="No notes and no progress on stderr.")]
FunctionName: TypeAlias = Annotated[
    str, choice(tuple(FUNCTIONS), "--function", metavar="NAME", help="One of {}.")
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
        "--ignore", metavar="LABEL", help="Leave out the rows with this label, such as -100; may be repeated."
    ),
]
From: TypeAlias = Annotated[
    str,
    choice(
        ("logits", "probs"),
        "--from",
        metavar="KIND",
        help="What the numbers are: logits, or probs (probabilities).",
    ),
]
CalibrationFile: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--calibration",
        metavar="FILE",
        help="Apply what `softmax calibrate -o FILE` wrote.",
        autocompletion=files_and_folders,
    ),
]
