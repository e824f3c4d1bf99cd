"""Which columns of a table are logits, which are kept, and what the classes are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from softmax_cli.errors import InputError
from softmax_cli.io.cells.wording import counted, shown
from softmax_cli.io.options import ReadOptions
from softmax_cli.io.table.batch import Array, Batch, Column
from softmax_cli.io.table.class_lookup import numbered
from softmax_cli.io.table.columns import column_label, find_column, first_twin, pick

_INDEX_NAMES = ("", "Unnamed: 0", "__index_level_0__")
"""What pandas calls the index when it writes it in front of the columns (or, to Parquet, behind them)."""


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
    classes
        The classes' names: one for each logit column, or for each entry of the one that holds lists.
    named
        False where the classes' names are our own numbering.
    listed
        True where the one logit column holds a list of all logits in each row.
    target, weight, soft
        The kept columns that hold the true class, the weight, and a distribution over the classes.
    long
        The kept columns of a long table that name the class and, perhaps, the row of each line.
    """

    names: tuple[str, ...] | None
    width: int
    logits: tuple[int, ...]
    kept: tuple[int, ...]
    classes: tuple[str, ...]
    named: bool
    listed: bool = False
    target: int | None = None
    weight: int | None = None
    soft: tuple[int, ...] = ()
    long: tuple[int, ...] = ()

    @property
    def k(self) -> int:
        """The number of classes."""
        return len(self.classes)

    def column(self, position: int) -> str:
        """Call a column as errors do: ``column 3 (virginica)``."""
        return column_label(position, self.names)

    def logit_column(self, j: int) -> str:
        """Call the place of class j as errors do."""
        if self.listed:
            return f"{self.column(self.logits[0])}: entry {j + 1}"
        return self.column(self.logits[j])

    def kept_name(self, position: int) -> str:
        """Name a kept column in the output."""
        return f"column_{position + 1}" if self.names is None else self.names[position]

    def unlisted(self) -> Layout:
        """Return the layout with the entries of the lists as columns of their own, as a table holds them."""
        if not self.listed:
            return self
        at, more = self.logits[0], self.k - 1
        return Layout(
            None,
            self.width + more,
            tuple(range(at, at + self.k)),
            tuple(i if i < at else i + more for i in self.kept),
            self.classes,
            self.named,
        )

    def unequal(self, length: int) -> str:
        """Say that a list has another length than that of the first row."""
        column = self.column(self.logits[0])
        return f"{column}: a list of {counted(length, 'number')}, where the first row has {self.k}"

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
            long=tuple(map(self.kept_name, self.long)),
            labels={self.kept_name(i): self.column(i) for i in self.kept},
            label=self.logit_column,
        )


def lay_out(
    names: Sequence[str] | None,
    width: int,
    options: ReadOptions,
    *,
    where: str,
    default: Sequence[int] | None = None,
    lists: Mapping[int, int] | None = None,
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
        The logit columns where ``--columns`` is not given; None for all. Those that hold labels, weights or
        pandas' index are none of them.
    lists
        The columns that hold a list of numbers in each row, with the length of the first.
    """
    if names is not None:
        _refuse_twins(names, where)
    labels = _label_columns(options, names, width)
    if options.answers is not None and names is not None:
        default = _answers(names, options.answers.classes)
    taken = {position for positions in labels.values() for position in positions}
    taken.update(index_columns(names))
    free = tuple(i for i in (range(width) if default is None else default) if i not in taken)
    listed = {position: length for position, length in (lists or {}).items() if position in free}
    long: tuple[int, ...] = ()
    if options.long is not None:
        long, logits = _long_columns(options.long, names, width)
    elif options.columns is not None:
        logits = pick(options.columns, names, width, all_but=free)
        listed = {i: length for i, length in (lists or {}).items() if i in logits}
    else:
        logits = tuple(listed) or free
        _refuse_nameless(logits, names, where)
    _refuse_both(labels, logits, names)
    if not logits:
        raise InputError("no column is left for the logits", where=where)
    if listed and len(logits) > 1:
        raise _several_lists(listed, logits, names, where)
    own = None if names is None or listed else [names[i] or f"column_{i + 1}" for i in logits]
    k = listed.get(logits[0], len(logits))
    classes, named = (numbered(k), False) if long else name_classes(k, own, options)
    chosen = set(logits)
    return Layout(
        names=None if names is None else tuple(names),
        width=width,
        logits=logits,
        kept=tuple(i for i in range(width) if i not in chosen),
        classes=classes,
        named=named,
        listed=bool(listed),
        target=next(iter(labels["--target-column"]), None),
        weight=next(iter(labels["--weight-column"]), None),
        soft=labels["--soft"],
        long=long,
    )


def index_columns(names: Sequence[str] | None) -> tuple[int, ...]:
    """Return the column that holds the index that pandas writes, if there is one beside others."""
    if names is None or len(names) < 2:
        return ()
    return tuple(i for i in {0, len(names) - 1} if names[i] in _INDEX_NAMES and (i == 0 or names[i]))


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


def _long_columns(
    text: str, names: Sequence[str] | None, width: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the columns of class and row of a long table, and that of its logits."""
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
    """Refuse a column that holds labels or weights and is picked as logits too."""
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
    """Return the columns that hold answers: those of the classes, else all behind ``row`` and ``of``."""
    first = names.index("of") + 1 if "of" in names else int(names[0] == "row")
    of_others = "of" in names and len(names) - first != len(classes)  # a matrix for other classes
    if not of_others and set(classes) <= set(names):
        return [names.index(name) for name in classes]
    return range(first, len(names))


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
