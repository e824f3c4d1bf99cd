"""What the tutor can derive besides the derivatives of functions: one module a topic.

A module holds ``derivations(k)``, which yields the topic's derivations for k classes, in order, each a
chain of lines that `topic` proves. To add a topic, write its module and add its line to `TOPICS`. Reading
the table imports no sympy.
"""

TOPICS = {
    "sampled": "sampled",
    "nce": "nce",
}
"""The names of the topics, as ``--function`` has them, and their modules."""
