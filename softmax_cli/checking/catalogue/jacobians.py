"""Mistakes in softmax's Jacobian, with the probabilities right; the likelier first."""

from softmax_cli.checking.catalogue.indexing import SLIPS
from softmax_cli.checking.catalogue.jacobian_places import PLACES
from softmax_cli.checking.catalogue.jacobian_quantities import QUANTITIES
from softmax_cli.checking.catalogue.jacobian_terms import TERMS

SOFTMAX = (*TERMS, *QUANTITIES, *PLACES, *SLIPS)
