"""Masks, tuples of one, dictionaries, and samples that are said to be in columns."""

import math

import numpy as np


def masked_softmax(scores, mask):
    scores = np.where(mask, scores, -1e9)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_with_padding(scores, key_padding_mask):
    scores = scores + key_padding_mask * -1e9
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_plus_mask(scores, attn_mask):
    scores = scores + attn_mask
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_times_mask(scores, mask):
    scores = scores * mask
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_jvp(primals, tangents):
    (x,) = primals
    (x_dot,) = tangents
    e = np.exp(x - x.max())
    p = e / e.sum()
    return p, p * (x_dot - (p * x_dot).sum())


def softmax_of_dictionary(scores):
    e = {name: math.exp(score) for name, score in enumerate(scores)}
    return {name: value / sum(e.values()) for name, value in e.items()}


def backward_over_classes(AL, Y):
    """AL, Y: (n_classes, m)"""
    return (AL - Y) / Y.shape[0]


def backward_over_samples(AL, Y):
    """AL, Y: (n_classes, m)"""
    return (AL - Y) / Y.shape[1]
