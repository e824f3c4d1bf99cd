"""Numbers of an autograd: values and the gradients that backward leaves are both checked."""

import math


class Value:
    def __init__(self, data, parents=(), local=()):
        self.data, self.grad, self.parents, self.local = data, 0.0, parents, local

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, k):
        return Value(self.data**k, (self,), (k * self.data ** (k - 1),))

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    def log(self):
        return Value(math.log(self.data), (self,), (1.0 / self.data,))

    def backward(self, grad=1.0):
        self.grad += grad
        for parent, local in zip(self.parents, self.local):
            parent.backward(grad * local)


def softmax(logits):
    counts = [logit.exp() for logit in logits]
    return [count / sum(counts) for count in counts]


def softmax_of_detached_sum(logits):
    counts = [logit.exp() for logit in logits]
    total = sum(count.data for count in counts)
    return [count / total for count in counts]


def nll(logits, target):
    return softmax(logits)[target].log() * -1.0


def nll_without_minus(logits, target):
    return softmax(logits)[target].log()
