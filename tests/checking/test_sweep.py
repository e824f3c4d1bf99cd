"""Error against step size: rounding on one side, the formula's own error on the other, the best between."""

import numpy as np
import pytest

from softmax_cli.checking.inputs import Inputs
from softmax_cli.checking.sweep import EXACT, sweep
from softmax_cli.errors import InputError

ROW = Inputs.of([0.3, -1.0, 2.0], 2.0)


def test_a_difference_has_a_best_step_and_is_worse_on_both_sides() -> None:
    """Central differences lose at most ten digits of sixteen at their best, and all at 10 T."""
    found = sweep("softmax", ROW, "central")
    assert found.steps[[0, -1]] == pytest.approx([2e-17, 20.0], abs=0.0)
    assert np.isnan(found.errors[0])
    assert found.errors[found.best] < 1e-9
    assert found.errors[-1] > 0.1
    assert found.errors[found.best - 20] > 1e3 * found.errors[found.best]
    near_default = np.argmin(np.abs(np.log(found.steps / found.default)))
    assert found.errors[near_default] < 1e2 * found.errors[found.best]


def test_the_complex_step_is_exact_for_every_small_step() -> None:
    """Below 1e-8 its error is rounding, and where there is none at all it is drawn at EXACT."""
    errors = sweep("cross-entropy", ROW._replace(target=np.array([1])), "complex-step").errors
    assert np.all(errors[:30] < 1e-14)
    assert errors.min() >= EXACT / 2.0


@pytest.mark.parametrize(
    ("inputs", "said"),
    [(Inputs.of(np.zeros((2, 3))), "one row"), (Inputs.of(np.zeros(2001)), "2,001 classes are too many")],
)
def test_more_than_can_be_swept_is_refused(inputs: Inputs, said: str) -> None:
    """One row, of at most 2,000 classes."""
    with pytest.raises(InputError, match=said):
        sweep("softmax", inputs, "central")
