"""A function that core's table gains is checked by its values, with no entry anywhere else."""

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from softmax_cli.checking.catalogue.mistake import right, right_formula
from softmax_cli.checking.check import Criteria, check_own
from softmax_cli.checking.inputs import Inputs, Kind, Quantities, Sought
from softmax_cli.checking.reference import How, Truth
from softmax_cli.checking.verdict import judge
from softmax_cli.core.functions import FUNCTIONS, Function
from softmax_cli.errors import InputError

Z = np.array([[0.3, -1.2, 0.8], [1.0, 0.4, -0.6]])


def _slope(z: Any, temperature: Any) -> Any:
    return (1.0 - np.tanh(z / temperature) ** 2) / temperature


@pytest.fixture(autouse=True)
def tanh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add tanh to the table, as a module with the four functions that the table asks for."""
    module: Any = ModuleType("softmax_cli.core.tanh_under_test")
    module.value = lambda z, axis=-1, temperature=1.0: np.tanh(z / temperature)
    module.jacobian = lambda z, axis=-1, temperature=1.0: (
        np.eye(z.shape[-1]) * _slope(z, temperature)[..., None, :]
    )
    module.jvp = module.vjp = lambda z, v, axis=-1, temperature=1.0: v * _slope(z, temperature)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(FUNCTIONS, "tanh", Function("tanh", "tanh_under_test", "tanh(z_i / T)"))


@pytest.mark.parametrize("kind", ["jacobian", "jvp", "vjp"])
@pytest.mark.parametrize("method", ["complex-step", "central", "richardson"])
def test_its_own_derivative_is_right(kind: Kind, method: str) -> None:
    """What core computes agrees with the differences, each row at its own place."""
    verdict = check_own(Criteria(Sought("tanh", kind), How(method)), Inputs.of(Z, 2.0))
    assert verdict.passed


def test_a_wrong_one_fails_with_its_factor() -> None:
    """A factor is named without a catalogue."""
    inputs = Inputs.of(Z, np.array([2.0, 3.0]))
    truth = Truth.of(Sought("tanh", "jacobian"), inputs)
    verdict = judge(truth, -truth.whole()[0])
    assert not verdict.passed
    assert verdict.diagnosis.causes[0].factor == "-1"


def test_mpmath_does_not_know_it() -> None:
    """The last word needs a formula: one line says so."""
    with pytest.raises(InputError, match="no form for mpmath"):
        Truth.of(Sought("tanh", "jacobian"), Inputs.of(Z), How(digits=30))


def test_what_core_computes_stands_for_its_formula() -> None:
    """Each row at its temperature and with its vector, and of any rows and classes a part."""
    t, v = np.array([2.0, 3.0]), np.array([[1.0, -2.0, 0.5], [0.3, 0.1, -0.7]])
    whole = Quantities(Inputs.of(Z, t, vector=v))
    part = Quantities(Inputs.of(Z, t, vector=v), rows=np.array([1]), classes=np.array([0, 2]))
    slope = _slope(Z, t[:, None])
    expected: dict[Kind, Any] = {
        "jacobian": slope[:, None, :] * np.eye(3),
        "vjp": v * slope,
        "jvp": v * slope,
        "probabilities": np.tanh(Z / t[:, None]),
    }
    for kind, answer in expected.items():
        np.testing.assert_allclose(right(Sought("tanh", kind))(whole), answer)
        some = answer[1:, [0, 2]][..., [0, 2]] if kind == "jacobian" else answer[1:, [0, 2]]
        np.testing.assert_allclose(right(Sought("tanh", kind))(part), some)
    assert right_formula(Sought("tanh", "vjp")) == "the vjp of tanh(z_i / T)"
