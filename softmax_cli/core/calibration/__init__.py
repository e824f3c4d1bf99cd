"""Fitting a temperature, and its relatives, to logits with labels: what makes confidence trustworthy.

`calibrate` is the way in. `cumulants` sums up what the loss near a temperature is made of (of some rows:
`rows_at`; of a block of logits: `distances`), `limits` what it tends to where no temperature is best,
`temperature` finds the root, `scaling` fits a scale and a bias for each class, `folds` scores a method on
rows it was not fitted to. A new method is a line of `calibrate.METHODS`, and what `calibrate.fit` calls
for it.
"""
