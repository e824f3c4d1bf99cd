"""Rows to learn from: features, and the class of each row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64
from softmax_cli.errors import InputError


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Features and classes.

    Parameters
    ----------
    values
        Shape (n, d), finite.
    labels
        The class of each row, counted from 0, shape (n,).
    features
        The names of the d columns.
    classes
        The names of the k classes, in order of name.
    target
        The name of the column that the classes come from.
    """

    values: Float64
    labels: NDArray[np.intp]
    features: tuple[str, ...]
    classes: tuple[str, ...]
    target: str

    @classmethod
    def of_words(
        cls, values: Float64, words: list[str], features: tuple[str, ...], *, target: str
    ) -> "FeatureTable":
        """Return the table whose classes are called `words`, one a row.

        Raises
        ------
        InputError
            For fewer than two classes: there is nothing to tell apart.
        """
        classes = sorted(set(words), key=by_name(words))
        if len(classes) < 2:
            what = (
                f"{len(words):,} row{'s' * (len(words) != 1)} of one class ({classes[0]})"
                if words
                else "no rows"
            )
            raise InputError(f"{what}: at least two classes are needed to tell apart")
        position = {name: i for i, name in enumerate(classes)}
        labels = np.array([position[word] for word in words], np.intp)
        return cls(values, labels, features, tuple(classes), target)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def k(self) -> int:
        """The number of classes."""
        return len(self.classes)

    def of_features(self, positions: Sequence[int]) -> "FeatureTable":
        """Return the table with some of its features alone, in the order given."""
        names = tuple(self.features[i] for i in positions)
        return replace(self, values=self.values[:, list(positions)], features=names)

    def scale(self) -> "Scale":
        """Return the mean and the population deviation of each feature.

        Raises
        ------
        InputError
            For a feature that is constant, or too large or too small to be squared.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            rough = _column_mean(self.values)
            mean = rough + _column_mean(self.values - rough)
            deviation = np.sqrt(_column_mean((self.values - mean) ** 2))
        for name, column, size in zip(self.features, self.values.T, deviation.tolist(), strict=True):
            if (column == column[0]).all():
                raise InputError(
                    f"the feature {name} is the same in every row: it tells no class from another",
                    hint=f"leave it out: -c '!{name}'",
                )
            if not 0 < size < np.inf:
                extent, unit = ("small", "smaller") if size == 0 else ("large", "larger")
                raise InputError(
                    f"the feature {name} is too {extent} to be squared", hint=f"give it in a {unit} unit"
                )
        return Scale(mean, deviation)


def by_name(words: list[str]) -> "type[int] | type[str]":
    """Return what classes are sorted by: their names, or, where all are whole numbers, those.

    >>> sorted({"10", "9"}, key=by_name(["10", "9"])), sorted({"b", "10", "9"}, key=by_name(["b", "10"]))
    (['9', '10'], ['10', '9', 'b'])
    """
    return int if all(word.isascii() and word.isdecimal() and len(word) < 19 for word in set(words)) else str


@dataclass(frozen=True, slots=True)
class Scale:
    """What standardises features: (x - mean) / deviation, each of shape (d,)."""

    mean: Float64
    deviation: Float64

    @classmethod
    def none(cls, d: int) -> "Scale":
        """Return the scale that leaves d features as they were measured."""
        return cls(np.zeros(d), np.ones(d))

    def standardised(self, values: Float64) -> Float64:
        """Return the standardised features, shape (n, d)."""
        scaled: Float64 = (values - self.mean) / self.deviation
        return scaled


def _column_mean(values: Float64) -> Float64:
    mean: Float64 = np.add.reduce(values, axis=0) / max(1, len(values))
    return mean
