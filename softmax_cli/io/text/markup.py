"""The flat table for documents: Markdown and LaTeX, rounded to 4 significant digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from softmax_cli.io.cells.floats import people_text
from softmax_cli.io.cells.kept import cell_texts
from softmax_cli.io.streams.sink import Sink
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.results.result import Result

PEOPLE_DIGITS = 4
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>|~$#&])")
_LATEX_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "[": "{[}",  # a bracket or star after the end of a row would be read as its argument
    "*": "{*}",
}
_LATEX = str.maketrans(_LATEX_SIGNS)


def write_markdown(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write the flat table as a GitHub Markdown table."""

    def head(table: Batch) -> list[str]:
        names = map(markdown_text, (*table.kept, *table.classes))
        return [_markdown_line(names), _markdown_line([*(":--" for _ in table.kept), *["--:"] * table.k])]

    _write(results, sink, head, _markdown_line, markdown_text, lambda x: _person(x, precision))


def write_latex(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write the flat table as a LaTeX tabular, which needs no package."""

    def head(table: Batch) -> list[str]:
        names = map(latex_text, (*table.kept, *table.classes))
        columns = "l" * len(table.kept) + "r" * table.k
        return [rf"\begin{{tabular}}{{{columns}}}", r"\hline", _latex_line(names), r"\hline"]

    _write(results, sink, head, _latex_line, latex_text, lambda x: latex_number(_person(x, precision)))
    sink.write_text("\\hline\n\\end{tabular}\n")


def _write(
    results: Iterable[Result],
    sink: Sink,
    head: Callable[[Batch], list[str]],
    line: Callable[[Iterable[str]], str],
    text: Callable[[str], str],
    number: Callable[[float], str],
) -> None:
    """Write the head of the first table, then the rows of all."""
    begun = False
    for result in results:
        table = result.flat()
        lines = [] if begun else head(table)
        begun = True
        columns = [list(map(text, cell_texts(cells))) for cells in table.kept.values()]
        for i, values in enumerate(table.values.tolist()):
            lines.append(line([*(column[i] for column in columns), *map(number, values)]))
        sink.write_text("\n".join([*lines, ""]))


def markdown_text(text: str) -> str:
    r"""Escape a text for a cell of a Markdown table.

    Examples
    --------
    >>> print(markdown_text("a|b_c <b>"))
    a\|b\_c \<b\>
    """
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.splitlines()))


def latex_text(text: str) -> str:
    r"""Escape a text for LaTeX.

    Examples
    --------
    >>> print(latex_text("50% of a_1"))
    50\% of a\_1
    """
    return " ".join(text.splitlines()).translate(_LATEX)


def latex_number(text: str) -> str:
    r"""Set a number in math mode, for a proper minus sign.

    Examples
    --------
    >>> print(latex_number("-1.5e-7"), latex_number("-inf"))
    $-1.5 \times 10^{-7}$ $-\infty$
    """
    mantissa, e, exponent = text.partition("e")
    if e:
        return rf"${mantissa} \times 10^{{{exponent}}}$"
    return "$" + text.replace("inf", r"\infty") + "$"


def _person(value: float, precision: int | None) -> str:
    return people_text(value, precision or PEOPLE_DIGITS)


def _markdown_line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _latex_line(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"
