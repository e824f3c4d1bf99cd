"""How exactly the numbers of an answer can be read."""

import numpy as np

from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.inputs import Array, Inputs, Quantities, Sought


def wrong(got: Array, inputs: Inputs) -> Array:
    """Return which entries of a Jacobian are not the right one's, rounding apart."""
    found = Evidence.of(Sought("softmax", "jacobian"), Quantities.of(inputs), got, None)
    return np.asarray(found.compared.wrong)


def test_a_diagonal_that_is_plainly_computed_is_read_to_an_ulp_of_p() -> None:
    """Of p - p^2 few digits are left where p is nearly 1: that is no mistake, but one of more is."""
    inputs = Inputs.of([20.0, 0.0, 1.5])
    p = np.exp(inputs.z[0] - 20.0) / np.exp(inputs.z[0] - 20.0).sum()
    plain = (np.diag(p) - np.outer(p, p))[None]
    assert abs(plain[0, 0, 0] / (p[0] * (p[1] + p[2])) - 1.0) > 1e-9
    assert not wrong(plain, inputs).any()
    more = plain + np.diag([1e-12, 0.0, 0.0])
    assert np.argwhere(wrong(more, inputs)).tolist() == [[0, 0, 0]]
