"""Somebody's softmax layer, with the mistakes that people make."""

import numpy as np


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def softmax_jacobian(z):
    p = softmax(z)
    return np.diag(p * (1 - p))


def right_jacobian(z):
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


def tempered_jacobian(z, temperature):
    return right_jacobian(z / temperature)


def backward(z, g):
    p = softmax(z)
    return p * g


def loss_gradient(z, target):
    p = softmax(z)
    p[target] -= 1
    return -p


def jacobian_vector(z):
    p = softmax(z)
    return p * p


def nothing(z):
    softmax(z)


def raises(z):
    return z[99]


def prints(z):
    print("working")
    return right_jacobian(z)


def as_lists(z):
    return right_jacobian(z).tolist()


def whole_numbers(z):
    return right_jacobian(z).astype(int)


def imaginary(z):
    return right_jacobian(z) * (1 + 1j)


def real_only(z):
    return np.array([float(x) for x in np.exp(z - z.max()) / np.exp(z - z.max()).sum()])


def in_place(z):
    z -= z.max()
    return right_jacobian(z)
