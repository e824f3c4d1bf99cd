"""An input with labels whose files are read by the workers of a cluster: each gathers over its file."""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from softmax_cli.commands.running.labelled import LabelledInput
from softmax_cli.core.calibration.samples import Sample
from softmax_cli.core.calibration.source import Fold, head_of, taken
from softmax_cli.core.gathered import AnySums, gathered
from softmax_cli.errors import InputError
from softmax_cli.io.arguments import file_names
from softmax_cli.io.many import Shape, refuse_difference

if TYPE_CHECKING:
    from softmax_cli.core.labelled import Labelled

Found = TypeVar("Found")


class _Read(NamedTuple, Generic[Found]):
    """What a task has found, and what it has seen of its file."""

    found: Found
    shape: Shape | None
    rows: int
    ignored: int
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Task(Generic[Found]):
    """The work on one file."""

    given: LabelledInput
    work: Callable[[LabelledInput], Found]

    def __call__(self) -> _Read[Found]:
        self.given.note_versions()
        found = self.work(self.given)
        return _Read(found, self.given.shape, self.given.rows, self.given.ignored, self.given.versions)


def on_cluster(
    given: LabelledInput, names: Sequence[str], work: Callable[[LabelledInput], Found], *, whole: bool = True
) -> list[Found]:
    """Return what the workers make of some files of an input; where they are all, refuse one without rows."""
    from softmax_cli.commands.running.cluster import absolute, run_on_cluster

    assert given.delivery.cluster is not None
    quiet = given.delivery._replace(quiet=True)
    order = {name: i for i, name in enumerate(file_names(given.logits) or ())}
    tasks = {
        name: _Task(replace(given, logits=[absolute(name)], delivery=quiet, file=order[name]), work)
        for name in names
    }
    read: dict[str, _Read[Found]] = run_on_cluster(given.delivery.cluster, tasks)
    for one in read.values():
        given.versions |= one.versions
    shapes = {name: one.shape for name, one in read.items() if one.shape is not None}
    for name, shape in shapes.items():
        given.shape = given.shape or shape
        refuse_difference(given.shape, shape, name, next(iter(order)))
    if whole:
        given.rows = sum(one.rows for one in read.values())
        given.ignored = sum(one.ignored for one in read.values())
        given.refuse_none()
    return [one.found for one in read.values()]


class Files:
    """The rows of several files, where a calibration is fitted to them: sums come here, not the rows.

    Parameters
    ----------
    given
        The input.
    folds
        Which of its rows are meant, if not all.
    """

    def __init__(self, given: LabelledInput, folds: tuple[Fold, ...] = ()) -> None:
        self.given = given
        self.names = file_names(given.logits) or []
        self.read = 0
        """How often all rows were read."""
        self._folds = folds
        self._drawn: list[Sample] = []

    def head(self) -> "Labelled":
        """Return the first rows; of more files at a time until there are enough."""
        parts: list[Labelled] = []
        done, count = 0, 1
        while done < len(self.names):
            names = self.names[done : done + count]
            heads = on_cluster(self.given, names, partial(_head, self._folds), whole=False)
            parts += [head for head in heads if head is not None]
            if parts and sum(map(len, parts)) >= Sample.most(parts[0].k):
                break
            done, count = done + count, 2 * count
        if not parts:
            self.gather(Sample())  # which says why there are none, but where it is a fold that has none
            raise InputError("there are no rows")
        return head_of(parts)

    def gather(self, empty: AnySums, *, sampled: bool = False) -> AnySums:
        """Return sums over all rows."""
        self.read += 1
        files = len(self.names) if sampled else 0
        found = on_cluster(self.given, self.names, partial(_gathered, self._folds, empty, files))
        total = deepcopy(empty)
        for of_file, _ in found:
            total.merge(of_file)
        if sampled:
            self._drawn = [sample for _, sample in found]
        return total

    def sample(self) -> "Labelled":
        """Return the rows that were drawn while they were last summed up.

        A file that holds more of them than its share is asked again.
        """
        drawn = _merged(self._drawn)
        drawn.thin()
        short = {
            name: i
            for i, (name, sample) in enumerate(zip(self.names, self._drawn, strict=True))
            if sample.threshold < drawn.threshold
        }
        if short:
            again = on_cluster(
                self.given, list(short), partial(_sampled, self._folds, drawn.threshold), whole=False
            )
            for i, sample in zip(short.values(), again, strict=True):
                self._drawn[i] = sample
            drawn = _merged(self._drawn)
        return drawn.rows()

    def only(self, fold: Fold) -> "Files":
        """Return the rows of a fold."""
        return Files(self.given, (*self._folds, fold))


def _merged(samples: Iterable[Sample]) -> Sample:
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
    """Return the first rows of a file, as many as a sample has."""
    parts = taken(_rows(given, folds))
    return head_of(parts) if parts else None


def _gathered(folds: tuple[Fold, ...], empty: Any, files: int, given: LabelledInput) -> tuple[Any, Sample]:
    """Return sums over a file, and its share of a sample drawn from so many files (0: of none)."""
    sample, rows = Sample(files=files), _rows(given, folds)
    found = gathered(empty, sample.watch(rows) if files else rows)
    sample.thin()
    return found, sample


def _sampled(folds: tuple[Fold, ...], threshold: float, given: LabelledInput) -> Sample:
    """Return the rows of a file whose random numbers are below a threshold."""
    sample = Sample(threshold=threshold)
    for rows in _rows(given, folds):
        sample.add(rows)
    sample.thin()
    return sample
