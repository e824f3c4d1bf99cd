"""The columns that an option picks by name, 1-based number, range or glob."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from softmax_cli.errors import InputError
from softmax_cli.io.cells.numbers import is_number
from softmax_cli.io.cells.wording import counted, did_you_mean, plain, plural, shown, unknown
from softmax_cli.io.options import ReadOptions

_RANGE = r"([0-9]+)-([0-9]*)"


def column_label(position: int, names: Sequence[str] | None) -> str:
    """Return what errors call a column: its number and, if it has one, its name."""
    name = names[position] if names else ""
    return f"column {position + 1} ({plain(name)})" if name else f"column {position + 1}"


def first_twin(names: Sequence[str]) -> tuple[int, int] | None:
    """Return the two positions of the first repeated name, or None."""
    if len(set(names)) == len(names):
        return None
    seen: dict[str, int] = {}
    for position, name in enumerate(names):
        if name in seen:
            return seen[name], position
        seen[name] = position
    return None


def find_column(word: str, names: Sequence[str] | None, width: int, *, option: str) -> int:
    """Return the 0-based position of a column, by its exact name, else by its 1-based number."""
    if names is not None and word in names:
        return list(names).index(word)
    if word.isascii() and word.isdecimal():
        return numbered_in(word, width, "column", option)
    if names is None:
        raise InputError(
            f"no column is called {shown(word)}: the input has no header",
            where=option,
            hint=f"ask for a column by its number, 1 to {width}",
        )
    raise unknown(word, [name for name in names if name], "column", where=option)


def numbered_in(digits: str, count: int, noun: str, where: str) -> int:
    """Return the 0-based position that a 1-based number of a column or class stands for."""
    # int() refuses or is slow with thousands of digits; no input has that many columns.
    number = int(digits) if len(digits) < 10 else count + 1
    if number == 0:
        raise InputError(f"there is no {noun} 0", where=where, hint=f"{plural(noun)} are counted from 1")
    if number > count:
        among = f": the input has {counted(count, noun)}" if noun == "column" else f" among {count}"
        raise InputError(f"there is no {noun} {digits[:20]}{among}", where=where)
    return number - 1


def asked_for(texts: str | Sequence[str]) -> set[str]:
    """Return the names that an option may mean; a whole text may be one too, for a name may hold a comma.

    Examples
    --------
    >>> sorted(asked_for(["a, b", "c"]))
    ['a', 'a, b', 'b', 'c']
    """
    return {word.strip() for text in _each(texts) for word in (text, *text.split(","))}


def pick(
    texts: str | Sequence[str],
    names: Sequence[str] | None,
    width: int,
    *,
    option: str = "--columns",
    all_but: Sequence[int] | None = None,
) -> tuple[int, ...]:
    """Return the positions that an option picks.

    Parameters
    ----------
    texts
        The option's values: comma-separated names, 1-based numbers, ranges (``3-5``, ``3-``) and globs, and,
        after a ``!``, what to leave out.
    names
        The header, or None.
    width
        The number of columns.
    option
        The option, for errors.
    all_but
        The columns that exclusions alone are taken from; None for all.
    """
    picked: list[int] = []
    excluded: list[int] = []
    known = () if names is None else names
    for text in _each(texts):
        for word in [text] if text in known else text.split(","):  # a name may hold a comma
            item = word if word in known else word.strip()
            if item.startswith("!") and item not in known:
                excluded += _pick_one(item[1:].strip(), names, width, option)
            else:
                picked += _pick_one(item, names, width, option)
    if excluded and not picked:
        picked = list(range(width) if all_but is None else all_but)
    twin = first_twin([str(position) for position in picked])
    if twin is not None:
        label = column_label(picked[twin[1]], names)
        raise InputError(f"{label} is picked twice", where=option)
    left = set(excluded)
    return tuple(position for position in picked if position not in left)


def columns_hint(numeric: Sequence[bool], names: Sequence[str] | None, options: ReadOptions) -> str:
    """Suggest the longest run of columns of numbers; beside one column of words, a long table.

    For features, all columns of numbers except the target.
    """
    if options.features and options.target_column is not None:
        return _features_hint(numeric, find_column(options.target_column, names, len(numeric), option=""))
    if names and len(numeric) == 2 and sum(numeric) == 1:
        logit = list(numeric).index(True)
        if any(map(is_number, names)):  # no header at all
            return f"is it one line a class? --no-header --long {2 - logit},{logit + 1}"
        return f"is it one line a class? --long {names[1 - logit]},{names[logit]}"
    runs = [list(run) for is_run, run in groupby(range(len(numeric)), numeric.__getitem__) if is_run]
    best = max(runs, key=len, default=[])
    if len(best) < 2:
        return "pick the logit columns with --columns"
    return f"pick the logit columns with --columns, e.g. -c {best[0] + 1}-{best[-1] + 1}"


def _features_hint(numeric: Sequence[bool], target: int) -> str:
    found = [str(i + 1) for i, is_numeric in enumerate(numeric) if is_numeric and i != target]
    return f"pick features that are numbers: -c {','.join(found)}" if found else "write its words as numbers"


def _each(texts: str | Sequence[str]) -> Sequence[str]:
    return [texts] if isinstance(texts, str) else texts


def _pick_one(item: str, names: Sequence[str] | None, width: int, option: str) -> list[int]:
    if not item:
        raise InputError("an empty name between commas", where=option)
    if names is None or item not in names:
        span = re.fullmatch(_RANGE, item)
        if span is not None:
            first = numbered_in(span[1], width, "column", option)
            last = numbered_in(span[2], width, "column", option) if span[2] else width - 1
            if last < first:
                raise InputError(f"the range {item} ends before it starts", where=option)
            return list(range(first, last + 1))
        if names is not None and any(sign in item for sign in "*?["):
            return _matching(item, names, option)
    return [find_column(item, names, width, option=option)]


def _matching(glob: str, names: Sequence[str], option: str) -> list[int]:
    from fnmatch import fnmatchcase

    found = [i for i, name in enumerate(names) if fnmatchcase(name, glob)]
    if not found:
        known = [name for name in names if name]
        raise InputError(
            f"no column matches {shown(glob)}",
            where=option,
            hint=did_you_mean(glob.strip("*?"), known, "columns"),
        )
    return found
