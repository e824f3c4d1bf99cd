"""Gradients of the cross-entropy, by many names."""
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def ce_grad(logits, labels):
    p = softmax(logits)
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


def ce_grad_onehot(logits, y_onehot):
    return softmax(logits) - y_onehot


def delta(a, y):
    """a: the output of the softmax layer; y: one-hot"""
    return a - y


def output_error(y_hat, y):
    return y_hat - y


def cost_derivative(output_activations, y):
    return output_activations - y


def cross_entropy_prime(y_true, y_pred):
    return y_pred - y_true


def grad_mean_p(Y_hat, Y):
    m = Y.shape[0]
    return (Y_hat - Y) / m


def nll_backward(log_probs, target):
    grad = np.exp(log_probs)
    grad[np.arange(len(target)), target] -= 1
    return grad


def categorical_crossentropy_derivative(y_true, y_pred):
    return -y_true / y_pred


def gradient_vector(z, t):
    p = softmax(z)
    p[t] -= 1.0
    return p


def gradient_loop(z, target):
    p = softmax(z)
    g = []
    for i in range(len(z)):
        g.append(p[i] - (1 if i == target else 0))
    return g


def gradient_target_two(z):
    p = softmax(z)
    p[2] -= 1
    return p


def gradient_labels_column(X, y):
    """y: labels of shape (n, 1)"""
    p = softmax(X)
    n = X.shape[0]
    onehot = np.zeros_like(p)
    onehot[np.arange(n), y[:, 0]] = 1
    return (p - onehot) / n


def loss_and_grad_vector(z, y):
    p = softmax(z)
    loss = -np.log(p[y])
    grad = p.copy()
    grad[y] -= 1
    return loss, grad


def loss_probs_grad(z, y):
    p = softmax(z)
    grad = p - y
    return -np.sum(y * np.log(p)), p, grad


def step(x, y):
    probs = softmax(x)
    return {"loss": -np.log(probs[y]), "grad": probs - np.eye(len(x))[y]}


def wrong_sign(logits, labels):
    p = softmax(logits)
    n = len(labels)
    return (np.eye(p.shape[1])[labels] - p) / n


def wrong_twice(logits, y_onehot):
    p = softmax(logits)
    return (p - y_onehot) * p * (1 - p)


def wrong_no_target(logits, labels):
    return softmax(logits)


def wrong_mean_over_classes(z, y_onehot):
    return (softmax(z) - y_onehot) / z.size


def wrong_axis(logits, labels):
    e = np.exp(logits - logits.max(axis=0, keepdims=True))
    p = e / e.sum(axis=0, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


def wrong_all_columns(logits, labels):
    p = softmax(logits)
    p[:, labels] -= 1
    return p / len(labels)


def wrong_z_minus_y(z, y):
    return z - y


def wrong_target_two(z):
    p = softmax(z)
    y = np.zeros(len(z))
    y[2] = 1
    return y - p
