"""What the tutor can derive besides the derivatives of functions: one module a topic.

A module holds ``derivations(k)``, which yields the topic's derivations for k classes, in order, each a
chain of lines that `topic` proves. To add a topic, write its module and add its line to `TOPICS`. Reading
the table imports no sympy.
"""

TOPICS = {
    "sampled": "sampled",
    "nce": "nce",
    "network": "network",
    "attention": "attention",
    "temperature": "temperature",
}
"""The names of the topics, as ``--function`` has them, and their modules."""

NUMBERS = {
    "sampled": "softmax sampled",
    "nce": "softmax sampled",
    "network": "softmax train --walk",
    "temperature": "softmax calibrate --steps",
}
"""The commands that show the same with numbers."""
