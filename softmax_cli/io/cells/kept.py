"""Kept cells as delimited text holds them."""

from __future__ import annotations

from collections.abc import Sequence

from softmax_cli.io.cells.floats import float_text


def cell_text(cell: object) -> str:  # noqa: PLR0911 - one case for each type
    """Write one kept cell: text unchanged, null as an empty cell, lists and objects as JSON."""
    match cell:
        case str():
            return cell
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int():
            return str(cell)
        case float():
            return float_text(cell)
        case list() | dict() | tuple():
            from softmax_cli.io.cells.json_text import json_text

            return json_text(cell)
        case bytes():
            return cell.decode(errors="backslashreplace")
    return str(cell)  # a date, a decimal number: anything a typed file may hold


def cell_texts(column: Sequence[object]) -> list[str]:
    """Write a kept column."""
    return [cell if type(cell) is str else cell_text(cell) for cell in column]
