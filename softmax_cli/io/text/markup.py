"""The flat table for documents: Markdown and LaTeX, rounded to 4 significant digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

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
    "[": "{[}",  # a bracket or star behind the end of a row would be read as its argument
    "*": "{*}",
}
_LATEX = str.maketrans(_LATEX_SIGNS)


def write_markdown(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write the flat table as a Markdown table (GitHub's)."""
    begun = False
    for result in results:
        table = result.flat()
        lines = []
        if not begun:
            begun = True
            lines.append(_markdown_line(map(markdown_text, (*table.kept, *table.classes))))
            lines.append(_markdown_line([*(":--" for _ in table.kept), *("--:" for _ in table.classes)]))
        numbers = [_person(x, precision) for x in table.values.ravel().tolist()]
        lines += map(_markdown_line, _rows(table, markdown_text, numbers))
        _send(sink, lines)


def write_latex(results: Iterable[Result], sink: Sink, precision: int | None = None) -> None:
    """Write the flat table as a LaTeX tabular, which needs no package."""
    begun = False
    for result in results:
        table = result.flat()
        lines = []
        if not begun:
            begun = True
            lines.append(rf"\begin{{tabular}}{{{'l' * len(table.kept)}{'r' * table.k}}}")
            lines.append(r"\hline")
            lines.append(_latex_line(map(latex_text, (*table.kept, *table.classes))))
            lines.append(r"\hline")
        numbers = [latex_number(_person(x, precision)) for x in table.values.ravel().tolist()]
        lines += map(_latex_line, _rows(table, latex_text, numbers))
        _send(sink, lines)
    _send(sink, [r"\hline", r"\end{tabular}"])


def markdown_text(text: str) -> str:
    r"""Write a text so that Markdown shows it as it is, in a cell.

    Examples
    --------
    >>> print(markdown_text("a|b_c <b>"))
    a\|b\_c \<b\>
    """
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.splitlines()))


def latex_text(text: str) -> str:
    r"""Write a text so that LaTeX shows it as it is.

    Examples
    --------
    >>> print(latex_text("50% of a_1"))
    50\% of a\_1
    """
    return " ".join(text.splitlines()).translate(_LATEX)


def latex_number(text: str) -> str:
    r"""Set a number in mathematics, so that its minus is one.

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


def _rows(table: Batch, escape: object, numbers: Sequence[str]) -> Iterable[list[str]]:
    assert callable(escape)
    columns = [list(map(escape, cell_texts(cells))) for cells in table.kept.values()]
    k = table.k
    for i in range(len(table)):
        yield [*(column[i] for column in columns), *numbers[i * k : i * k + k]]


def _markdown_line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _latex_line(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"


def _send(sink: Sink, lines: Sequence[str]) -> None:
    sink.write(("\n".join(lines) + "\n").encode(errors="backslashreplace"))
