"""``softmax practice``: the command, one line read or marked, and a session of exercises.

Exercises, marking and hints are in tutor; what is kept between days is in io.
"""
