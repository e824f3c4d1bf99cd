"""Which columns of a table are logits, which are kept, and what the classes are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import counted, did_you_mean, plain, shown, unknown
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.table.batch import Array, Batch, Column

_RANGE = re.compile(r"([0-9]+)-([0-9]*)")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one input, by 0-based position.

    Parameters
    ----------
    names
        The names of all columns, or None where they have none.
    width
        The number of all columns.
    logits
        The logit columns, in the order of the classes.
    kept
        The others, in the order of the input.
    target, weight, soft
        The kept columns that hold the true class, the weight, and a distribution over the classes.
    classes
        The classes' names, one for each logit column.
    named
        False where the classes' names are our own numbering.
    """

    names: tuple[str, ...] | None
    width: int
    logits: tuple[int, ...]
    kept: tuple[int, ...]
    classes: tuple[str, ...]
    named: bool
    target: int | None = None
    weight: int | None = None
    soft: tuple[int, ...] = ()

    def column(self, position: int) -> str:
        """Call a column as errors do: ``column 3 (virginica)``."""
        return column_label(position, self.names)

    def logit_column(self, j: int) -> str:
        """Call the column of class j as errors do."""
        return self.column(self.logits[j])

    def kept_name(self, position: int) -> str:
        """Name a kept column in the output."""
        return f"column_{position + 1}" if self.names is None else self.names[position]

    def batch(
        self, values: Array, kept: Sequence[Column], *, first_row: int, where: Callable[[int], str]
    ) -> Batch:
        """Return rows of these columns as a batch.

        Parameters
        ----------
        values
            The logit columns, shape (n, k).
        kept
            The kept columns, in order.
        first_row
            The 1-based number of the first row.
        where
            The place in words of row i.
        """
        return Batch(
            values,
            self.classes,
            self.named,
            kept=dict(zip(map(self.kept_name, self.kept), kept, strict=True)),
            first_row=first_row,
            where=where,
            target=None if self.target is None else self.kept_name(self.target),
            weight=None if self.weight is None else self.kept_name(self.weight),
            soft=tuple(map(self.kept_name, self.soft)),
            labels={
                self.kept_name(i): self.column(i)
                for i in (self.target, self.weight, *self.soft)
                if i is not None
            },
            label=self.logit_column,
        )


def column_label(position: int, names: Sequence[str] | None) -> str:
    """Call a column by its number and, where it has one, its name."""
    name = names[position] if names else ""
    return f"column {position + 1} ({plain(name)})" if name else f"column {position + 1}"


def lay_out(
    names: Sequence[str] | None,
    width: int,
    options: ReadOptions,
    *,
    where: str,
    default: Sequence[int] | None = None,
) -> Layout:
    """Decide the part of every column of an input, as the options say.

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
        The logit columns where ``--columns`` is not given; None for all. Those that hold labels and weights
        are none of them.
    """
    if names is not None:
        _refuse_twins(names, where)
    labels = _label_columns(options, names, width)
    if options.answers is not None and names is not None:
        default = _answers(names, options.answers.classes)
    taken = {position for positions in labels.values() for position in positions}
    free = tuple(i for i in (range(width) if default is None else default) if i not in taken)
    logits = free if options.columns is None else pick(options.columns, names, width, all_but=free)
    _refuse_nameless(logits, names, where)
    _refuse_both(labels, logits, names)
    if not logits:
        raise InputError("no column is left for the logits", where=where)
    chosen = set(logits)
    own = None if names is None else [names[i] or f"column_{i + 1}" for i in logits]
    classes, named = name_classes(len(logits), own, options)
    return Layout(
        names=None if names is None else tuple(names),
        width=width,
        logits=logits,
        kept=tuple(i for i in range(width) if i not in chosen),
        classes=classes,
        named=named,
        target=next(iter(labels["--target-column"]), None),
        weight=next(iter(labels["--weight-column"]), None),
        soft=labels["--soft"],
    )


def _label_columns(
    options: ReadOptions, names: Sequence[str] | None, width: int
) -> dict[str, tuple[int, ...]]:
    """Return the columns that hold labels and weights, by the option that names them."""
    found: dict[str, tuple[int, ...]] = {"--soft": ()}
    for option, word in (
        ("--target-column", options.target_column),
        ("--weight-column", options.weight_column),
    ):
        found[option] = () if word is None else (find_column(word, names, width, option=option),)
    if options.soft is not None:
        found["--soft"] = pick(options.soft, names, width, option="--soft")
    return found


def _refuse_both(
    labels: Mapping[str, tuple[int, ...]], logits: tuple[int, ...], names: Sequence[str] | None
) -> None:
    """Refuse a column that holds labels or weights and is picked as logits too."""
    for option, positions in labels.items():
        for position in set(positions) & set(logits):
            raise InputError(
                f"{column_label(position, names)} is a logit column too",
                where=option,
                hint="leave it out of --columns",
            )


