"""``softmax_cli.check``: a verdict in Python, and an assertion in one line."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import softmax_cli
from softmax_cli.errors import InputError


def softmax(z: Any) -> Any:
    """Return the probabilities of the rows of z."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_backward(dout: Any, x: Any) -> Any:
    """Return g^T J."""
    p = softmax(x)
    return p * (dout - (dout * p).sum(axis=-1, keepdims=True))


def softmax_backward_wrong(dout: Any, x: Any) -> Any:
    """Return g^T J, the second term forgotten."""
    return softmax(x) * dout


class Layer:
    """A right softmax whose backward forgets the off-diagonal terms."""

    def forward(self, x: Any) -> Any:
        """Return the probabilities."""
        self.p = softmax(x)
        return self.p

    def backward(self, grad: Any) -> Any:
        """Return g p (1 - p)."""
        return grad * self.p * (1 - self.p)


def test_a_right_function_is_required_in_silence() -> None:
    """With how it was called, and that a batch was asked."""
    found = softmax_cli.check(softmax_backward)
    assert (found.passed, found.called) == (True, "called as softmax_backward(dout, x)")
    assert (found.reading, found.cause) == ("vjp", None)
    found.require()
    assert found.report().startswith("softmax_backward: right, called as softmax_backward(dout, x)")


def test_a_wrong_function_raises_with_its_report() -> None:
    """The cause, the fix and the line of the source."""
    found = softmax_cli.check(softmax_backward_wrong)
    assert found.cause == "the term -(g . p) is forgotten: p g alone"
    with pytest.raises(AssertionError, match="is forgotten") as caught:
        found.require()
    assert "fix:" in str(caught.value)
    assert "return softmax(x) * dout" in str(caught.value)
    assert max(map(len, str(caught.value).splitlines())) <= 80


@pytest.mark.parametrize("code", [Layer, Layer(), Layer().backward, Layer.backward])
def test_a_layer_is_checked_as_a_class_an_object_or_a_method(code: Any) -> None:
    """What is wrong is its backward."""
    found = softmax_cli.check(code)
    assert not found.passed
    assert found.reading == "vjp"


def test_what_cannot_be_called_is_an_error() -> None:
    """One line, of a ValueError."""
    with pytest.raises(InputError):
        softmax_cli.check(lambda z: z["logits"])
    with pytest.raises(ValueError, match=r"^reading: 'hessian' is unknown"):
        softmax_cli.check(softmax, reading="hessian")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^function: 'tan' is unknown"):
        softmax_cli.check(softmax, function="tan")


def test_it_loads_neither_rich_nor_typer() -> None:
    """A test suite pays for numpy alone."""
    code = (
        "import sys, softmax_cli, numpy as np\n"
        "softmax_cli.check(lambda z: np.diag(z)).report()\n"
        "assert not {'rich', 'typer', 'sympy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def gradient_at_two(z: Any) -> Any:
    """Return p - y for a target that is written into the code."""
    p, y = softmax(z), np.zeros(len(z))
    y[1] = 1.0
    return p - y


@pytest.mark.parametrize("said", [{}, {"function": "cross-entropy"}, {"reading": "gradient"}])
def test_a_target_in_the_code_is_found_whatever_is_said(said: dict[str, Any]) -> None:
    """Where the user names the function, or what it returns, it is still asked at its own target alone."""
    found = softmax_cli.check(gradient_at_two, **said)
    assert (found.passed, found.called) == (True, "with its target fixed at class 2")
