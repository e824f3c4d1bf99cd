"""What is meant by a name, a letter, a default or a shape in the docstring."""

import numpy as np


def softmax(X, axis=None):
    y = np.atleast_2d(X)
    axis = 0 if axis is None else axis
    e = np.exp(y - y.max(axis=axis, keepdims=True))
    return (e / e.sum(axis=axis, keepdims=True)).reshape(np.shape(X))


class KeepsATape:
    def __init__(self):
        self.X = []

    def forward(self, X):
        self.X.append(X)
        return softmax(X, axis=1)

    def backward(self, dLdy):
        p = softmax(self.X[0], axis=1)
        return p * (dLdy - (dLdy * p).sum(axis=1, keepdims=True))


def next_character(ys, target):
    """ys: unnormalized log probabilities of the next character, (vocab, 1)"""
    ps = np.exp(ys) / np.sum(np.exp(ys))
    loss = -np.log(ps[target, 0])
    dy = np.copy(ps)
    dy[target] += 1
    return loss, dy


def softmax_backward(dy, y):
    s = np.einsum("bi,bj->b", dy, y)
    return y * (dy - s[:, None])


def weighted_gradient(logits, y, sample_weight):
    p = softmax(logits, axis=1)
    p[np.arange(len(y)), y] -= 1
    return p * sample_weight[:, None] / len(y)


def softmax_of_rows(X):
    out = np.zeros_like(X)
    for i, row in enumerate(np.atleast_2d(X)):
        out[i] = softmax(row, axis=-1)
        return out


def smoothed_over_all(logits, y_onehot, eps=0.1):
    p = softmax(logits, axis=-1)
    q = (1 - eps) * y_onehot + eps
    return p - q


def online_softmax(x):
    m, d = -np.inf, 0.0
    for v in x:
        m_new = max(m, v)
        d = d + np.exp(v - m_new)
        m = m_new
    return [np.exp(v - m) / d for v in x]


def all_rows_but_the_last(logits, labels):
    n = len(labels)
    p = softmax(logits, axis=1)
    for i in range(n - 1):
        p[i, labels[i]] -= 1
    return p / n
