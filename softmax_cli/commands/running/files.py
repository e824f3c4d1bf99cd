"""A labelled input read by the workers of a cluster, each of which gathers sums over a file or a part."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from itertools import compress, groupby
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from softmax_cli.commands.running.cluster import absolute, run_on_cluster
from softmax_cli.commands.running.labelled import LabelledInput
from softmax_cli.commands.running.parts import parts_of
from softmax_cli.core.calibration.samples import Sample
from softmax_cli.core.calibration.source import Fold, head_of, taken
from softmax_cli.core.gathered import AnyParts, AnySums, gathered, rows_of_section
from softmax_cli.errors import InputError, SoftmaxError
from softmax_cli.io.arguments import file_names
from softmax_cli.io.many import refuse_difference
from softmax_cli.io.options import Part, ReadOptions
from softmax_cli.io.parts import is_parquet, splittable
from softmax_cli.io.read import read
from softmax_cli.io.streams.prefetch import ordered
from softmax_cli.io.streams.ranges import size_and_version

if TYPE_CHECKING:
    from softmax_cli.core.labelled import Labelled

Found = TypeVar("Found")


class Piece(NamedTuple):
    """What one task reads: a file, by its name and number, or a section of it; and what errors call it."""

    name: str
    file: int
    part: Part | None
    label: str


def pieces_of(given: LabelledInput) -> list[Piece]:
    """Return the files of an input, large ones cut into the sections over which sums are gathered."""
    cluster, quiet = given.delivery.cluster, given.delivery.quiet
    assert cluster is not None
    names = dict.fromkeys(file_names(given.logits) or ())
    are_large = ordered(partial(splittable, options=given.options), names)
    large = {name: absolute(name) for name in compress(names, are_large)}
    asking = {name: partial(_section_size, word, given.options) for name, word in large.items()}
    found = zip(large, run_on_cluster(cluster, asking, quiet=quiet), strict=True)
    sizes = {name: size for name, size in found if size is not None}
    parts = parts_of(cluster, {name: large[name] for name in sizes}, sizes, quiet=quiet)
    return [
        Piece(name, i, part, f"{name} (part {j})" if part else name)
        for i, name in enumerate(names)
        for j, part in enumerate(parts.get(name, [None]), 1)
    ]


def _section_size(word: str, options: ReadOptions) -> int | None:
    """Return how many rows a section of a large file has; None if no first row can be read."""
    try:
        if is_parquet(word):
            options = options._replace(part=Part(*size_and_version(word), (0, 1)))
        return rows_of_section(next(read([word], options, note=lambda _: None)).k)
    except (SoftmaxError, StopIteration):  # a task will say what is wrong with it, and give the notes
        return None


def on_cluster(
    given: LabelledInput,
    pieces: Sequence[Piece],
    work: Callable[[LabelledInput], Found],
    *,
    whole: bool = True,
) -> Iterator[Found]:
    """Yield the workers' results for pieces of an input; if these are the whole, it must have rows."""
    assert given.delivery.cluster is not None
    quiet = given.delivery._replace(quiet=True)

    def task(piece: Piece) -> Callable[[], tuple[Found, LabelledInput]]:
        options = given.options._replace(part=piece.part)
        logits = [absolute(piece.name)]
        part = replace(given, logits=logits, options=options, delivery=quiet, file=piece.file)
        return partial(_worked, part, work)

    tasks = {piece.label: task(piece) for piece in pieces}
    read: Iterator[tuple[Found, LabelledInput]] = run_on_cluster(
        given.delivery.cluster, tasks, quiet=given.delivery.quiet
    )
    rows = ignored = 0
    for piece, (found, part) in zip(pieces, read, strict=True):
        rows, ignored = rows + part.rows, ignored + part.ignored
        given.versions |= part.versions
        if part.shape is not None:
            given.shape = given.shape or part.shape
            refuse_difference(given.shape, part.shape, piece.name, (file_names(given.logits) or [""])[0])
        yield found
    if whole:
        given.rows, given.ignored = rows, ignored
        given.refuse_none()


def _worked(given: LabelledInput, work: Callable[[LabelledInput], Found]) -> tuple[Found, LabelledInput]:
    """Do the work on a piece, and return what was found and seen of its file."""
    given.note_versions()
    return work(given), replace(given, calibration=None)  # which may be large


