"""One row's walk: the numbers that are done by hand."""

import numpy as np
import pytest

from softmax_cli.learning.backward import walked
from softmax_cli.learning.datasets import iris
from softmax_cli.learning.training import Plan


def test_flower_71() -> None:
    """The petals of flower 71, weights 0, rate 0.1: promised .940, became .884."""
    chain = walked(iris().of_features([2, 3]), 70, Plan(), as_measured=True)
    np.testing.assert_allclose(chain.x, [4.8, 1.8])
    np.testing.assert_allclose(chain.by_probabilities, [0, -3, 0])
    np.testing.assert_allclose(chain.by_logits, [1 / 3, -2 / 3, 1 / 3])
    np.testing.assert_allclose(chain.by_probabilities @ chain.jacobian, chain.by_logits, atol=1e-15)
    np.testing.assert_allclose(chain.became, [0.0578, 0.8844, 0.0578], atol=5e-5)
    assert chain.promised[1] == pytest.approx(0.940, abs=5e-4)
    assert chain.loss == pytest.approx(1.0986, abs=5e-5)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_hidden_links_chain_up(activation: str) -> None:
    """Through a hidden layer each link is the product of the ones before; complex steps agree."""
    chain = walked(iris(), 50, Plan(hidden=3, activation=activation), as_measured=False)
    assert chain.hidden is not None
    np.testing.assert_allclose(chain.hidden.by_sums, chain.hidden.by_values * chain.hidden.slopes)
    np.testing.assert_allclose(chain.slopes[0].weights, np.outer(chain.x, chain.hidden.by_sums), atol=1e-16)
    np.testing.assert_allclose(
        chain.slopes[1].weights, np.outer(chain.hidden.values, chain.by_logits), atol=1e-16
    )
    assert chain.error < 1e-14
