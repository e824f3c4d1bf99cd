"""How far probabilities can be trusted, for people: loss, reliability, calibration.

One module a result, on layout alone; each says in words what its numbers mean to who has not met them.
"""
