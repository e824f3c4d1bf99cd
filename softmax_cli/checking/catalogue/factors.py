"""Factors that whole answers are wrong by, alone or on top of another mistake."""

import numpy as np

from softmax_cli.checking.catalogue.factor import (
    CHAIN,
    SUM,
    Factor,
    constant,
    power_of_shifted_sum,
    power_of_t,
)
from softmax_cli.checking.catalogue.rare_factors import RARE
from softmax_cli.checking.inputs import Inputs

_T_FIX = "divide by T once, after the formula in p"

COMMON = (
    Factor(
        "-1",
        "sign-flipped",
        "every sign is turned",
        "It is the derivative of the negative.",
        "turn the sign",
        constant(-1.0),
    ),
    Factor(
        "T",
        "temperature-factor-missing",
        "T times too large: the factor 1/T is missing",
        CHAIN,
        _T_FIX,
        power_of_t(1),
    ),
    Factor(
        "1/T",
        "temperature-factor-twice",
        "T times too small: the factor 1/T is there twice",
        CHAIN,
        _T_FIX,
        power_of_t(-1),
    ),
    Factor(
        "T^2",
        "temperature-factor-multiplied",
        "T^2 times too large: multiplied by T in place of divided",
        CHAIN,
        _T_FIX,
        power_of_t(2),
    ),
    Factor(
        "1/T^2",
        "temperature-factor-thrice",
        "T^2 times too small: the factor 1/T is there three times",
        CHAIN,
        _T_FIX,
        power_of_t(-2),
    ),
    Factor(
        "2",
        "doubled",
        "everything is doubled",
        "A term is counted twice, or a square was differentiated.",
        "take off the factor 2",
        constant(2.0),
    ),
    Factor(
        "1/2",
        "halved",
        "everything is halved",
        "There is a 1/2 too many: softmax and its loss have none.",
        "take off the factor 1/2",
        constant(0.5),
    ),
    Factor(
        "1/n",
        "averaged-over-rows",
        "n times too small: divided by the number of rows",
        "Each row's own derivative is meant; the mean over the batch has a factor 1/n.",
        "do not divide by the number of rows (or do it in the loss alone)",
        lambda q: np.full(len(q.t), 1.0 / q.inputs.n),
    ),
    Factor(
        "1/n^2",
        "averaged-twice",
        "n^2 times too small: divided by the number of rows twice",
        SUM,
        "divide once, in the loss",
        lambda q: np.full(len(q.t), 1.0 / q.inputs.n**2),
    ),
    Factor(
        "n",
        "summed-over-rows",
        "n times too large: multiplied by the number of rows",
        "Each row's own derivative is meant.",
        "do not multiply by the number of rows",
        lambda q: np.full(len(q.t), float(q.inputs.n)),
    ),
    Factor(
        "1/k",
        "averaged-over-classes",
        "k times too small: divided by the number of classes",
        "A mean over classes (np.mean, or 1/len of a vector) is taken where none belongs.",
        "do not divide by the number of classes",
        lambda q: np.full(len(q.t), 1.0 / q.inputs.k),
    ),
    Factor(
        "k",
        "summed-over-classes",
        "k times too large: multiplied by the number of classes",
        "A sum is taken k times, or a mean replaces a sum in the denominator.",
        "do not multiply by the number of classes",
        lambda q: np.full(len(q.t), float(q.inputs.k)),
    ),
    Factor(
        "1/(n k)",
        "averaged-over-everything",
        "n k times too small: divided by the number of all entries",
        "np.mean over rows and classes divides by both.",
        "divide by nothing (or by n, in the loss)",
        lambda q: np.full(len(q.t), 1.0 / (q.inputs.n * q.inputs.k)),
    ),
    Factor(
        "S",
        "denominator-not-divided",
        "S times too large, S being the sum after the shift: one division by it is missing",
        "p = e / S: every exponential is divided by the sum.",
        "divide by e.sum()",
        power_of_shifted_sum(1),
    ),
    Factor(
        "1/S",
        "denominator-twice",
        "S times too small, S being the sum after the shift: divided by it once too often",
        "p has been divided by the sum already.",
        "divide by e.sum() once",
        power_of_shifted_sum(-1),
    ),
    Factor(
        "S^2",
        "quotient-not-divided",
        "S^2 times too large: the quotient rule without its denominator",
        "(f/g)' = (f'g - f g') / g^2.",
        "divide by S^2",
        power_of_shifted_sum(2),
    ),
)
"""Where several have the same value at an input, the first is told first."""


def _both(first: Factor, second: Factor) -> Factor:
    """Return the product of two factors."""
    name = f"-{second.name}" if first.name == "-1" else f"{first.name} ({second.name})"
    return Factor(
        name,
        f"{first.id}-and-{second.id}",
        f"{first.title}; and {second.title}",
        f"{first.why} {second.why}",
        f"{first.fix}; {second.fix}",
        lambda q: np.asarray(first.value(q) * second.value(q)),
        rare=True,
    )


_BY_NAME = {factor.name: factor for factor in (*COMMON, *RARE)}
PAIRS = tuple(
    _both(_BY_NAME[first], _BY_NAME[second])
    for first in ("-1", "2", "1/2")
    for second in ("T", "1/T", "T^2", "1/T^2", "k", "1/k", "n", "1/n", "S", "1/S", "S^2")
    if f"-{second}" not in _BY_NAME or first != "-1"
)
"""Two slips at once: told where no single factor fits."""


def factors(inputs: Inputs) -> tuple[Factor, ...]:
    """Return the factors that mean something here: without a batch, n is no number to be wrong by."""
    every = (*COMMON, *RARE, *PAIRS)
    return every if inputs.together else tuple(f for f in every if "n" not in f.name.replace("ln", ""))
