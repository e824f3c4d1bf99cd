"""From a wrong answer to its cause: matching against the catalogue, invariants, precision, artefacts.

Nothing here draws or reads: it takes answers and the truth, and returns a diagnosis.
"""
