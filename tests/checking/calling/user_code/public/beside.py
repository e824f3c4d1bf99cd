"""Right or wrong by what stands beside it: an earlier call, the loss, the forward, the batch."""

import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class KeepsTheFirst:
    def __init__(self):
        self.p = None

    def forward(self, z):
        out = softmax(z)
        if self.p is None:
            self.p = out
        return out

    def backward(self, g):
        return self.p * (g - (g * self.p).sum(axis=-1, keepdims=True))


class KeepsTheLogits:
    def forward(self, x):
        self.x = x
        return softmax(x)

    def backward(self, dy):
        y = self.x
        return y * (dy - (dy * y).sum(axis=-1, keepdims=True))


def softmax_forward(x):
    out = softmax(x)
    return out, (x, out)


def softmax_backward(dout, cache):
    out, x = cache
    return out * (dout - np.sum(dout * out, axis=1, keepdims=True))


def probs_forward(x):
    out = softmax(x)
    return out, (x, out)


def probs_backward(dout, cache):
    x, out = cache
    return out * (dout - np.sum(dout * out, axis=1, keepdims=True))


class MeanLoss:
    def forward(self, z, y):
        self.y, self.p = y, softmax(z)
        return -(y * np.log(self.p)).sum(axis=1).mean()

    def backward(self):
        return self.p - self.y


class SummedLoss:
    def forward(self, z, y):
        self.y, self.p = y, softmax(z)
        return -(y * np.log(self.p)).sum()

    def backward(self):
        return (self.p - self.y) / len(self.y)


def mean_loss_and_sum_of_gradients(logits, labels):
    n = len(labels)
    p = softmax(logits)
    loss = -np.log(p[np.arange(n), labels]).mean()
    p[np.arange(n), labels] -= 1
    return loss, p


def dot_over_batch_in_einsum(p, g):
    dot = np.einsum("bi,bi->", p, g)
    return p * (g - dot)


def naive_loop_without_target(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(len(X)):
        p = softmax(X[i] @ W)
        loss -= np.log(p[y[i]])
        for j in range(W.shape[1]):
            if j != y[i]:
                dW[:, j] += p[j] * X[i]
    return loss / len(X), dW / len(X)


class KeepsAllAndReturnsNothing:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = softmax(inputs)

    def backward(self, dvalues):
        self.dinputs = np.empty_like(dvalues)
        for i, (p, g) in enumerate(zip(self.output, dvalues)):
            self.dinputs[i] = np.dot(np.diagflat(p) - np.dot(p, p.T), g)


class DrawsItsWeights:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.p = softmax(x @ self.W + self.b)
        return self.p

    def backward(self, y):
        return (self.p - y) / len(y) @ self.W.T


class DividesTwice:
    def forward(self, inputs, y_true):
        self.output = softmax(inputs)
        return -np.log(self.output[np.arange(len(inputs)), y_true]).mean()

    def backward(self, dvalues, y_true):
        self.dinputs = dvalues.copy()
        self.dinputs[np.arange(len(dvalues)), y_true] -= 1
        self.dinputs = self.dinputs / len(dvalues)
        self.dinputs = self.dinputs / len(dvalues)


kept = {}


def kept_forward(x):
    kept["p"] = softmax(x)
    return kept["p"]


def kept_backward(dout):
    p = kept["p"]
    return p * (dout - (dout * p).sum(axis=-1, keepdims=True))


def lost_forward(x):
    kept["lost"] = softmax(x)
    return kept["lost"]


def lost_backward(dout):
    return dout * kept["lost"]
