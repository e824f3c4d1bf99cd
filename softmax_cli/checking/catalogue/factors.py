"""Factors that whole answers are wrong by, alone or on top of another mistake."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from softmax_cli.checking.inputs import Array, Inputs, Quantities


@dataclass(frozen=True, slots=True)
class Factor:
    """A number that everything is multiplied by.

    Parameters
    ----------
    name
        The number, as a formula.
    id, title, why, fix
        What it means when a right formula is wrong by it.
    value
        The number in each row, shape (n,).
    rare
        Whether it is told only where no other factor fits.
    """

    name: str
    id: str
    title: str
    why: str
    fix: str
    value: Callable[[Quantities], Array]
    rare: bool = False


def _t(power: int) -> Callable[[Quantities], Array]:
    return lambda q: np.asarray(q.t[:, 0] ** power)


def _number(number: float) -> Callable[[Quantities], Array]:
    return lambda q: np.full(len(q.t), number)


def _sum(power: int) -> Callable[[Quantities], Array]:
    return lambda q: np.asarray(q.s[:, 0] ** power)


def _shifted_sum(power: int) -> Callable[[Quantities], Array]:
    def value(q: Quantities) -> Array:
        x = q.all_z / q.all_t
        total = np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
        return np.asarray(q.restrict(total)[:, 0] ** power)

    return value


_CHAIN = "z / T is inside the exponential: the chain rule brings out 1 / T once."
_T_FIX = "divide by T once, after the formula in p"
_SUM = "A loss is averaged over rows; its gradient has the same 1 / n, and nothing else divides it."

FACTORS = (
    Factor(
        "-1",
        "sign-flipped",
        "every sign is turned",
        "It is the derivative of the negative.",
        "turn the sign",
        _number(-1.0),
    ),
    Factor(
        "T",
        "temperature-factor-missing",
        "T times too large: the factor 1/T is missing",
        _CHAIN,
        _T_FIX,
        _t(1),
    ),
    Factor(
        "1/T",
        "temperature-factor-twice",
        "T times too small: the factor 1/T is there twice",
        _CHAIN,
        _T_FIX,
        _t(-1),
    ),
    Factor(
        "T^2",
        "temperature-factor-multiplied",
        "T^2 times too large: multiplied by T in place of divided",
        _CHAIN,
        _T_FIX,
        _t(2),
    ),
    Factor(
        "1/T^2",
        "temperature-factor-thrice",
        "T^2 times too small: the factor 1/T is there three times",
        _CHAIN,
        _T_FIX,
        _t(-2),
    ),
    Factor(
        "2",
        "doubled",
        "everything is doubled",
        "A term is counted twice, or a square was differentiated.",
        "take off the factor 2",
        _number(2.0),
    ),
    Factor(
        "1/2",
        "halved",
        "everything is halved",
        "There is a 1/2 too many: softmax and its loss have none.",
        "take off the factor 1/2",
        _number(0.5),
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
        _SUM,
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
        "2/k",
        "mean-square-factor",
        "times 2/k: the factor of a mean of squares",
        "The mean squared error has 2/k; the cross-entropy has no such factor.",
        "take off the factor 2/k",
        lambda q: np.full(len(q.t), 2.0 / q.inputs.k),
        rare=True,
    ),
    Factor(
        "2/n",
        "mean-square-factor-rows",
        "times 2/n: the factor of a mean of squares",
        "The mean squared error has 2/n; the cross-entropy has no such factor.",
        "take off the factor 2/n",
        lambda q: np.full(len(q.t), 2.0 / q.inputs.n),
        rare=True,
    ),
    Factor(
        "S",
        "denominator-not-divided",
        "S times too large: one division by the sum is missing",
        "p = e / S: every exponential is divided by the sum.",
        "divide by e.sum()",
        _sum(1),
        rare=True,
    ),
    Factor(
        "1/S",
        "denominator-twice",
        "S times too small: divided by the sum once too often",
        "p has been divided by the sum already.",
        "divide by e.sum() once",
        _sum(-1),
        rare=True,
    ),
    Factor(
        "S",
        "denominator-not-divided",
        "S times too large, S being the sum after the shift: one division by it is missing",
        "p = e / S: every exponential is divided by the sum.",
        "divide by e.sum()",
        _shifted_sum(1),
    ),
    Factor(
        "1/S",
        "denominator-twice",
        "S times too small, S being the sum after the shift: divided by it once too often",
        "p has been divided by the sum already.",
        "divide by e.sum() once",
        _shifted_sum(-1),
    ),
    Factor(
        "S^2",
        "quotient-not-divided",
        "S^2 times too large: the quotient rule without its denominator",
        "(f/g)' = (f'g - f g') / g^2.",
        "divide by S^2",
        _shifted_sum(2),
    ),
    Factor(
        "S^2",
        "quotient-not-divided",
        "S^2 times too large: the quotient rule without its denominator",
        "(f/g)' = (f'g - f g') / g^2.",
        "divide by S^2",
        _sum(2),
        rare=True,
    ),
    Factor(
        "100",
        "percent",
        "100 times too large: in percent",
        "Probabilities lie in [0, 1].",
        "take off the factor 100",
        _number(100.0),
        rare=True,
    ),
    Factor(
        "ln 2",
        "natural-log-of-2",
        "times ln 2",
        "That is the factor between base 2 and base e.",
        "use base e throughout",
        _number(float(np.log(2.0))),
        rare=True,
    ),
    Factor(
        "1/ln 2",
        "log-base-2",
        "times 1/ln 2: logarithms to base 2",
        "Derivatives and log-probabilities are in natural logarithms.",
        "use np.log",
        _number(1.0 / float(np.log(2.0))),
        rare=True,
    ),
    Factor(
        "ln 10",
        "natural-log-of-10",
        "times ln 10",
        "That is the factor between base 10 and base e.",
        "use base e throughout",
        _number(float(np.log(10.0))),
        rare=True,
    ),
    Factor(
        "1/ln 10",
        "log-base-10",
        "times 1/ln 10: logarithms to base 10",
        "Derivatives and log-probabilities are in natural logarithms.",
        "use np.log",
        _number(1.0 / float(np.log(10.0))),
        rare=True,
    ),
    Factor(
        "-T",
        "sign-and-temperature",
        "-T times too large: the sign is turned and 1/T is missing",
        _CHAIN,
        "turn the sign and divide by T",
        lambda q: np.asarray(-q.t[:, 0]),
        rare=True,
    ),
    Factor(
        "-1/T",
        "sign-and-temperature-twice",
        "the sign is turned and the factor 1/T is there twice",
        _CHAIN,
        "turn the sign and divide by T once",
        lambda q: np.asarray(-1.0 / q.t[:, 0]),
        rare=True,
    ),
    Factor(
        "-2",
        "doubled-and-sign",
        "everything is doubled, with its sign turned",
        "Two factors too many.",
        "take off the factor -2",
        _number(-2.0),
        rare=True,
    ),
    Factor(
        "-1/2",
        "halved-and-sign",
        "everything is halved, with its sign turned",
        "Two factors too many.",
        "take off the factor -1/2",
        _number(-0.5),
        rare=True,
    ),
    Factor(
        "-1/n",
        "averaged-and-sign",
        "the sign is turned, and divided by the number of rows",
        _SUM,
        "turn the sign, do not divide",
        lambda q: np.full(len(q.t), -1.0 / q.inputs.n),
        rare=True,
    ),
    Factor(
        "-1/k",
        "averaged-over-classes-and-sign",
        "the sign is turned, and divided by the number of classes",
        _SUM,
        "turn the sign, do not divide",
        lambda q: np.full(len(q.t), -1.0 / q.inputs.k),
        rare=True,
    ),
    Factor(
        "3",
        "tripled",
        "everything is tripled",
        "A factor 3 too many.",
        "take off the factor 3",
        _number(3.0),
        rare=True,
    ),
    Factor(
        "4",
        "quadrupled",
        "everything is four times too large",
        "A factor 4 too many.",
        "take off the factor 4",
        _number(4.0),
        rare=True,
    ),
    Factor(
        "1/4",
        "quartered",
        "everything is four times too small",
        "A factor 1/4 too many.",
        "take off the factor 1/4",
        _number(0.25),
        rare=True,
    ),
    Factor(
        "10",
        "tenfold",
        "everything is ten times too large",
        "A factor 10 too many.",
        "take off the factor 10",
        _number(10.0),
        rare=True,
    ),
    Factor(
        "1/10",
        "a-tenth",
        "everything is ten times too small",
        "A factor 1/10 too many.",
        "take off the factor 1/10",
        _number(0.1),
        rare=True,
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


_BY_NAME = {factor.name: factor for factor in reversed(FACTORS)}
PAIRS = tuple(
    _both(_BY_NAME[first], _BY_NAME[second])
    for first in ("-1", "2", "1/2")
    for second in ("T", "1/T", "T^2", "1/T^2", "k", "1/k", "n", "1/n", "S", "1/S", "S^2")
    if f"-{second}" not in _BY_NAME or first != "-1"
)
"""Two slips at once: told where no single factor fits."""


def factors(inputs: Inputs) -> tuple[Factor, ...]:
    """Return the factors that mean something here: without a batch, n is no number to be wrong by."""
    return tuple(
        factor for factor in FACTORS + PAIRS if inputs.together or "n" not in factor.name.replace("ln", "")
    )