def merged(pieces: Iterable[Piece], found: Iterable[AnyParts]) -> AnyParts:
    """Merge the sums over pieces, first those of each file's sections, then those of the files."""
    by_file = groupby(zip(pieces, found, strict=True), key=lambda one: one[0].file)
    return _merged(_merged(sums for _, sums in of_file) for _, of_file in by_file)


def _merged(found: Iterator[AnyParts]) -> AnyParts:
    total = next(found)
    for other in found:
        total.merge(other)
    return total


class Files:
    """The rows of several files that a calibration is fitted to; sums come here, not the rows.

    Parameters
    ----------
    given
        The input.
    pieces
        The files and parts that it is read in.
    folds
        The folds that its rows are selected by.
    """

    def __init__(
        self, given: LabelledInput, pieces: Sequence[Piece] | None = None, folds: tuple[Fold, ...] = ()
    ) -> None:
        self.given = given
        self.pieces = pieces_of(given) if pieces is None else pieces
        self.read = 0
        """The number of times that all rows were read."""
        self._folds = folds
        self._drawn: list[Sample] = []

    def head(self) -> "Labelled":
        """Return the first rows, from more and more pieces until there are enough."""
        parts: list[Labelled] = []
        done, count = 0, 1
        while done < len(self.pieces):
            some = self.pieces[done : done + count]
            heads = on_cluster(self.given, some, partial(_head, self._folds), whole=False)
            parts += (head for head in heads if head is not None)
            if parts and sum(map(len, parts)) >= Sample.most(parts[0].k):
                break
            done, count = done + count, 2 * count
        if not parts:
            self.gather(Sample())  # this says why there are none, unless only a fold has none
            raise InputError("there are no rows")
        return head_of(parts)

    def gather(self, empty: AnySums, *, sampled: bool = False) -> AnySums:
        """Return sums over all rows."""
        self.read += 1
        parts = len(self.pieces) if sampled else 0
        drawn: list[Sample] = []

        def sums() -> Iterator[AnySums]:
            work = partial(_gathered, self._folds, empty, parts)
            for of_piece, sample in on_cluster(self.given, self.pieces, work):
                drawn.append(sample)
                yield of_piece

        total = merged(self.pieces, sums())
        self._drawn = drawn if sampled else self._drawn
        return total

    def sample(self) -> "Labelled":
        """Return the rows that were drawn while sums were last gathered.

        A piece that holds more of them than its share is asked again.
        """
        drawn = _together(self._drawn)
        drawn.thin()
        short = [i for i, sample in enumerate(self._drawn) if sample.threshold < drawn.threshold]
        if short:
            work = partial(_sampled, self._folds, drawn.threshold)
            again = on_cluster(self.given, [self.pieces[i] for i in short], work, whole=False)
            for i, sample in zip(short, again, strict=True):
                self._drawn[i] = sample
            drawn = _together(self._drawn)
        return drawn.rows()

    def only(self, fold: Fold) -> "Files":
        """Return the rows of a fold."""
        return Files(self.given, self.pieces, (*self._folds, fold))


def _together(samples: Iterable[Sample]) -> Sample:
    total = Sample()
    for sample in samples:
        total.merge(deepcopy(sample))
    return total


def _rows(given: LabelledInput, folds: tuple[Fold, ...]) -> "Iterable[Labelled]":
    rows: Iterable[Labelled] = (rows for _, rows in given.read())
    for fold in folds:
        rows = fold.of(rows)
    return rows


def _head(folds: tuple[Fold, ...], given: LabelledInput) -> "Labelled | None":
    """Return the first rows of a piece, as many as a sample has."""
    parts = taken(_rows(given, folds))
    return head_of(parts) if parts else None


def _gathered(folds: tuple[Fold, ...], empty: Any, parts: int, given: LabelledInput) -> tuple[Any, Sample]:
    """Return sums over a piece, and its share of a sample drawn from `parts` pieces (0: no sample)."""
    sample, rows = Sample(parts=parts), _rows(given, folds)
    found = gathered(empty, sample.watch(rows) if parts else rows)
    sample.thin()
    return found, sample


def _sampled(folds: tuple[Fold, ...], threshold: float, given: LabelledInput) -> Sample:
    """Return the rows of a piece whose random numbers are below a threshold."""
    sample = Sample(threshold=threshold)
    for rows in _rows(given, folds):
        sample.add(rows)
    sample.thin()
    return sample
