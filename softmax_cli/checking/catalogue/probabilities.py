"""Mistakes in the probabilities themselves; every derivative that is built on them inherits them.

Here `answer` gives the wrong probabilities of all rows and classes, (n, k).
"""

from softmax_cli.checking.catalogue.exponents import EXPONENTS
from softmax_cli.checking.catalogue.normalising import NORMALISING, TEMPERATURE
from softmax_cli.checking.catalogue.other_functions import OTHER_FUNCTIONS
from softmax_cli.checking.catalogue.probability_terms import (
    clipped_logits,
    rounded,
)

PROBABILITIES = (
    *TEMPERATURE,
    *NORMALISING,
    *EXPONENTS,
    *OTHER_FUNCTIONS,
    *(rounded(decimals) for decimals in (1, 2, 3, 4)),
    *(clipped_logits(most) for most in (2.0, 3.0)),
)
