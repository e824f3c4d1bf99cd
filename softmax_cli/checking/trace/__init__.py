"""The user's function, run line by line: what each line holds, up to the first that leaves the path.

`wrong` is the way in. `recorder` runs and remembers, `quantities` says what a right computation may hold,
`recognise` names a value, `judge` reads what a line holds, `blame` finds the wrong one. Nothing here knows
a report, nor how a function is called.
"""
