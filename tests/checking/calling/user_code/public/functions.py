"""Functions as tutorials and answers on the web have them."""
import math

import numpy as np


def softmax(x):
    """Compute softmax values for each sets of scores in x."""
    e_x = np.exp(x - np.max(x))
    return e_x / e_x.sum()


def softmax_axis0(x):
    return np.exp(x) / np.sum(np.exp(x), axis=0)


def softmax_rows(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_global_max(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e, axis=1, keepdims=True)


def softmax_no_keepdims(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1)


def softmax_grad(s):
    s = s.reshape(-1, 1)
    return np.diagflat(s) - np.dot(s, s.T)


def softmax_grad_of_x(x):
    s = softmax(x).reshape(-1, 1)
    return np.diagflat(s) - np.dot(s, s.T)


def softmax_gradient_loops(x):
    s = softmax(x)
    jacobian = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        for j in range(len(x)):
            if i == j:
                jacobian[i][j] = s[i] * (1 - s[i])
            else:
                jacobian[i][j] = -s[i] * s[j]
    return jacobian


def softmax_gradient_loops_wrong(x):
    s = softmax(x)
    jacobian = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        for j in range(len(x)):
            if i == j:
                jacobian[i][j] = s[i] * (1 - s[i])
            else:
                jacobian[i][j] = s[i] * s[j]
    return jacobian


def softmax_entry(z, i, j):
    p = softmax(z)
    return p[i] * ((i == j) - p[j])


def entry_of_p(p, i, j):
    return p[i] * (1 - p[i]) if i == j else -p[i] * p[j]


def entry_wrong(z, i, j):
    p = softmax(z)
    return p[i] * (1 - p[i]) if i == j else -p[i] * p[i]


def softmax_list(xs):
    top = max(xs)
    exps = [math.exp(x - top) for x in xs]
    return [e / sum(exps) for e in exps]


def softmax_list_grad(xs):
    p = softmax_list(xs)
    n = len(p)
    return [[p[i] * ((1.0 if i == j else 0.0) - p[j]) for j in range(n)] for i in range(n)]


def cross_entropy_list_grad(logits, target):
    p = softmax_list(logits)
    return [p[i] - 1.0 if i == target else p[i] for i in range(len(p))]


def softmax_list_grad_wrong(xs):
    p = softmax_list(xs)
    n = len(p)
    return [[p[i] * (1 - p[j]) for j in range(n)] for i in range(n)]


def softmax_mode(x, derivative=False):
    p = np.exp(x - x.max()) / np.exp(x - x.max()).sum()
    if derivative:
        return np.diag(p) - np.outer(p, p)
    return p


def softmax_mode_wrong(x, deriv=False):
    if deriv:
        return x * (1 - x)
    e = np.exp(x - np.max(x))
    return e / e.sum()


def softmax_into(z, out):
    np.exp(z - z.max(), out=out)
    out /= out.sum()


def softmax_in_place(x):
    x -= x.max(axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=-1, keepdims=True)
    return x


def softmax_forward(x):
    p = softmax_rows(x)
    return p, (x, p)


def softmax_backward_cache(dout, cache):
    x, p = cache
    return p * (dout - np.sum(dout * p, axis=-1, keepdims=True))


def softmax_backward_jacobian(dA, Z):
    """dA: gradient of the cost, (m, n); Z: pre-activations (m, n)"""
    P = softmax_rows(Z)
    dZ = np.empty_like(Z)
    for m in range(len(Z)):
        J = np.diag(P[m]) - np.outer(P[m], P[m])
        dZ[m] = J @ dA[m]
    return dZ


def softmax_jvp(z, v):
    p = softmax_rows(z)
    return p * (v - (p * v).sum(axis=-1, keepdims=True))


def batch_jacobian(z):
    p = softmax_rows(z)
    return p[:, :, None] * (np.eye(p.shape[1])[None] - p[:, None, :])


def batch_jacobian_wrong(z):
    p = softmax_rows(z)
    return p[:, :, None] * (np.eye(p.shape[1])[None] + p[:, None, :])


def jacobian_temperature(z, temperature=1.0):
    p = softmax_rows(z / temperature)
    return (np.diag(p) - np.outer(p, p)) / temperature


def jacobian_temperature_forgotten(z, T=1.0):
    p = softmax_rows(z / T)
    return np.diag(p) - np.outer(p, p)


def jacobian_z_for_p(z):
    return np.diag(z) - np.outer(z, z)


def jacobian_single(z):
    p = softmax_rows(z.astype(np.float32))
    return np.diag(p) - np.outer(p, p)


def jacobian_matrix(z):
    p = np.asmatrix(softmax_rows(z)).T
    return np.asmatrix(np.diag(np.asarray(p).ravel())) - p * p.T


def jacobian_rounded(z):
    p = softmax_rows(z)
    return np.round(np.diag(p) - np.outer(p, p), 4)


def derivative_p(z):
    return softmax_rows(z)


def ten_classes(z):
    p = softmax_rows(z)
    J = np.zeros((10, 10))
    for i in range(10):
        for j in range(10):
            J[i, j] = p[i] * ((i == j) - p[j])
    return J


def three_classes_wrong(z):
    p = softmax_rows(z)
    return np.array([[p[i] * p[j] * (1 if i == j else -1) for j in range(3)] for i in range(3)])


def log_softmax(x):
    return x - x.max(axis=-1, keepdims=True) - np.log(
        np.exp(x - x.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True)
    )


def log_softmax_backward(grad, output):
    return grad - np.exp(output) * grad.sum(axis=-1, keepdims=True)


def log_softmax_grad(x):
    p = softmax_rows(x)
    return np.eye(len(x)) - p


def log_softmax_grad_wrong(x):
    p = softmax_rows(x)
    return np.diag(1 - p)


def sigmoid_derivative(x):
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)


def softmax_dx(x, g):
    """Backward pass. x is the softmax output from the forward pass, g the upstream gradient."""
    return x * (g - np.sum(g * x, axis=-1, keepdims=True))


async def coroutine_softmax(z):
    return softmax(z)


def generator_softmax(z):
    for p in softmax(z):
        yield p


def needs_weights(z, weights, biases_of_layer):
    return softmax(z @ weights)


def softmax_without_nan(z):
    e = np.exp(z)
    return np.nan_to_num(e / e.sum())


def jacobian_of_whole_numbers(z):
    p = softmax(z)
    J = np.zeros((len(z), len(z)), dtype=int)
    for i in range(len(z)):
        for j in range(len(z)):
            J[i, j] = p[i] * ((i == j) - p[j])
    return J
