"""The loss of one draw, a label and its noise, and its gradient: what training code computes at a step.

Every sampled objective is a choice of a few numbers, and so is every known slip with one::

    a_y = z_y + label (log q_y + log m)      x_s = z_s + noise (log q_s + log m)

with `label` and `noise` -1 where the correction is right, 0 where it is left out, 1 where it is added.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.core.arrays import Float64
from softmax_cli.core.sigmoid import sigmoid
from softmax_cli.core.softmax import softmax


class Terms(NamedTuple):
    """What a loss of one draw is made of.

    Parameters
    ----------
    family
        ``logistic`` or ``softmax``.
    label, noise
        What log(m q) is multiplied by before it is added to the logit.
    counted
        Whether the m in log(m q) is there.
    drop
        Whether a negative that equals the label is removed.
    mean
        Whether the noise's terms are averaged over the m draws, not summed.
    label_is_data
        Whether 1 is subtracted at the label.
    """

    family: str = "logistic"
    label: float = -1.0
    noise: float = -1.0
    counted: bool = True
    drop: bool = False
    mean: bool = False
    label_is_data: bool = True


def gradient(terms: Terms, z: Float64, q: Float64, label: int, negatives: NDArray[np.intp]) -> Float64:
    """Return dL/dz of one draw, shape (k,).

    z and q are of all classes, shape (k,); `negatives` are the m noise classes that were drawn. Classes are
    counted from 0.

    Examples
    --------
    >>> gradient(Terms(), np.zeros(2), np.array([0.5, 0.5]), 0, np.array([1, 1])).round(4)
    array([-0.5,  1. ])
    """
    m = len(negatives)
    log_expected = np.log(m * q if terms.counted else q)
    kept = negatives[negatives != label] if terms.drop else negatives
    a = z[label] + terms.label * log_expected[label]
    x = z[kept] + terms.noise * log_expected[kept]
    if terms.family == "logistic":
        at_label, at_noise = float(sigmoid([a])[0]), np.asarray(sigmoid(x), np.float64) if len(x) else x
    else:
        weights = np.asarray(softmax(np.array([a, *x])), np.float64)
        at_label, at_noise = float(weights[0]), weights[1:]
    found = np.zeros_like(z)
    np.add.at(found, kept, at_noise / m if terms.mean else at_noise)
    found[label] += at_label - (1.0 if terms.label_is_data else 0.0)
    return found
