"""What a type checker must see of the Python API; mypy reads this file, nothing runs it."""

from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

import softmax_cli
from softmax_cli import cross_entropy, jacobian, jvp, log_softmax, sigmoid, softmax, vjp

Array = NDArray[np.floating[Any]]

assert_type(softmax_cli.__version__, str)
assert_type(softmax([1.0, 2.0]), Array)
assert_type(log_softmax(np.zeros((2, 3)), axis=0), Array)
assert_type(sigmoid([1, 2], temperature=2), Array)
assert_type(cross_entropy([1.0, 2.0], 1), Array)
assert_type(jacobian([1.0, 2.0], function="cross-entropy", target=[0]), Array)
assert_type(jvp([1.0, 2.0], [1.0, 0.0]), Array)
assert_type(vjp([1.0, 2.0], [1.0, 0.0], function="log-softmax"), Array)
