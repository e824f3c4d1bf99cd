"""How far probabilities can be trusted, for people: loss, reliability, calibration.

One module for each result, on layout alone; each says in words what its numbers mean.
"""
