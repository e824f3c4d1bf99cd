"""Tables to learn from, and the two that come with the program."""

import numpy as np
import pytest

from softmax_cli.errors import InputError
from softmax_cli.learning.datasets import DATASETS, fruit, iris
from softmax_cli.learning.table import FeatureTable


def test_iris_is_the_corrected_one() -> None:
    """150 rows, 50 of each; rows 35 and 38 are Fisher's, which UCI's copy has wrong."""
    table = iris()
    assert np.bincount(table.labels).tolist() == [50, 50, 50]
    assert table.values[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert table.values[37].tolist() == [4.9, 3.6, 1.4, 0.1]
    assert table.values[70].tolist() == [5.9, 3.2, 4.8, 1.8]


def test_fruit_is_said_to_be_simulated() -> None:
    """The fruit table says that it is simulated, and is the same each time."""
    assert "simulated" in DATASETS["fruit"].source
    np.testing.assert_array_equal(fruit().values, fruit().values)
    assert sorted(set(fruit().labels.tolist())) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("values", "words", "what"),
    [
        ([[1.0], [2.0]], "aa", "2 rows of one class"),
        ([[1.0]], "a", "1 row of one class"),
        ([[1.0, 5.0], [2.0, 5.0]], "ab", "the feature g is the same in every row"),
        ([[1.0, 1e-320], [2.0, 2e-320]], "ab", "the feature g is too small to be squared"),
        ([[1e300, 1.0], [-1e300, 5.0]], "ab", "the feature f is too large"),
    ],
)
def test_tables_that_teach_nothing(values: list[list[float]], words: str, what: str) -> None:
    """One class, one row, a constant feature, or one whose square overflows: an error that says so."""
    with pytest.raises(InputError, match=what):
        FeatureTable.of_words(np.array(values), list(words), ("f", "g")[: len(values[0])], target="y").scale()


def test_standardised_features() -> None:
    """Standardised features have mean 0 and population deviation 1, of whatever unit they were."""
    values = iris().values * 1e-3 + 1e3
    table = FeatureTable(values, iris().labels, iris().features, iris().classes, "species")
    x = table.scale().standardised(values)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-10)
    np.testing.assert_allclose(x.std(axis=0), 1, rtol=1e-9)
