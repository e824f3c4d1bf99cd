"""How far confidence can be trusted: measures of calibration, and what a calibrated model would show.

`reliability` is the way in. `pairs` gathers confidences and outcomes, `isotonic` pools them into blocks
(CORP), `binned` and `smooth` hold the other measures, `reference` draws what a calibrated model gives. A new
measure is a function of outcomes in rows, and a line of `measures`; its reference then comes by itself.
"""
