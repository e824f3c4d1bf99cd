"""Learning, the derivative of softmax put to work: softmax regression, one hidden layer, and their training.

numpy and `core` alone: a table of numbers goes in, steps and a model come out; nothing here reads a file or
draws. Softmax and its derivatives are the core's own.

The modules: `table`, rows with their classes; `datasets`, the tables that come with the program; `network`,
logits and their derivatives; `training`, steps downhill; `newton`, the convex case to the last digits;
`separation`, the proof that no best weights exist; `backward`, one row's way through the derivatives, link by
link; `model`, what is left when training is over.

To add an activation is one line in `network.ACTIVATIONS`; a data set, one in `datasets.DATASETS`.
"""
