"""The file that a model is kept in."""

import json

import numpy as np

from softmax_cli.learning.datasets import iris
from softmax_cli.learning.model import Model
from softmax_cli.learning.network import Network


def trained(hidden: int = 0) -> Model:
    """Return a model of iris with some weights."""
    table = iris()
    network = Network(4, 3, hidden)
    return Model.of(table, table.scale(), network, np.linspace(-1.0, 2.0, network.size))


def test_a_model_says_its_version_and_the_names_of_its_hidden_units() -> None:
    """Files written by the first version, whose hidden units are h1, h2, ..., can be read ever after."""
    given = trained(hidden=2).as_json()
    assert (given["format"], given["version"]) == ("softmax-model", 1)
    assert list(given["weights"]) == list(given["hidden"]["biases"]) == ["h1", "h2"]


def test_a_model_is_the_same_when_it_is_read_back() -> None:
    """The logits of a model that went through a file are those that it gave before, to the last bit."""
    for hidden in (0, 3):
        model = trained(hidden)
        again = Model.from_json(json.loads(json.dumps(model.as_json())), "m.json")
        np.testing.assert_array_equal(again.logits(iris().values), model.logits(iris().values))


def test_whole_numbers_are_numbers() -> None:
    """A number in a model may be written without a point, however many digits it has."""
    given = trained().as_json()
    given["mean"] = dict.fromkeys(given["mean"], 10**30)
    read = Model.from_json(given, "m.json")
    assert read.scale.mean.tolist() == [1e30] * 4
