"""``softmax train``: the command, and the run that its options ask for.

Models and data are in learning, pictures in render.
"""
