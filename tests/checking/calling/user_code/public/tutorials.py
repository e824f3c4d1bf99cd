"""Functions and classes of tutorials, blogs and courses."""
import numpy as np
import math

class SoftmaxCrossEntropyLoss:
    def __call__(self, logits, target):
        return self.forward(logits, target)
    def forward(self, logits, target):
        self.logits = logits
        self.target = target
        m = logits.max(axis=1, keepdims=True)
        self.p = np.exp(logits - m) / np.exp(logits - m).sum(axis=1, keepdims=True)
        n = logits.shape[0]
        return -np.log(self.p[np.arange(n), target]).mean()
    def backward(self):
        n = self.logits.shape[0]
        g = self.p.copy()
        g[np.arange(n), self.target] -= 1
        return g / n

class CELossOneHot:
    def forward(self, y_hat, y):
        self.y_hat, self.y = y_hat, y
        return -np.sum(y * np.log(y_hat))
    def backward(self):
        return self.y_hat - self.y

class Softmax_Layer:
    def __init__(self, n_in, n_out=None):
        self.n_in = n_in
    def forward(self, X):
        e = np.exp(X - np.max(X, axis=1, keepdims=True))
        self.A = e / np.sum(e, axis=1, keepdims=True)
        return self.A
    def backward(self, dA):
        N, K = dA.shape
        dX = np.zeros((N, K))
        for n in range(N):
            a = self.A[n].reshape(-1, 1)
            J = np.diagflat(a) - a.dot(a.T)
            dX[n] = J.dot(dA[n])
        return dX

class Act:
    def softmax(self, z):
        e = np.exp(z - np.max(z))
        return e / np.sum(e)
    def softmax_derivative(self, z):
        s = self.softmax(z)
        return np.diag(s) - np.outer(s, s)

class Network:
    def __init__(self, sizes):
        self.sizes = sizes
    @staticmethod
    def softmax(z):
        e = np.exp(z - np.max(z, axis=0))
        return e / np.sum(e, axis=0)
    def cost_derivative(self, output_activations, y):
        return output_activations - y
    def softmax_prime(self, z):
        return self.softmax(z) * (1 - self.softmax(z))

def dsoftmax(s):
    return np.diag(s) - np.outer(s, s)
def softmax_deriv(y):
    return y * (1 - y)
def softmax_derivative(x):
    return softmax(x) * (1 - softmax(x))
def softmax(x):
    return np.exp(x) / sum(np.exp(x))
def stable_softmax(X):
    exps = np.exp(X - np.max(X))
    return exps / np.sum(exps)
def cross_entropy(X, y):
    m = y.shape[0]
    p = row_softmax(X)
    log_likelihood = -np.log(p[range(m), y])
    return np.sum(log_likelihood) / m
def row_softmax(X):
    e = np.exp(X - np.max(X, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)
def delta_cross_entropy(X, y):
    """X is the output from fully connected layer (num_examples x num_classes); y is labels (num_examples x 1)"""
    m = y.shape[0]
    grad = row_softmax(X)
    grad[range(m), y] -= 1
    grad = grad / m
    return grad
def grad_softmax_crossentropy(logits, reference_answers):
    ones_for_answers = np.zeros_like(logits)
    ones_for_answers[np.arange(len(logits)), reference_answers] = 1
    softmax = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    return (- ones_for_answers + softmax) / logits.shape[0]
def jac_np(z):
    sm = np.exp(z) / np.exp(z).sum()
    return -np.outer(sm, sm) + np.diag(sm.flatten())
def softmax_jacobian_swap(z):
    p = np.exp(z) / np.exp(z).sum()
    return np.outer(p, p) - np.diag(p)
def backprop(dy, y):
    return dy * y * (1 - y)
def backprop_right(dy, y):
    s = (dy * y).sum(axis=dy.ndim - 1, keepdims=True)
    return (dy - s) * y
def softmax_bp(delta, a):
    return np.array([np.dot(delta[i], np.diag(a[i]) - np.outer(a[i], a[i])) for i in range(len(a))])
def log_softmax_vjp(g, ans, x):
    return g - np.exp(ans) * np.sum(g, axis=-1, keepdims=True)
def dL_dz(p, t):
    return p - t
def dldz_wrong(p, t):
    return t - p
def kl_grad(y, p):
    return p - y
def mse_softmax(z, y):
    p = stable_softmax(z)
    return (p - y) @ (np.diag(p) - np.outer(p, p))
def softmax_T(logits, T):
    z = logits / T
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
def J_T(logits, tau):
    p = softmax_T(logits, tau)
    return (np.diag(p) - np.outer(p, p)) / tau
def mean_wrong(logits, labels):
    p = row_softmax(logits)
    p[np.arange(len(labels)), labels] -= 1
    return p / p.size
def vec_axis(x):
    return np.exp(x - np.max(x, axis=0)) / np.sum(np.exp(x - np.max(x, axis=0)), axis=0)
def partial_derivative(z, i, j):
    p = stable_softmax(z)
    if i == j:
        return p[i] * (1 - p[i])
    return -p[j] * p[i]
def softmax_grad_single(softmax_output, i, j):
    return softmax_output[i] * (1.0 * (i == j) - softmax_output[j])
def softmax_forward(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True)); out = e / e.sum(axis=axis, keepdims=True)
    return out, out
def softmax_backward(grad_out, cache, axis=-1):
    return cache * (grad_out - (grad_out * cache).sum(axis=axis, keepdims=True))
def bad_batch_max(x):
    e = np.exp(x - x.max(axis=1))
    return e / e.sum(axis=1, keepdims=True)
def softmax_cols(x):
    return (np.exp(x).T / np.exp(x).sum(axis=1)).T
def softmax_loss_grad_mean_twice(x, y):
    p = row_softmax(x); n = len(y)
    p[range(n), y] -= 1
    return np.mean(p)
def forward_only(x):
    return [math.exp(v) / sum(math.exp(u) for u in x) for v in x]
def grad_unit(x):
    return np.ones_like(x)
def jacobian_of_batch(p):
    return np.einsum('ij,jk->ijk', p, np.eye(p.shape[-1])) - np.einsum('ij,ik->ijk', p, p)
def p_first(p, g):
    return p * g - p * np.sum(p * g, axis=-1, keepdims=True)
def vjp_missing_axis(p, g):
    return p * (g - np.sum(p * g))
