"""What names, defaults, documentation and the user suggest: no code is run here.

`source` and `evidence` read the code, `roles` says what a name stands for, `readings` what an answer may be,
and `candidates` puts them together: every way of calling, the likeliest first. To add a name that a parameter
goes by, add it to its role in `roles`.
"""
