"""Arrays as numpy, torch, TensorFlow, JAX and MATLAB print them: one list for each row, within brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from softmax_cli.errors import InputError
from softmax_cli.io.cells.lists import ELLIPSIS, ELLIPSIS_HINT, list_texts
from softmax_cli.io.cells.numbers import NotANumberError, read_cells
from softmax_cli.io.cells.wording import counted, shown
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.table.batch import Batch
from softmax_cli.io.table.lay_out import lay_out

_CALL = r"(?:\w+\.)*(?:tensor|array|Array|Tensor)\("
_BEGINS = re.compile(rf"\s*(?:\w+ *= *)?(?:{_CALL}|\[ *\[|(?<=[= ])\[)|\w+\(.*\blogits={_CALL}")
_ROW = re.compile(r"\[([^\[\]]*)\]")
_AROUND = re.compile(r"\w+ *= *(?:<[^>]*>|\([^()]*\)|[\w.:']+)?|(?:\w+\.)*\w+\(|[\[\](),;\s]")
"""What may stand around the rows: calls, brackets, and keywords such as dtype=float32."""


def is_printed(text: str) -> bool:
    r"""Return whether a text that begins like this is one array.

    Examples
    --------
    >>> is_printed("tensor([[1., 2.],\n"), is_printed("[[1. 2.]\n"), is_printed("a,b\n")
    (True, True, False)
    """
    return _BEGINS.match(text) is not None


def printed_rows(text: str, name: str, options: ReadOptions) -> Iterator[Batch] | None:
    """Return the rows of a text that is one array, all in one batch; None if it is something else.

    Raises
    ------
    InputError
        If numbers were left out, or a row is not a list of as many numbers as the first.
    """
    start = text.find("logits=") + len("logits=") if "logits=" in text else 0
    body = text[start : _closing(text, start)]
    found = [(match[1], 1 + text.count("\n", 0, start + match.start())) for match in _ROW.finditer(body)]
    if not found or _AROUND.sub("", _ROW.sub("", body)):
        return None
    if ELLIPSIS in body:
        raise InputError("numbers are left out: ...", where=name, hint=ELLIPSIS_HINT)
    return _batch(
        [(row, line) for rows, line in found for row in rows.split(";") if row.strip()], name, options
    )


def _closing(text: str, start: int) -> int | None:
    """Return the end of the call that opens after `start`; None for the end of the text."""
    if start == 0:
        return None
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0 and text[at] == ")":
            return at + 1
    return None


def _batch(rows: list[tuple[str, int]], name: str, options: ReadOptions) -> Iterator[Batch]:
    lists = [list_texts(f"[{row}]") or [] for row, _ in rows]
    k = len(lists[0])
    for (row, line), texts in zip(rows, lists, strict=True):
        if not texts:
            raise InputError(f"{shown(row.strip())} is not a list of numbers", where=f"{name}:{line}")
        if len(texts) != k:
            what = f"a list of {counted(len(texts), 'number')}, where the first row has {k}"
            raise InputError(what, where=f"{name}:{line}")
        try:
            read_cells(texts)
        except NotANumberError as error:
            where = f"{name}:{line}"
            raise InputError(f"column {error.position + 1}: {error}", where=where) from None
    layout = lay_out(None, k, options, where=name)
    values = read_cells([texts[i] for texts in lists for i in layout.logits])
    yield Batch.of(
        layout,
        values.reshape(len(rows), layout.k),
        [[texts[i] for texts in lists] for i in layout.kept],
        first_row=1,
        where=lambda row: f"{name}:{rows[row][1]}",
    )
