"""Deciding the role of each column, by the options and the names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import counted, piped, shown
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.table.class_lookup import name_classes, numbered
from softmax_cli.io.table.columns import column_label, find_column, first_twin, pick
from softmax_cli.io.table.layout import Layout

_INDEX_NAME = re.compile(r"(?:Unnamed: 0(?:\.[0-9]+)*|__index_level_0__)?")
"""What pandas calls the index that it writes before the columns (or, to Parquet, after them)."""


def lay_out(
    names: Sequence[str] | None,
    width: int,
    options: ReadOptions,
    *,
    where: str,
    default: Sequence[int] | None = None,
    lists: Mapping[int, int] | None = None,
    unused: tuple[int, ...] = (),
) -> Layout:
    """Decide the role of every column of an input.

    Parameters
    ----------
    names
        The header, or None.
    width
        The number of columns.
    options
        The command's options.
    where
        The header's place, for errors about names.
    default
        The logit columns if there is no ``--columns``, before those of labels, of weights and of pandas'
        index are taken out; None for all.
    lists
        The columns that hold a list of numbers in each row, with the length of the first list.
    unused
        Columns without a name and without a cell.
    """
    if names is not None:
        used = [name for i, name in enumerate(names) if i not in unused]
        _refuse_twins(used, where, by_place=not options.about_columns())
    labels = _label_columns(options, names, width)
    if options.answers is not None and names is not None:
        default = _answers(names, options.answers.classes)
    taken = {position for positions in labels.values() for position in positions}
    taken.update(index_columns(names), unused)
    free = tuple(i for i in (range(width) if default is None else default) if i not in taken)
    long, logits = _logit_columns(options, names, width, free, lists or {})
    if options.long is None and options.columns is None:
        _refuse_nameless(logits, names, where)
    _refuse_both(labels, logits, names)
    if not logits:
        raise InputError("no column is left for the logits", where=where)
    listed = {i: length for i, length in (lists or {}).items() if i in logits}
    if listed and len(logits) > 1:
        raise _several_lists(listed, logits, names, where)
    if width == 1 and options.columns is None and not listed:
        options = options._replace(classes=None)  # they name the classes of one vector, which are the rows
    own = None if names is None or listed else [names[i] or f"column_{i + 1}" for i in logits]
    k = listed.get(logits[0], len(logits))
    classes, named = (numbered(k), False) if long else name_classes(k, own, options)
    chosen = {*logits, *unused}
    name_of = Layout(None if names is None else tuple(names)).kept_name
    return Layout(
        names=None if names is None else tuple(names),
        width=width,
        logits=logits,
        kept=tuple(i for i in range(width) if i not in chosen),
        classes=classes,
        named=named,
        listed=bool(listed),
        target=next(map(name_of, labels["--target-column"]), None),
        weight=next(map(name_of, labels["--weight-column"]), None),
        soft=tuple(map(name_of, labels["--soft"])),
        long=tuple(map(name_of, long)),
        unused=unused,
    )


def index_columns(names: Sequence[str] | None) -> tuple[int, ...]:
    """Return the columns of an index that pandas wrote beside others, if there is one."""
    if names is None or len(names) < 2:
        return ()
    is_index = [_INDEX_NAME.fullmatch(name) is not None for name in names]
    first = [*is_index, False].index(False)
    return (*range(first), *([len(names) - 1] if names[-1] and is_index[-1] else []))


def _label_columns(
    options: ReadOptions, names: Sequence[str] | None, width: int
) -> dict[str, tuple[int, ...]]:
    """Return the columns of labels and weights, by the option that names them."""
    found: dict[str, tuple[int, ...]] = {"--soft": ()}
    for option, word in (
        ("--target-column", options.target_column),
        ("--weight-column", options.weight_column),
    ):
        found[option] = () if word is None else (find_column(word, names, width, option=option),)
    if options.soft is not None:
        found["--soft"] = pick(options.soft, names, width, option="--soft")
    return found


def _logit_columns(
    options: ReadOptions,
    names: Sequence[str] | None,
    width: int,
    free: tuple[int, ...],
    lists: Mapping[int, int],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the class and row columns of a long table, if it is one, and the logit columns."""
    if options.long is not None:
        return _long_columns(options.long, names, width)
    if options.columns is not None:
        return (), pick(options.columns, names, width, all_but=free)
    return (), tuple(i for i in lists if i in free) or free


def _long_columns(
    text: str, names: Sequence[str] | None, width: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the columns of a long table's classes and rows, and that of its logits."""
    words = [word.strip() for word in text.split(",")]
    if len(words) not in (2, 3):
        raise InputError(
            f"{counted(len(words), 'column')}: two or three are meant",
            where="--long",
            hint="--long CLASS,LOGIT for one vector, --long CLASS,LOGIT,ROW for several",
        )
    found = [find_column(word, names, width, option="--long") for word in words]
    twin = first_twin(list(map(str, found)))
    if twin is not None:
        raise InputError(f"{column_label(found[twin[0]], names)} is named twice", where="--long")
    return (found[0], *found[2:]), (found[1],)


def _refuse_both(
    labels: Mapping[str, tuple[int, ...]], logits: tuple[int, ...], names: Sequence[str] | None
) -> None:
    """Refuse a column of labels or weights that is also picked as logits."""
    for option, positions in labels.items():
        for position in set(positions) & set(logits):
            raise InputError(
                f"{column_label(position, names)} is a logit column too",
                where=option,
                hint="leave it out of --columns",
            )


def _several_lists(
    listed: Mapping[int, int], logits: Sequence[int], names: Sequence[str] | None, where: str
) -> InputError:
    first, second = (column_label(i, names) for i in logits[:2])
    example = next(iter(listed))
    return InputError(
        f"{first} and {second}: a column of lists holds all logits of its row",
        where=where,
        hint=f"name it alone: -c {names[example] if names else example + 1}",
    )


def _answers(names: Sequence[str], classes: Sequence[str]) -> Sequence[int]:
    """Return the columns that hold answers: those of the classes, else all after ``row`` and ``of``."""
    first = names.index("of") + 1 if "of" in names else int(names[0] == "row")
    of_others = "of" in names and len(names) - first != len(classes)  # a matrix for other classes
    if not of_others and set(classes) <= set(names):
        return [names.index(name) for name in classes]
    return range(first, len(names))


def _refuse_twins(names: Sequence[str], where: str, *, by_place: bool) -> None:
    """Refuse a repeated name; where no option depends on names or kept columns, the header can go."""
    twin = first_twin(names)
    if twin is None:
        return
    first, second = (position + 1 for position in twin)
    name = names[twin[0]]
    called = f"are both called {shown(name)}" if name else "both have no name"
    hint = "give each column its own name"
    file, _, line = where.rpartition(":")
    if (name or twin != (0, 1)) and by_place and file and line.isdecimal():
        hint += f", or leave the header out: {piped(f'tail -n +{int(line) + 1}', file)}"
    raise InputError(f"columns {first} and {second} {called}", where=where, hint=hint)


def _refuse_nameless(logits: Sequence[int], names: Sequence[str] | None, where: str) -> None:
    """Refuse a logit column without a name beside named ones."""
    if names is None:
        return
    for position in logits:
        if not names[position]:
            raise InputError(
                f"column {position + 1} has no name in the header",
                where=where,
                hint="pick the logit columns with --columns, or give --no-header if this line is data",
            )
