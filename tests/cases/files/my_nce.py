import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def grad(z, label, negatives, q):
    m = len(negatives)
    g = np.zeros_like(z)
    g[label] += sigmoid(z[label] - np.log(m * q[label])) - 1
    for s in negatives:
        g[s] += sigmoid(z[s] - np.log(m * q[s]))
    return g


def uncorrected(z, label, negatives, q):
    g = np.zeros_like(z)
    g[label] += sigmoid(z[label]) - 1
    for s in negatives:
        g[s] += sigmoid(z[s])
    return g


def swapped(q, negatives, logits, y, m):
    loss = 0.0
    g = np.zeros_like(logits)
    g[y] += sigmoid(logits[y] - np.log(q[y])) - 1
    np.add.at(g, negatives, sigmoid(logits[negatives] - np.log(q[negatives])))
    return loss, g
