"""What names, defaults, documentation and the user suggest: no code is run here.

To add a name that a parameter goes by, add it to its role in `roles`.
"""
