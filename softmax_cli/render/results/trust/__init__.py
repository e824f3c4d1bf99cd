"""How far probabilities can be trusted, for people: loss, reliability, calibration. Stands on layout."""
