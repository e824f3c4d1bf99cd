"""What is called in ways that few are: a pullback, a buffer, one number of classes, columns, counts."""

import math

import numpy as np

CLASSES = 7


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax_with_pullback(x):
    y = softmax(x)

    def pullback(ybar):
        return y * (ybar - np.sum(ybar * y, axis=-1, keepdims=True))

    return y, pullback


def softmax_and_wrong_pullback(x):
    y = softmax(x)
    return y, lambda g: g * y * (1 - y)


def wrong_softmax_and_pullback(x):
    y = softmax(x)
    return softmax(2 * x), lambda g: y * (g - np.sum(g * y, axis=-1, keepdims=True))


def softmax_rev(res, g):
    (y,) = res
    return y * (g - (g * y).sum(-1, keepdims=True))


def log_softmax_vjp(grad, log_y, axis):
    return grad - np.exp(log_y) * np.sum(grad, axis=axis, keepdims=True)


def of_seven_classes(scores):
    e = np.empty(CLASSES)
    for i in range(CLASSES):
        e[i] = math.exp(scores[i])
    return e / e.sum() + np.zeros(CLASSES)


def jacobian_of_twelve_classes(z):
    jac, p = np.zeros((12, 12)), softmax(z)
    for i in range(12):
        jac[i, i] = p[i] * (1 - p[i])
    return jac


def in_a_buffer(dinp, dout, out, N, C):
    """out: the softmax output"""
    for n in range(N):
        for i in range(C):
            dinp[n, i] = sum(dout[n, j] * out[n, j] * ((i == j) - out[n, i]) for j in range(C))


def delta_cross_entropy(Z, word_idx):
    """Z: softmax output (classes, m); word_idx (1, m)"""
    dz = np.array(Z)
    dz[word_idx, np.arange(word_idx.shape[1])] -= 1.0
    return dz


def softmax_derivative(Z2):
    s = softmax(Z2)
    return [sum(s[i] * ((i == j) - s[j]) for j in range(len(s))) for i in range(len(s))]


def sigmoid_derivative(x):
    return x * (1 - x)


def from_another_row(dY, Y):
    """(N, C) each; Y = softmax output"""
    return Y * (dY - (dY * Y).sum(axis=1)[0])


class ColumnLoss:
    def gradient(self, y, Z):
        p = np.exp(Z) / np.sum(np.exp(Z), axis=0, keepdims=True)
        return -y + p


class Layer:
    def forward(self, x):
        raise NotImplementedError


class Impl(Layer):
    def forward_impl(self, inputs):
        self.outputs = softmax(inputs)
        return self.outputs

    def backward_impl(self, grad_outputs):
        rows = np.diag(grad_outputs @ self.outputs.T)[:, None]
        return (grad_outputs - rows) * self.outputs


class SoftMax:
    def updateOutput(self, input):
        self.output = softmax(input)
        return self.output

    def updateGradInput(self, input, gradOutput):
        rows = np.sum(gradOutput * self.output, axis=1, keepdims=True)
        return self.output * (gradOutput - rows)


class Accumulates:
    total = 0.0

    def forward(self, x):
        self.p = softmax(x)
        return self.p

    def backward(self, g):
        Accumulates.total += 1.0
        return self.p * (g - (g * self.p).sum(-1, keepdims=True)) * Accumulates.total


def softmax_gradient(W, Xb, y):
    return Xb.T @ (softmax(Xb @ W) - np.eye(W.shape[1])[y]) / len(Xb)


def softmax_deriv(pre_outputs):
    total = sum(math.exp(x) for x in pre_outputs)
    return [(math.exp(x) * total - math.exp(x) ** 2) / total**2 for x in pre_outputs]


def softmax_der(A):
    """Has the mathematical form 1."""
    return 1


def softmax_without_exponential(x):
    shifted = x - np.max(x, axis=0)
    return shifted / np.sum(shifted, axis=0)


def softmax_over_another_row(x):
    """x (n, k)"""
    e = np.exp(x - np.max(x))
    return e / e.sum(axis=1)


def logsumexp_grad(z):
    return softmax(z)


def cross_entropy_derivative(Y, AL):
    # AL: predicted, Y: label, dim: samples, classes
    return np.where(AL != 0, -Y / AL, 0.0)


def keyed_backward(dy, cache):
    p = cache["p"]
    return p * (dy - np.sum(dy * p, axis=-1, keepdims=True))


def gradient_in_place(p, y):
    p[np.arange(len(y)), y] -= 1
    p /= len(y)


def smoothed_cross_entropy(logits, label):
    log_p = np.log(softmax(logits))
    return -0.9 * log_p[label] - 0.1 / len(log_p) * log_p.sum()
