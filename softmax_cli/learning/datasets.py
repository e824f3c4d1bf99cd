"""The tables that come with the program: iris, as measured, and fruit, which is simulated."""

import csv
import random
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from softmax_cli.learning.table import FeatureTable


class Dataset(NamedTuple):
    """A table, where it comes from, and the features by which one row is walked through by hand."""

    load: Callable[[], FeatureTable]
    source: str
    noun: str
    walked: tuple[str, ...]
    as_measured: bool
    """Whether the walk takes the features as they were measured: where that gives a step of readable size."""


def iris() -> FeatureTable:
    """Return Fisher's iris, 150 flowers of three species, rows 35 and 38 corrected.

    >>> iris().classes, len(iris())
    (('setosa', 'versicolor', 'virginica'), 150)
    """
    text = files("softmax_cli.learning").joinpath("tables/iris.csv").read_text("utf-8")
    header, *rows = csv.reader(line for line in text.splitlines() if not line.startswith("#"))
    values = np.array([[float(cell) for cell in row[:-1]] for row in rows])
    return FeatureTable.of_words(values, [row[-1] for row in rows], tuple(header[:-1]), target=header[-1])


class _Kind(NamedTuple):
    """A fruit: mean and deviation of each feature; its sizes go together, heavy fruit being wide and high."""

    name: str
    mass: tuple[float, float]
    width: tuple[float, float]
    height: tuple[float, float]
    colour: tuple[float, float]


_KINDS = (
    _Kind("apple", (165.0, 22.0), (7.4, 0.4), (7.3, 0.5), (0.68, 0.12)),
    _Kind("orange", (185.0, 28.0), (7.5, 0.5), (7.6, 0.5), (0.77, 0.04)),
    _Kind("lemon", (150.0, 30.0), (6.5, 0.5), (8.7, 0.8), (0.72, 0.03)),
    _Kind("mandarin", (82.0, 9.0), (6.0, 0.3), (4.6, 0.4), (0.79, 0.02)),
)
_OF_EACH = 30
_SEED = 7


def fruit() -> FeatureTable:
    """Return a simulated table of 120 fruits: mass in g, width and height in cm, colour, 0 green to 1 red.

    It is drawn with one seed, in arithmetic that is the same on every machine, and rounded as a scale and a
    ruler would.

    >>> fruit().classes, fruit().values[0].tolist()
    (('apple', 'lemon', 'mandarin', 'orange'), [122.0, 6.1, 6.7, 0.68])
    """
    rows = list(_fruits(random.Random(_SEED)))
    values = np.array([row for _, row in rows])
    features = ("mass", "width", "height", "colour")
    return FeatureTable.of_words(values, [name for name, _ in rows], features, target="fruit")


def _fruits(source: random.Random) -> Iterator[tuple[str, list[float]]]:
    def bell() -> float:
        return sum(source.random() for _ in range(12)) - 6.0  # about normal, of deviation 1

    for kind in _KINDS:
        for _ in range(_OF_EACH):
            size = bell()
            row = []
            for (mean, deviation), shared, digits in zip(
                kind[1:], (0.8, 0.8, 0.6, 0.0), (0, 1, 1, 2), strict=True
            ):
                own = shared * size + (1.0 - shared**2) ** 0.5 * bell()
                row.append(round(mean + deviation * own, digits))
            yield kind.name, row


DATASETS = {
    "iris": Dataset(
        iris,
        "iris: 150 flowers measured by E. Anderson, published by R. A. Fisher (1936); CC BY 4.0, UCI Machine "
        "Learning Repository",
        "flower",
        ("petal_length", "petal_width"),
        True,
    ),
    "fruit": Dataset(
        fruit,
        "fruit: 120 fruits, simulated, not measured: mass in g, width and height in cm, colour from 0 "
        "(green) to 1 (red)",
        "fruit",
        ("mass", "width", "height", "colour"),
        False,
    ),
}
