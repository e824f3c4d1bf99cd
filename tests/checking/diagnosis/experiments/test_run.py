"""A function that can be asked: the true cause, from its own answers, and no other."""

import numpy as np
import pytest

from softmax_cli.checking.diagnosis.experiments.run import by_experiment
from softmax_cli.checking.inputs import Array, Sought
from tests.checking.asked import Wrong, subject_of, wrong_functions


def softmax(z: Array) -> Array:
    """Return the textbook softmax."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


@pytest.mark.parametrize("wrong", wrong_functions(), ids=lambda wrong: wrong.function.__name__)
def test_the_true_cause_is_told_alone(wrong: Wrong) -> None:
    """Whatever the style, the one cause is that of the docstring."""
    found = by_experiment(wrong.box)
    assert found is not None
    assert len(found.causes) == 1
    assert wrong.words in found.causes[0].title


@pytest.mark.parametrize("bound", [3.0, 25.0, 88.0, 500.0])
def test_the_bound_of_a_clip_is_found(bound: float) -> None:
    """Whatever it is, to its last digit."""

    def probabilities(z: Array) -> Array:
        return softmax(np.clip(z, -bound, bound))

    found = by_experiment(subject_of(Sought("softmax", "probabilities"), probabilities, ["z"]))
    assert found is not None
    assert f"clipped to [-{bound:g}, {bound:g}]" in found.causes[0].title


@pytest.mark.parametrize("number", [3e-4, 1e-7, 2e-12])
def test_the_size_of_an_epsilon_is_found(number: float) -> None:
    """Also one that no list has."""

    def vjp(z: Array, g: Array) -> Array:
        p = softmax(z) + number
        return np.asarray(p * (g - (g * p).sum()))

    found = by_experiment(subject_of(Sought("softmax", "vjp"), vjp, ["z", "g"]))
    assert found is not None
    assert found.causes[0].title == f"{number:g} is added to the probabilities"


@pytest.mark.parametrize(
    ("factor", "words"),
    [("1/k", "number of classes"), ("1/sqrt(k)", "root of the number of classes"), ("0.2", "0.2 times")],
)
def test_factors_that_are_alike_at_five_classes_are_told_apart(factor: str, words: str) -> None:
    """1/k is 0.2 at k = 5: other numbers of classes tell."""

    def jacobian(z: Array) -> Array:
        p = softmax(z)
        scale = {"1/k": 1.0 / z.size, "1/sqrt(k)": z.size**-0.5, "0.2": 0.2}[factor]
        return np.asarray(scale * (np.diag(p) - np.outer(p, p)))

    found = by_experiment(subject_of(Sought("softmax", "jacobian"), jacobian, ["z"]))
    assert found is not None
    assert len(found.causes) == 1
    assert words in found.causes[0].title


def test_a_mistake_and_the_number_in_its_p_are_told_as_one() -> None:
    """With what mends each of them, and a formula of both."""

    def jacobian(z: Array) -> Array:
        p = np.clip(softmax(z), 1e-3, 1 - 1e-3)
        return np.asarray(np.diag(p) + np.outer(p, p))

    found = by_experiment(subject_of(Sought("softmax", "jacobian"), jacobian, ["z"]))
    assert found is not None
    (cause,) = found.causes
    assert cause.title == (
        "a plus sign in place of the minus: diag(p) + p p^T; "
        "and the probabilities are clipped to [0.001, 1 - 0.001]"
    )
    assert cause.fix == (
        "np.diag(p) - np.outer(p, p), over T; in p: do not clip; for logarithms take log-softmax"
    )
    assert cause.theirs == "J_ij = p_i (d_ij + p_j) / T, with clip(p, 0.001, 1 - 0.001) for p"


def test_a_temperature_that_is_ignored_besides_is_told_with_the_mistake() -> None:
    """A mistake of a function that takes T, and does not use it, is two mistakes."""

    def jacobian(z: Array, temperature: float) -> Array:
        p = softmax(z)
        return np.asarray(np.diag(p * (1 - p)) + (1 - np.eye(len(z))) * np.outer(p, p))

    found = by_experiment(subject_of(Sought("softmax", "jacobian"), jacobian, ["z"], temperature=True))
    assert found is not None
    assert [cause.title for cause in found.causes] == [
        "the off-diagonal entries have the wrong sign; and the temperature is ignored"
    ]


def test_where_nothing_fits_a_law_is_told_and_no_cause() -> None:
    """A product that is not linear in its vector: the law, the input, and that no mistake is known."""

    def vjp(z: Array, g: Array) -> Array:
        return np.asarray(np.sin(7.0 * g + z) * np.cosh(z) ** 0.3)

    found = by_experiment(subject_of(Sought("softmax", "vjp"), vjp, ["z", "g"]))
    assert found is not None
    assert [cause.id for cause in found.causes] == ["law-linear"]
    assert "no known mistake" in found.causes[0].title
    assert "at z = (" in found.causes[0].title
    assert "law-shift" in {law.id for law in found.laws}


def test_a_cause_that_holds_only_where_it_was_found_is_not_told() -> None:
    """Right at five classes times 2, otherwise something else: not doubled."""

    def jacobian(z: Array) -> Array:
        p = softmax(z)
        extra = 2.0 if z.size == 5 else 1.0 + np.tanh(z.sum())
        return np.asarray(extra * (np.diag(p) - np.outer(p, p)))

    found = by_experiment(subject_of(Sought("softmax", "jacobian"), jacobian, ["z"]))
    assert found is not None
    assert found.causes[0].id != "doubled"


def test_a_function_that_cannot_be_asked_has_no_experiment() -> None:
    """Where it takes other sizes than any that is tried, its numbers alone are left."""

    def only_two(z: Array) -> Array:
        return z.reshape(2, 1)

    assert by_experiment(subject_of(Sought("softmax", "probabilities"), only_two, ["z"])) is None
