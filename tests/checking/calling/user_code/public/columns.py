"""Samples in columns, and columns of one sample."""
import numpy as np


def softmax(Z):
    """
    Z -- output of the linear layer, of shape (n_classes, m)
    """
    e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    A = e / np.sum(e, axis=0, keepdims=True)
    return A, Z


def softmax_backward(dA, cache):
    """dA of shape (classes, examples); cache is Z, the logits"""
    Z = cache
    e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    A = e / np.sum(e, axis=0, keepdims=True)
    return A * (dA - np.sum(dA * A, axis=0, keepdims=True))


def output_delta(Z, Y):
    m = Y.shape[1]
    e = np.exp(Z - np.max(Z, axis=0))
    A = e / e.sum(axis=0)
    return (A - Y) / m


def column_softmax(z):
    """z is a column vector (k, 1)"""
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def column_jacobian(z):
    """z is a column vector (k, 1)"""
    a = column_softmax(z)
    return np.diagflat(a) - a @ a.T


def column_backward_wrong(z, g):
    """z, g: column vectors (k, 1)"""
    a = column_softmax(z)
    return (np.diagflat(a) + a @ a.T) @ g