def name_classes(k: int, own: Sequence[str] | None, options: ReadOptions) -> tuple[tuple[str, ...], bool]:
    """Name the k classes: as ``--classes`` says, else as the input does, else 1 to k (then not named)."""
    if options.classes is None:
        return (tuple(own), True) if own is not None else (numbered(k), False)
    classes = tuple(name.strip() for name in options.classes.split(","))
    if "" in classes:
        raise InputError(f"name {classes.index('') + 1} is empty", where="--classes")
    twin = first_twin(classes)
    if twin is not None:
        raise InputError(f"{shown(classes[twin[1]])} is there twice", where="--classes")
    if len(classes) != k:
        raise InputError(f"{counted(len(classes), 'name')} for {counted(k, 'class')}", where="--classes")
    return classes, True


def numbered(k: int) -> tuple[str, ...]:
    """Return the names of classes that nobody named."""
    return tuple(map(str, range(1, k + 1)))


def first_twin(names: Sequence[str]) -> tuple[int, int] | None:
    """Return the positions of the first name that is there twice, or None."""
    if len(set(names)) == len(names):
        return None
    seen: dict[str, int] = {}
    for position, name in enumerate(names):
        if name in seen:
            return seen[name], position
        seen[name] = position
    return None


def find_column(word: str, names: Sequence[str] | None, width: int, *, option: str) -> int:
    """Return the 0-based position of a column asked for by exact name, else by 1-based number."""
    if names is not None and word in names:
        return list(names).index(word)
    if word.isascii() and word.isdecimal():
        return _position(word, width, option)
    if names is None:
        raise InputError(
            f"no column is called {shown(word)}: the input has no header",
            where=option,
            hint=f"ask for a column by its number, 1 to {width}",
        )
    raise unknown(word, [name for name in names if name], "column", where=option)


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
        What the option says, once or several times: names, 1-based numbers, ranges (``3-5``, ``3-``), globs,
        and, after a ``!``, what to leave out; comma separated.
    names
        The header, or None.
    width
        The number of columns.
    option
        The option, for errors.
    all_but
        What exclusions alone leave out of; None for all columns.
    """
    picked: list[int] = []
    excluded: list[int] = []
    known = () if names is None else names
    for text in [texts] if isinstance(texts, str) else texts:
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


def _answers(names: Sequence[str], classes: Sequence[str]) -> Sequence[int]:
    """Return the columns that hold answers: those of the classes, else all behind ``row`` and ``of``."""
    first = names.index("of") + 1 if "of" in names else int(names[0] == "row")
    of_others = "of" in names and len(names) - first != len(classes)  # a matrix for other classes
    if not of_others and set(classes) <= set(names):
        return [names.index(name) for name in classes]
    return range(first, len(names))


def columns_hint(numeric: Sequence[bool]) -> str:
    """Suggest the longest run of columns that hold numbers in a row."""
    start, best = 0, range(0)
    for i, is_numeric in enumerate([*numeric, False]):
        if not is_numeric:
            if i - start > len(best):
                best = range(start, i)
            start = i + 1
    if len(best) < 2:
        return "pick the logit columns with --columns"
    return f"pick the logit columns with --columns, e.g. -c {best[0] + 1}-{best[-1] + 1}"


def _pick_one(item: str, names: Sequence[str] | None, width: int, option: str) -> list[int]:
    if not item:
        raise InputError("an empty name between commas", where=option)
    if names is None or item not in names:
        span = _RANGE.fullmatch(item)
        if span is not None:
            first = _position(span[1], width, option)
            last = _position(span[2], width, option) if span[2] else width - 1
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


def _position(digits: str, width: int, option: str) -> int:
    # int() of thousands of digits is slow by design; no input has that many columns.
    number = int(digits) if len(digits) < 10 else width + 1
    if number == 0:
        raise InputError("there is no column 0", where=option, hint="columns are counted from 1")
    if number > width:
        raise InputError(
            f"there is no column {digits[:20]}: the input has {counted(width, 'column')}", where=option
        )
    return number - 1


def _refuse_twins(names: Sequence[str], where: str) -> None:
    twin = first_twin(names)
    if twin is None:
        return
    first, second = (position + 1 for position in twin)
    name = names[twin[0]]
    called = f"are both called {shown(name)}" if name else "both have no name"
    raise InputError(
        f"columns {first} and {second} {called}", where=where, hint="give each column its own name"
    )


def _refuse_nameless(logits: Sequence[int], names: Sequence[str] | None, where: str) -> None:
    """Refuse a logit column without a name beside named ones: pandas writes its row index that way."""
    if names is None:
        return
    for position in logits:
        if not names[position]:
            raise InputError(
                f"column {position + 1} has no name in the header",
                where=where,
                hint="pick the logit columns with --columns, or give --no-header if this line is data",
            )
