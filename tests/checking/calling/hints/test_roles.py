"""What a name stands for: what is likely, and what would contradict it."""

from typing import Any

import pytest

from softmax_cli.checking.calling.code.subject import Parameter
from softmax_cli.checking.calling.hints.roles import CONTRADICTS, is_matrix, options, plain_name


@pytest.mark.parametrize(
    ("name", "likely", "contradicted"),
    [
        *[("z", ["z"], {"p"}), ("x", ["z"], set()), ("raw_scores", ["z"], {"p"}), ("v", ["z"], set())],
        *[("p", ["p"], {"z"}), ("s", ["p"], set()), ("softmax_grad_in", ["g"], set())],
        *[(name, ["p"], set()) for name in ("class_probability", "cached_softmax")],
        *[(name, ["log p"], {"p", "z"}) for name in ("lp", "log_probs", "logp")],
        *[(name, ["g"], set()) for name in ("dout", "dA", "grad_output", "cotangent")],
        *[(name, ["index", "one-hot"], set()) for name in ("y", "labels", "true_label", "y_true")],
        *[("Y", ["one-hot", "index"], set()), ("y_onehot", ["one-hot"], {"index"})],
        *[(name, ["index", "i", "j"], {"one-hot"}) for name in ("target_idx", "label_index", "indices")],
        *[("idx", ["index", "i", "j"], {"one-hot"}), ("i", ["index", "i", "j"], {"one-hot"})],
        *[("tau", ["T"], set()), ("axis", ["constant", "constant"], set()), ("b", ["no bias"], set())],
        *[("N", ["count n"], set()), ("K", ["count k"], set()), ("foo", [], set())],
    ],
)
def test_a_required_name_has_its_roles(name: str, likely: list[str], contradicted: set[str]) -> None:
    """Those that cost less than 1 in their order, and those that it must not be."""
    found = options(Parameter(name), "")
    assert [option.role for option in found if option.cost < 1.0] == likely
    assert {option.role for option in found if option.cost >= CONTRADICTS} == contradicted


@pytest.mark.parametrize(
    ("name", "default", "first"),
    [
        *[("T", 1.0, ("T", None)), ("t", True, ("skip", None)), ("temp", 2, ("T", None))],
        *[("axis", 0, ("constant", -1)), ("axis", -1, ("skip", None)), ("axis", False, ("skip", None))],
        *[("derivative", False, ("constant", True)), ("deriv", 0, ("constant", True))],
        *[("derivative", True, ("skip", None)), ("eps", 1e-9, ("skip", None))],
        *[("y", None, ("skip", None)), ("target", 3, ("index", None)), ("target", "mean", ("skip", None))],
        *[("g", None, ("g", None)), ("g", 1.0, ("g", None)), ("upstream", 2.0, ("skip", None))],
    ],
)
def test_a_default_says_more_than_a_name(name: str, default: Any, first: tuple[str, Any]) -> None:
    """It is left alone, but for a temperature, a target, a flag for the derivative, axis 0 and g = 1."""
    option = options(Parameter(name, default), "")[0]
    assert (option.role, option.constant) == first


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("s: the softmax output of the forward pass", "p"),
        ("s = unnormalised scores", "z"),
        ("s is the upstream gradient, of the loss", "g"),
        ("s (ndarray): log probabilities", "log p"),
        ("s -- one-hot rows", "one-hot"),
        ("the scores s", "p"),
    ],
)
def test_what_is_documented_comes_before_the_name(said: str, first: str) -> None:
    """Where it stands behind the name itself; other values contradict it then."""
    found = options(Parameter("s"), said)
    assert found[0].role == first
    if first in ("z", "g"):
        assert {option.cost >= CONTRADICTS for option in found if option.role == "p"} == {True}


@pytest.mark.parametrize(
    ("name", "plain"),
    [("dOut", "d_out"), ("yTrue_", "y_true"), ("Z2", "z"), ("_x_1", "x"), ("l2", "l2"), ("y_hat", "y_hat")],
)
def test_names_are_compared_in_one_style(name: str, plain: str) -> None:
    """Lower case with underscores, without a number."""
    assert plain_name(name) == plain


def test_a_capital_is_a_matrix() -> None:
    """As people name them; sizes and the temperature are capitals too."""
    assert [name for name in ("X", "dA", "Y_hat", "Z1", "x", "T", "N", "K", "Xs_") if is_matrix(name)] == [
        *("X", "dA", "Y_hat", "Z1")
    ]
